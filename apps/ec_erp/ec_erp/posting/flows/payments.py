"""Payments: completing them from the documents they are for, checking, posting, for lists of payments.

Invariant: the documents that are paid are locked before what is open of them is read for posting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.accounting import store as accounting_store
from ec_erp.accounting.errors import AccountRefused
from ec_erp.accounting.rules.accounts import usable_problems
from ec_erp.accounting.types import Books
from ec_erp.documents.defaults import fill_company, fill_currency, fill_moment
from ec_erp.documents.errors import DocumentRefused, refuse
from ec_erp.documents.sets import SUBMITTED
from ec_erp.kernel.money import round_money
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.posting import store
from ec_erp.posting.flows.post import cancel, post, voucher_of
from ec_erp.posting.rules import payment as rules
from ec_erp.posting.rules.payment import Allocation, OpenDocument, Reference
from ec_erp.posting.types import Payment

BANK, FEES, PREPAID = "bank_account", "bank_charges_account", "prepaid_account"
_COUNTER = {"Customer": "receivable_account", "Carrier": "receivable_account", "Supplier": "payable_account"}


class PaymentRefused(DocumentRefused):
    """A payment is for more than is open, or for documents of somebody else."""


def prefetch(docs: Sequence[Any]) -> None:
    """Load the accounts that payments name."""
    accounts = {doc.get(field) for doc in docs for field in ("account", "counter_account")}
    accounting_store.load_accounts(filter(None, accounts))


def fill_payment(doc: Any) -> None:
    """Give a payment company, time, accounts, and amounts that follow from its documents."""
    company = fill_company(doc)
    fill_currency(doc, company)
    fill_moment(doc, "posting_datetime")
    books = accounting_store.load_books(doc.company)
    doc.account = doc.account or books.accounts.get(BANK)
    if doc.payment_type != rules.INTERNAL:
        doc.counter_account = doc.counter_account or books.accounts.get(_COUNTER.get(doc.party_type or "", ""))
    _fill_allocations(doc)
    if not doc.paid_amount and doc.references:
        doc.paid_amount = float(sum((decimal_of(row.allocated_amount) for row in doc.references), ZERO))
    doc.status = "Posted" if doc.docstatus == SUBMITTED else "Draft"


def check_payment(doc: Any) -> None:
    """Refuse a payment without amount, party or accounts, and one for more than it pays."""
    currency = doc.currency
    paid, fee = round_money(decimal_of(doc.paid_amount), currency), round_money(decimal_of(doc.fee_amount), currency)
    if not paid and doc.party:  # its amount would have come from its documents: they say why there is none
        _check_documents(doc)
    accounts = (doc.account or "", doc.counter_account or "")
    refuse(rules.amount_problems(doc.payment_type, paid, fee, doc.party, accounts), PaymentRefused)
    _check_accounts(doc)
    allocations = _allocations(doc)
    refuse(rules.total_problems(paid, allocations), PaymentRefused)
    allocated = sum((allocation.amount for allocation in allocations), ZERO)
    doc.paid_amount, doc.fee_amount = float(paid), float(fee)
    doc.total_allocated, doc.unallocated_amount = float(allocated), float(paid - allocated)
    _check_documents(doc)


def _check_documents(doc: Any) -> None:
    """Refuse what a draft can't pay of its documents; show what is open of them."""
    allocations = _allocations(doc)
    if doc.docstatus != 0 or not allocations:
        return
    documents = store.load_documents(_references([doc]))
    refuse(rules.allocation_problems(doc.payment_type, doc.party, doc.company, allocations, documents), PaymentRefused)
    _show_open(doc, documents)


def post_payments(docs: Sequence[Any]) -> None:
    """Post submitted payments. Raises ``PaymentRefused`` where a document is paid beyond its total meanwhile."""
    names = [doc.name for doc in docs]
    references = _references(docs)
    documents = dict(store.load_documents(references, names, lock=True)) if references else {}
    for doc in docs:
        allocations = _allocations(doc)
        refuse(
            rules.allocation_problems(doc.payment_type, doc.party, doc.company, allocations, documents), PaymentRefused
        )
        documents = _settled(documents, allocations, doc.payment_type)
    prepaid = _tell_made(docs)
    post([_payment(doc, prepaid.get(doc.name, ZERO)) for doc in docs])
    _announce(docs, documents)


def cancel_payments(docs: Sequence[Any]) -> None:
    """Post the reversal of cancelled payments."""
    for method in frappe.get_hooks("ec_erp_payments_undone"):
        frappe.get_attr(method)(docs)
    cancel(docs)
    for doc in docs:
        doc.status = "Cancelled"
    store.write_payments({doc.name: {"status": doc.status} for doc in docs})


def _tell_made(docs: Sequence[Any]) -> dict[str, Decimal]:
    """Tell those who asked (hook ``ec_erp_payments_made``) what was paid; return what of each payment was prepaid."""
    prepaid: dict[str, Decimal] = {}
    for method in frappe.get_hooks("ec_erp_payments_made"):
        for name, amount in frappe.get_attr(method)(docs).items():
            prepaid[name] = prepaid.get(name, ZERO) + amount
    return prepaid


def _fill_allocations(doc: Any) -> None:
    """Give rows without an amount what their documents still ask for, as far as the payment goes."""
    if doc.payment_type == rules.INTERNAL or all(decimal_of(row.allocated_amount) for row in doc.references):
        return
    documents = store.load_documents(_references([doc]))
    paid = decimal_of(doc.paid_amount)
    left = paid - sum((decimal_of(row.allocated_amount) for row in doc.references), ZERO)
    for row in doc.references:
        known = documents.get((row.reference_doctype, row.reference_name))
        if not decimal_of(row.allocated_amount) and known:
            amount = rules.proposed_amount(doc.payment_type, known, left if paid else None)
            row.allocated_amount = float(amount)
            left -= amount


