"""Payments of payment requests: counted down, taken back, and prepayments set off against what receipts owe.

Invariant: what a prepayment was set off for is what was paid of it by payment entries, as far as receipts have used it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.accounting import store as accounting_store
from ec_erp.accounting.types import Books, Dimensions, Line
from ec_erp.documents.errors import refuse
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, problem
from ec_erp.kernel.times import moment_of
from ec_erp.posting.flows.post import post
from ec_erp.posting.types import Journal, Voucher
from ec_erp.purchasing.errors import PurchaseRefused
from ec_erp.purchasing.flows import payables
from ec_erp.purchasing.rules import paying
from ec_erp.purchasing.store import payables as store
from ec_erp.purchasing.types import OpenRequest, PaidShare

_REQUEST, _ORDER, _PAYMENT = "Payment Request", "Purchase Order", "Payment Entry"
PAYABLE, PREPAID = "payable_account", "prepaid_account"


def payments_made(docs: Sequence[Any]) -> dict[str, Decimal]:
    """Count payment entries down on the requests that they are for; return what of each was prepaid.

    A payment of an order or a receipt counts down that document's requests, prepayments first, then by due date. Raises
    ``PurchaseRefused`` for more than is outstanding.
    """
    own = [doc for doc in docs if doc.party_type == "Supplier"]
    known = store.load_requests_for(
        (row.reference_doctype, row.reference_name) for doc in own for row in doc.references
    )
    shares = _shares(own, known)
    _record(shares)
    _set_off_for(known, {share.request: share.moment for share in shares})
    prepaid: dict[str, Decimal] = {}
    sign = {doc.name: 1 if doc.payment_type == "Pay" else -1 for doc in own}
    for share in shares:
        if known[share.request].is_prepayment:
            prepaid[share.voucher] = prepaid.get(share.voucher, ZERO) + sign[share.voucher] * share.amount
    return prepaid


def payments_undone(docs: Sequence[Any]) -> None:
    """Take cancelled payment entries off the requests; what was set off with them is owed again."""
    now = frappe.utils.now_datetime()
    moments = {doc.name: doc.get("cancel_datetime") or now for doc in docs if doc.party_type == "Supplier"}
    paid = store.load_payment_rows(moments)
    known = store.load_requests({row["parent"] for row in paid})
    for request in _locked(known):
        request.set("payments", [row for row in request.payments if row.reference_name not in moments])
        _save(request)
    _set_off_for(known, {row["parent"]: moments[row["reference_name"]] for row in paid})
    payables.settle_orders({request.order for request in known.values()})


def use_advances(orders: Iterable[str]) -> None:
    """Count what was paid for orders themselves down on what their receipts have asked for since."""
    advances = store.load_advances(orders)
    if not advances:
        return
    known = store.load_requests_for((_ORDER, advance.order) for advance in advances)
    shares: list[PaidShare] = []
    for advance in advances:
        own = [one for one in known.values() if one.order == advance.order and not one.is_prepayment]
        parts = paying.share(advance.amount, [(one.name, one.outstanding) for one in own])
        for name, amount in parts.items():
            known[name] = replace(known[name], paid=known[name].paid + amount)
            shares.append(PaidShare(name, advance.voucher, amount, moment_of(advance.moment)))
    _record(shares)


def record_payments(payments: Mapping[str, Decimal], voucher_type: str | None, voucher: str | None) -> dict[str, str]:
    """Count payments that were booked elsewhere down on their requests; return the requests' status.

    Raises ``PurchaseRefused`` for more than is outstanding, and for payment entries, which count themselves.
    """
    if voucher_type == _PAYMENT:
        refuse([problem(N_("A payment entry counts on its requests when it is submitted"))], PurchaseRefused)
    known = store.load_requests(payments)
    for request in _locked(known):
        _append(request, payments[request.name], frappe.utils.nowdate(), voucher_type, voucher)
        _save(request)
    payables.settle_orders({request.order for request in known.values()})
    return {name: request.status for name, request in store.load_requests(payments).items()}


def payments_for(names: Iterable[str]) -> list[Any]:
    """Return unsaved payments of what is outstanding of requests, one per company and supplier, credits set off.

    Raises ``PurchaseRefused`` for requests that are paid or cancelled, and where credits come to what is owed.
    """
    known = store.load_requests(names)
    done = [one.name for one in known.values() if one.outstanding == 0 or one.status == store.CANCELLED]
    refuse([problem(N_("Nothing is outstanding of {0}"), name) for name in done], PurchaseRefused)
    groups: dict[tuple[str, str], list[OpenRequest]] = {}
    for one in known.values():
        groups.setdefault((one.company, one.supplier), []).append(one)
    return [_payment_for(company, supplier, group) for (company, supplier), group in sorted(groups.items())]


def _payment_for(company: str, supplier: str, requests: Sequence[OpenRequest]) -> Any:
    total = sum((one.outstanding for one in requests), ZERO)
    if total == 0:
        message = N_("What {0} owes comes to what is owed: nothing is to be paid")
        refuse([problem(message, supplier)], PurchaseRefused)
    sign = 1 if total > 0 else -1
    rows = [
        {"reference_doctype": _REQUEST, "reference_name": one.name, "allocated_amount": float(sign * one.outstanding)}
        for one in requests
    ]
    head = {"payment_type": "Pay" if total > 0 else "Receive", "company": company, "paid_amount": float(abs(total))}
    payment = frappe.new_doc(_PAYMENT)  # with the defaults of the form: people look at it before it is saved
    payment.update({**head, "party_type": "Supplier", "party": supplier, "references": rows})
    return payment


def set_off(moments: Mapping[str, Any]) -> set[str]:
    """Set prepayments of orders off against what receipts owe (moment per order), or undo what is too much of it.

    The difference to what was set off so far is posted for the request: payable against prepaid. Returns the orders that have
    prepayments.
    """
    prepayments = store.lock_prepayments(moments)
    received = store.load_received_totals(one.order for one in prepayments)
    booked = store.load_booked_payments(one.name for one in prepayments)
    changes: dict[str, dict[str, Any]] = {}
    documents = []
    for one in prepayments:
        used = paying.used_by_receipts(one.amount, received.get(one.order, ZERO))
        wanted = paying.set_off(booked.get(one.name, ZERO), used)
        if wanted != one.set_off:
            changes[one.name] = {"offset_amount": float(wanted)}
            documents.append(_set_off_entry(one, wanted - one.set_off, moments[one.order]))
    if documents:
        post(documents)
        store.write_requests(changes)
    return {one.order for one in prepayments}


def _set_off_entry(request: OpenRequest, amount: Decimal, moment: Any) -> Journal:
    books = accounting_store.load_books(request.company)
    payable = books.account(PAYABLE)
    party = Dimensions(party_type="Supplier", party=request.supplier)
    lines = (Line(payable, amount, party), Line(books.accounts.get(PREPAID) or payable, -amount, party))
    return Journal(_voucher(books, request, moment), lines)


def _voucher(books: Books, request: OpenRequest, moment: Any) -> Voucher:
    at: datetime = moment_of(frappe.utils.get_datetime(moment))
    return Voucher(books, _REQUEST, request.name, at, party_type="Supplier", party=request.supplier)


def _shares(docs: Sequence[Any], known: Mapping[str, OpenRequest]) -> list[PaidShare]:
    """Return which request gets how much of which payment; the requests of a set are used up in turn."""
    state, shares = dict(known), []
    for doc in docs:
        sign, moment = (
            1 if doc.payment_type == "Pay" else -1,
            moment_of(frappe.utils.get_datetime(doc.posting_datetime)),
        )
        for row in doc.references:
            amount = sign * decimal_of(row.allocated_amount)
            if row.reference_doctype == _REQUEST:
                parts = {row.reference_name: amount}
            else:
                parts = _spread(amount, row, state)
            for name, part in parts.items():
                state[name] = replace(state[name], paid=state[name].paid + part)
                shares.append(PaidShare(name, doc.name, part, moment))
    return shares


def _spread(amount: Decimal, row: Any, known: Mapping[str, OpenRequest]) -> dict[str, Decimal]:
    """Spread what is paid for (or comes back from) an order or receipt over its requests."""
    at = (row.reference_doctype, row.reference_name)
    own = [one for one in known.values() if one.amount > 0 and at in ((_ORDER, one.order), one.document)]
    if amount >= 0:
        return paying.share(amount, [(one.name, one.outstanding) for one in own])
    back = paying.share(-amount, [(one.name, one.paid) for one in reversed(own)])
    return {name: -part for name, part in back.items()}


def _record(shares: Sequence[PaidShare]) -> None:
    by_request: dict[str, list[PaidShare]] = {}
    for share in shares:
        by_request.setdefault(share.request, []).append(share)
    known = store.load_requests(by_request)
    for request in _locked(known):
        for share in by_request[request.name]:
            _append(request, share.amount, share.moment.date(), _PAYMENT, share.voucher)
        _save(request)
    payables.settle_orders({request.order for request in known.values()})


def _set_off_for(known: Mapping[str, OpenRequest], moments: Mapping[str, Any]) -> None:
    orders = {known[name].order: moment for name, moment in moments.items() if known[name].is_prepayment}
    set_off({order: moment for order, moment in orders.items() if order})


def _locked(known: Mapping[str, OpenRequest]) -> list[Any]:
    store.lock_requests(known)
    return [frappe.get_doc(_REQUEST, name) for name in sorted(known)]


def _append(request: Any, amount: Decimal, day: Any, voucher_type: str | None, voucher: str | None) -> None:
    row = {"paid_on": day, "amount": float(amount), "reference_doctype": voucher_type, "reference_name": voucher}
    request.append("payments", row)


def _save(request: Any) -> None:
    # The right to submit the payment is the right that counts; the orders are told about together.
    request.flags.ignore_permissions = request.flags.told_together = request.flags.payment_recorded = True
    request.save()
