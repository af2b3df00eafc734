"""What a good Journal Entry is.

Invariant: typed entries never touch stock accounts, whose balance is the value of the stock ledger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ec_erp.accounting.rules.accounts import usable_problems
from ec_erp.accounting.types import AccountFacts, Books
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, Problem, problem

_STOCK = "Stock"
_WITH_PARTY = ("Receivable", "Payable")


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A line as typed: row number, account, debit and credit in the company's currency."""

    row: int
    account: str
    debit: Decimal
    credit: Decimal
    party: str | None = None


def journal_problems(lines: Sequence[TypedLine], accounts: Mapping[str, AccountFacts], books: Books) -> list[Problem]:
    """Return what is wrong with the lines, apart from their balance. ``accounts`` has case-folded keys."""
    if len(lines) < 2:
        return [problem(N_("A journal entry needs at least two lines"))]
    return [found for line in lines for found in _line_problems(line, accounts.get(line.account.casefold()), books)]


def balance_problems(lines: Sequence[TypedLine]) -> list[Problem]:
    """Return the difference of debits and credits as a problem."""
    debit = sum((line.debit for line in lines), ZERO)
    credit = sum((line.credit for line in lines), ZERO)
    if debit != credit:
        return [problem(N_("Debits are {0} and credits {1}: they must be equal"), debit, credit)]
    return []


def _line_problems(line: TypedLine, account: AccountFacts | None, books: Books) -> list[Problem]:
    if account is None:
        return [problem(N_("Row {0}: the account {1} does not exist"), line.row, line.account)]
    found = usable_problems(account, books.company, books.currency)
    if line.debit < 0 or line.credit < 0:
        found.append(problem(N_("Row {0}: an amount must not be negative; use the other side"), line.row))
    elif (line.debit > 0) == (line.credit > 0):
        found.append(problem(N_("Row {0}: give either a debit or a credit"), line.row))
    if account.account_type == _STOCK:
        found.append(problem(N_("Row {0}: {1} follows the stock ledger; use a stock entry"), line.row, account.name))
    if account.account_type in _WITH_PARTY and not line.party:
        found.append(problem(N_("Row {0}: {1} needs a party"), line.row, account.name))
    return found
