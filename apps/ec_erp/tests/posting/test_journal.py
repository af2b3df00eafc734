"""A typed entry balances, has two lines, and leaves stock accounts alone."""

from decimal import Decimal

import pytest
from ec_erp.accounting.types import AccountFacts, Books
from ec_erp.posting.rules.journal import TypedLine, balance_problems, journal_problems

BOOKS = Books("Co", "CNY")


def account(name: str, account_type: str = "") -> AccountFacts:
    return AccountFacts(name, "Co", False, False, "Asset", account_type, "CNY")


ACCOUNTS = {
    "bank": account("Bank"),
    "rent": account("Rent"),
    "stock": account("Stock", "Stock"),
    "receivable": account("Receivable", "Receivable"),
}


def line(name: str, debit: str = "0", credit: str = "0", party: str | None = None) -> TypedLine:
    return TypedLine(1, name, Decimal(debit), Decimal(credit), party)


def test_a_good_entry() -> None:
    lines = [line("Rent", debit="5"), line("BANK", credit="5")]
    assert journal_problems(lines, ACCOUNTS, BOOKS) == []
    assert balance_problems(lines) == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (line("Nowhere", debit="5"), "does not exist"),
        (line("Rent"), "either a debit or a credit"),
        (line("Rent", debit="5", credit="5"), "either a debit or a credit"),
        (line("Rent", debit="-5"), "must not be negative"),
        (line("Stock", debit="5"), "follows the stock ledger"),
        (line("Receivable", debit="5"), "needs a party"),
    ],
)
def test_a_wrong_line_is_named(wrong: TypedLine, words: str) -> None:
    found = journal_problems([wrong, line("Bank", credit="5")], ACCOUNTS, BOOKS)
    assert [words in problem.message for problem in found] == [True]


def test_one_line_is_too_few() -> None:
    assert "two lines" in journal_problems([line("Rent", debit="5")], ACCOUNTS, BOOKS)[0].message


def test_a_party_makes_a_receivable_good() -> None:
    lines = [line("Receivable", debit="5", party="P"), line("Bank", credit="5")]
    assert journal_problems(lines, ACCOUNTS, BOOKS) == []


def test_sides_that_differ_are_shown() -> None:
    (found,) = balance_problems([line("Rent", debit="5"), line("Bank", credit="4.99")])
    assert found.values == (Decimal(5), Decimal("4.99"))
