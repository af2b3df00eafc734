"""Posting documents to the stock ledger and the general ledger, and undoing it, for lists of documents.

Invariant: quantity, value and general ledger move together in the caller's transaction, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

import frappe

from ec_erp.accounting import flows as accounting
from ec_erp.accounting import store as accounting_store
from ec_erp.accounting.types import Books, Line, NoAccount, PostedLine, VoucherLines
from ec_erp.documents.errors import EventTooLate, SetupMissing, refuse, refuse_with
from ec_erp.inventory import flows as inventory
from ec_erp.inventory import store as inventory_store
from ec_erp.inventory.types import BalanceChange, Movement, PostedMove, ValuedMove, VoucherRef
from ec_erp.kernel.problems import N_, problem
from ec_erp.kernel.times import is_too_late, moment_of
from ec_erp.posting.rules.entries import PRICE_VARIANCE, STOCK, entries_for, reversing_move
from ec_erp.posting.rules.settle import settle
from ec_erp.posting.types import Document, Posting, Reversal, Voucher

Posted = TypeVar("Posted", PostedMove, PostedLine)


def post(documents: Sequence[Document], changes: Sequence[BalanceChange] = ()) -> list[tuple[ValuedMove, ...]]:
    """Post documents (values of posting.types) in order; return the valued movements of each.

    ``changes`` are changes of reserved and on-order quantities that go with them. Raises ``StockShortage`` for all
    that is missing, ``PeriodClosed``, ``EventTooLate``, or ``SetupMissing`` where a company names no account; nothing
    is written then.
    """
    postings = [_entries(document) for document in documents]
    refuse_late([posting.voucher.posting_datetime for posting in postings])
    accounting.refuse_closed_periods(
        (posting.voucher.books.company, posting.voucher.posting_datetime.date()) for posting in postings
    )
    valued = inventory.move_stock([_movement(posting) for posting in postings], changes)
    accounting.append([_voucher_lines(posting, moves) for posting, moves in zip(postings, valued, strict=True)])
    return valued


def cancel(docs: Sequence[Any], changes: Sequence[BalanceChange] = ()) -> None:
    """Post the reversal of cancelled documents (Frappe documents of one DocType).

    The event time is the document's ``cancel_datetime``, else now. Raises what ``post`` raises.
    """
    doctype = docs[0].doctype
    names = [doc.name for doc in docs]
    moves = _by_voucher(inventory_store.load_entries_of(doctype, names))
    lines = _by_voucher(accounting_store.load_lines_of(doctype, names))
    post([_reversal(doc, moves.get(doc.name, []), lines.get(doc.name, [])) for doc in docs], changes)


def voucher_of(doc: Any, *, party_type: str | None = None, party: str | None = None) -> Voucher:
    """Return the posting header of a document."""
    return Voucher(
        books=accounting_store.load_books(doc.company),
        voucher_type=doc.doctype,
        voucher_no=doc.name,
        posting_datetime=moment_of(frappe.utils.get_datetime(doc.posting_datetime)),
        shop=doc.get("shop") or None,
        party_type=party_type if party else None,
        party=party,
    )


def refuse_late(moments: Sequence[datetime]) -> None:
    """Raise ``EventTooLate`` for event times that lie in the future."""
    now = frappe.utils.now_datetime()
    message = N_("The event time {0} lies in the future")
    refuse([problem(message, moment) for moment in moments if is_too_late(moment, now)], EventTooLate)


def _entries(document: Document) -> Posting:
    try:
        return entries_for(document)
    except NoAccount as missing:
        label = frappe.get_meta("Company").get_label(missing.role)
        found = problem(N_("{0} names no account for {1}: set it in the company"), missing.company, frappe._(label))
        refuse_with([found], SetupMissing)


def _movement(posting: Posting) -> Movement:
    voucher = posting.voucher
    ref = VoucherRef(
        voucher.books.company,
        voucher.books.currency,
        voucher.voucher_type,
        voucher.voucher_no,
        voucher.posting_datetime,
        posting.is_reversal,
    )
    return Movement(ref, posting.moves)


def _voucher_lines(posting: Posting, moves: Sequence[ValuedMove]) -> VoucherLines:
    voucher = posting.voucher
    return VoucherLines(
        voucher.books,
        voucher.voucher_type,
        voucher.voucher_no,
        voucher.posting_datetime,
        tuple(settle(posting, moves)),
        posting.is_reversal,
    )


def _reversal(doc: Any, moves: Sequence[PostedMove], lines: Sequence[PostedLine]) -> Reversal:
    books = accounting_store.load_books(doc.company)
    event = frappe.utils.get_datetime(doc.get("cancel_datetime") or frappe.utils.now_datetime())
    voucher = Voucher(books, doc.doctype, doc.name, moment_of(event), shop=doc.get("shop") or None)
    return Reversal(
        voucher=voucher,
        moves=tuple(reversing_move(move) for move in moves),
        lines=tuple(
            Line(posted.line.account, -posted.line.amount, posted.line.dimensions, posted.line.remarks)
            for posted in lines
        ),
        stock_account=_account_or_empty(books, STOCK, needed=bool(moves)),
        variance_account=_account_or_empty(books, PRICE_VARIANCE, needed=bool(moves)),
    )


def _by_voucher(rows: Iterable[Posted]) -> dict[str, list[Posted]]:
    groups: dict[str, list[Posted]] = {}
    for row in rows:
        groups.setdefault(row.voucher_no, []).append(row)
    return groups


def _account_or_empty(books: Books, role: str, *, needed: bool) -> str:
    return books.account(role) if needed else ""
