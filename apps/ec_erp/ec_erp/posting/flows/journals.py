"""Journal entries: checking what a person typed, and posting it.

Invariant: what is posted is what was typed, rounded to the currency's minor unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ec_erp.accounting import store as accounting_store
from ec_erp.accounting.errors import AccountRefused, JournalUnbalanced
from ec_erp.accounting.types import Dimensions, Line
from ec_erp.documents.defaults import fill_company, fill_moment
from ec_erp.documents.errors import refuse
from ec_erp.kernel.money import round_money
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.posting.flows.post import post, voucher_of
from ec_erp.posting.rules.journal import TypedLine, balance_problems, journal_problems
from ec_erp.posting.types import Journal


def fill_journal(doc: Any) -> None:
    """Give a journal entry its company and event time."""
    company = fill_company(doc)
    fill_moment(doc, "posting_datetime")
    for line in doc.lines:
        line.company = company.name


def check_journal(doc: Any) -> None:
    """Refuse a journal entry that does not balance or names accounts it can't; add up its sides."""
    books = accounting_store.load_books(doc.company)
    lines = [_typed(row, books.currency) for row in doc.lines]
    accounts = accounting_store.load_accounts(line.account for line in lines)
    refuse(journal_problems(lines, accounts, books), AccountRefused)
    refuse(balance_problems(lines), JournalUnbalanced)
    doc.total_debit = float(sum((line.debit for line in lines), ZERO))
    doc.total_credit = float(sum((line.credit for line in lines), ZERO))


def post_journals(docs: Sequence[Any]) -> None:
    """Post submitted journal entries."""
    post([Journal(voucher_of(doc), tuple(_journal_line(doc, row) for row in doc.lines)) for doc in docs])


def _typed(row: Any, currency: str) -> TypedLine:
    return TypedLine(
        row=row.idx,
        account=row.account,
        debit=round_money(decimal_of(row.debit), currency),
        credit=round_money(decimal_of(row.credit), currency),
        party=row.party,
    )


def _journal_line(doc: Any, row: Any) -> Line:
    currency = accounting_store.load_books(doc.company).currency
    typed = _typed(row, currency)
    return Line(
        account=row.account,
        amount=typed.debit - typed.credit,
        dimensions=Dimensions(
            party_type=row.party_type or None,
            party=row.party or None,
            shop=row.shop or None,
            cost_center=row.cost_center or None,
        ),
        remarks=row.remarks or doc.remarks or "",
    )