def propose(reference: Reference, kind: str, rest: Decimal | None) -> dict[str, float]:
    """Return total, what is outstanding, and what a payment would give to a document; nothing where it is not payable."""
    document = store.load_documents([reference]).get(reference)
    if document is None or kind == rules.INTERNAL:
        return {}
    return _proposal(document, rules.proposed_amount(kind, document, rest))


def propose_all(
    kind: str, paid: Decimal, references: Sequence[Reference], typed: Sequence[Decimal | None]
) -> list[dict[str, float]]:
    """Return for each document what `propose` does, and ``open_amount``: what such a payment could give it at most.

    Documents share ``paid`` in their order beside what was ``typed`` for them; it is 0 where the payment has no amount yet.
    Empty for documents that such a payment does not pay.
    """
    known = store.load_documents(references)
    payable = [at for at in references if at in known and kind != rules.INTERNAL]
    wanted = dict(zip(references, typed, strict=True))
    documents = [known[at] for at in payable]
    amounts = rules.spread_amounts(kind, documents, [wanted[at] for at in payable], paid)
    found = {
        at: {**_proposal(document, amount), "open_amount": float(rules.proposed_amount(kind, document, None))}
        for at, document, amount in zip(payable, documents, amounts, strict=True)
    }
    return [found.get(at, {}) for at in references]


def open_documents(
    doctype: str, kind: str, filters: Mapping[str, Any], text: str, start: int, count: int
) -> list[tuple[str, Decimal]]:
    """Return documents that a payment can still be for, the newest first, and what it could give each at most."""
    if doctype not in rules.PAYABLE or kind == rules.INTERNAL:
        return []
    names = store.find_payable(doctype, filters, text)
    documents = store.load_documents([(doctype, name) for name in names])
    found = [(name, rules.proposed_amount(kind, documents[doctype, name], None)) for name in names]
    return [(name, amount) for name, amount in found if amount][start : start + count]


def _proposal(document: OpenDocument, amount: Decimal) -> dict[str, float]:
    return {
        "total_amount": float(document.total),
        "outstanding_amount": float(document.outstanding),
        "allocated_amount": float(amount),
    }


def _show_open(doc: Any, documents: Mapping[Reference, OpenDocument]) -> None:
    for row in doc.references:
        known = documents[(row.reference_doctype, row.reference_name)]
        row.total_amount, row.outstanding_amount = float(known.total), float(known.outstanding)


def _check_accounts(doc: Any) -> None:
    books = accounting_store.load_books(doc.company)
    wanted = [doc.account or books.account(BANK), doc.counter_account or books.account(_COUNTER[doc.party_type])]
    known = accounting_store.load_accounts(wanted)
    for name in wanted:
        account = known.get(name.casefold())
        if account is not None:
            refuse(usable_problems(account, books.company, books.currency), AccountRefused)


def _allocations(doc: Any) -> list[Allocation]:
    return [
        Allocation(
            row.idx,
            (row.reference_doctype, row.reference_name),
            round_money(decimal_of(row.allocated_amount), doc.currency),
        )
        for row in doc.references
    ]


def _references(docs: Sequence[Any]) -> list[Reference]:
    return [(row.reference_doctype, row.reference_name) for doc in docs for row in doc.references]


def _settled(
    documents: Mapping[Reference, OpenDocument], allocations: Sequence[Allocation], kind: str
) -> dict[Reference, OpenDocument]:
    """Return the documents after a payment of the same set."""
    after = dict(documents)
    for allocation in allocations:
        known = after[allocation.reference]
        after[allocation.reference] = OpenDocument(
            known.reference,
            known.party,
            known.company,
            known.submitted,
            known.total,
            known.settled + allocation.settles(kind),
            known.in_instalments,
            known.returned,
        )
    return after


def _payment(doc: Any, prepaid: Decimal) -> Payment:
    books: Books = accounting_store.load_books(doc.company)
    fee: Decimal = decimal_of(doc.fee_amount)
    return Payment(
        voucher=voucher_of(doc, party_type=doc.party_type, party=doc.party or None),
        sign=1 if doc.payment_type == rules.RECEIVE else -1,
        money_account=doc.account,
        counter_account=doc.counter_account,
        paid=decimal_of(doc.paid_amount),
        fee=fee,
        fee_account=books.account(FEES) if fee else "",
        prepaid=prepaid,
        prepaid_account=books.accounts.get(PREPAID) or doc.counter_account,
        remarks=doc.remarks or "",
    )


def _announce(docs: Sequence[Any], documents: Mapping[Reference, OpenDocument]) -> None:
    """Tell those who asked what of documents in instalments is settled now (hook ``ec_erp_documents_settled``), and which
    documents are paid in full (hook ``ec_erp_documents_paid``)."""
    settled = {at: known.settled for at, known in documents.items() if known.in_instalments}
    for method in frappe.get_hooks("ec_erp_documents_settled") if settled else []:
        frappe.get_attr(method)(settled)
    paid = sorted(at for at, known in documents.items() if known.outstanding <= 0)
    if paid:
        for method in frappe.get_hooks("ec_erp_documents_paid"):
            frappe.get_attr(method)(paid, docs[0].posting_datetime)
