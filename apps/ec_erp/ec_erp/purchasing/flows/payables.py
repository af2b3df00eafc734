"""What is to be paid to suppliers: requests that follow from orders, receipts and returns.

Invariant: what is asked for an order's receipts adds up to their totals, with what was prepaid counted once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.defaults import fill_company
from ec_erp.documents.errors import refuse
from ec_erp.documents.lines import total_of
from ec_erp.documents.sets import insert_many
from ec_erp.kernel.numbers import ZERO, decimal_of, plain
from ec_erp.kernel.problems import N_, problem
from ec_erp.purchasing.errors import PurchaseRefused
from ec_erp.purchasing.flows import common
from ec_erp.purchasing.rules import paying, receiving
from ec_erp.purchasing.store import payables as store
from ec_erp.purchasing.types import OpenRequest

_KIND = "Payment Request"
_ORDER, _RECEIPT, _RETURN, _COST = "Purchase Order", "Purchase Receipt", "Purchase Return", "Landed Cost"


def fill_request(doc: Any) -> None:
    """Complete a request: company, currency, dates."""
    company = fill_company(doc)
    doc.currency = doc.currency or company.default_currency
    doc.request_date = doc.request_date or frappe.utils.nowdate()
    doc.due_date = doc.due_date or doc.request_date


def check_request(doc: Any) -> None:
    """Refuse a request for nothing and payments beyond it; add the payments up."""
    amount, paid = decimal_of(doc.amount), total_of(doc.payments, "amount")
    if amount == ZERO:
        refuse([problem(N_("Say how much is to be paid"))], PurchaseRefused)
    if abs(paid) > abs(amount) or paid * amount < 0:
        refuse([problem(N_("{0} is more than the {1} of this request"), paid, amount)], PurchaseRefused)
    _refuse_typed_payments(doc)
    doc.paid_amount, doc.outstanding = float(paid), float(amount - paid)
    if doc.status != store.CANCELLED:
        doc.status = paying.request_status(amount, paid)


def refuse_to_drop(doc: Any) -> None:
    """Refuse to delete a request of which something was paid or set off."""
    if doc.payments or decimal_of(doc.get("offset_amount")):
        refuse([problem(N_("{0} is paid in part and is kept: the books name it"), doc.name)], PurchaseRefused)


def _refuse_typed_payments(doc: Any) -> None:
    """Refuse payments that somebody types into the request: payment entries count themselves."""
    before = doc.get_doc_before_save()
    if doc.flags.payment_recorded or (before is None and not doc.payments):
        return
    if before is None or _payment_rows(before) != _payment_rows(doc):
        refuse([problem(N_("Payments are recorded by payment entries, not typed into the request"))], PurchaseRefused)


def _payment_rows(doc: Any) -> list[tuple[Decimal, str]]:
    return [(decimal_of(row.amount), row.reference_name or "") for row in doc.payments]


def ask_for_prepayments(orders: Sequence[Any]) -> None:
    """Ask for what approved orders say is paid before goods come."""
    prepaid = [order for order in orders if order.pay_type == paying.PREPAYMENT]
    requests = []
    for order in prepaid:
        amount = paying.prepayment(
            decimal_of(order.grand_total), decimal_of(order.get("prepay_percent")), order.currency
        )
        if amount > 0:
            why = f"{plain(decimal_of(order.grand_total))} × {plain(decimal_of(order.prepay_percent))} %"
            requests.append(_request("Prepayment", order, amount, common.day_of(None), order.name, why))
    _insert(requests)


def drop_prepayments(orders: Sequence[Any]) -> None:
    """Withdraw what cancelled orders asked for. Raises ``PurchaseRefused`` where it is paid already."""
    _withdraw(_ORDER, orders)


def ask_for_receipts(receipts: Sequence[Any]) -> None:
    """Ask for what posted receipts came to, less what was prepaid for their orders."""
    orders = {doc.purchase_order for doc in receipts if doc.purchase_order}
    terms, prepaid = store.load_order_terms(orders), store.load_prepayments(orders)
    left = _prepaid_left(receipts, prepaid)
    days = store.load_supplier_days({doc.supplier for doc in receipts})
    requests = []
    for doc in receipts:
        pay_type = terms[doc.purchase_order]["pay_type"] if doc.purchase_order in terms else paying.ON_ACCOUNT
        total = decimal_of(doc.grand_total)
        due = paying.due_for_receipt(total, left.get(doc.purchase_order, ZERO))
        left[doc.purchase_order] = left.get(doc.purchase_order, ZERO) - due.from_prepayment
        if due.amount > 0:
            day = paying.due_date(pay_type or "", common.day_of(doc.posting_datetime), days.get(doc.supplier, 0))
            why = plain(total) + (f" − {plain(due.from_prepayment)}" if due.from_prepayment else "")
            request = _request("Purchase", doc, due.amount, day, doc.purchase_order, why)
            request.prepayment_of = prepaid[doc.purchase_order][0] if due.from_prepayment else None
            requests.append(request)
    _insert(requests)


def reduce_prepayments(orders: Iterable[str]) -> None:
    """Ask no more for goods that will not come: prepayments shrink to what receipts used; what is paid beyond is asked back."""
    prepayments = store.lock_prepayments(orders)
    received = store.load_received_totals(one.order for one in prepayments)
    changes: dict[str, dict[str, Any]] = {}
    credits = []
    for one in prepayments:
        used = paying.used_by_receipts(one.amount, received.get(one.order, ZERO))
        kept, back = paying.after_stop(one.amount, one.paid, used)
        if kept != one.amount:
            status = paying.request_status(kept, one.paid) if kept else store.CANCELLED
            changes[one.name] = {"amount": float(kept), "outstanding": float(kept - one.paid), "status": status}
        if back:
            credits.append(_prepayment_back(one, back, f"{plain(used)} − {plain(kept)}"))
    store.write_requests(changes)
    _insert(credits)
    settle_orders({one.order for one in prepayments if one.name in changes})


def _prepayment_back(prepayment: OpenRequest, amount: Decimal, why: str) -> Any:
    order = frappe._dict(
        doctype=_ORDER, name=prepayment.order, supplier=prepayment.supplier, company=prepayment.company, currency=None
    )
    request = _request("Return Credit", order, -amount, common.day_of(None), prepayment.order, why)
    request.prepayment_of = prepayment.name
    return request


def withdraw_receipts(receipts: Sequence[Any]) -> None:
    """Withdraw what cancelled receipts asked for; what is paid already becomes a credit."""
    _withdraw(_RECEIPT, receipts, with_credit=True)


def credit_returns(returns: Sequence[Any]) -> None:
    """Ask suppliers for what goods that were sent back cost."""
    credited = [doc for doc in returns if decimal_of(doc.grand_total) > 0]
    orders = store.load_orders_of_receipts({doc.purchase_receipt for doc in credited})
    _insert(
        [
            _request(
                "Return Credit",
                doc,
                -decimal_of(doc.grand_total),
                common.day_of(doc.posting_datetime),
                orders.get(doc.purchase_receipt),
                f"−{plain(decimal_of(doc.grand_total))}",
            )
            for doc in credited
        ]
    )


def ask_for_costs(costs: Sequence[Any]) -> None:
    """Ask for what freight forwarders, customs and others are owed for getting goods here: one request each and kind."""
    days = store.load_supplier_days({row.supplier for doc in costs for row in doc.charges if row.supplier})
    requests = []
    for doc in costs:
        day = common.day_of(doc.posting_datetime)
        for (supplier, kind), amounts in _owed_by_supplier(doc).items():
            due = paying.due_date(paying.ON_ACCOUNT, day, days.get(supplier, 0))
            owed = frappe._dict(
                doctype=doc.doctype, name=doc.name, supplier=supplier, company=doc.company, currency=doc.currency
            )
            why = " + ".join(plain(amount) for amount in amounts)
            requests.append(_request(kind, owed, sum(amounts, ZERO), due, None, why))
    _insert(requests)


def _owed_by_supplier(doc: Any) -> dict[tuple[str, str], list[Decimal]]:
    """Return amounts with tax by supplier and kind of request; what an account has paid is not asked for."""
    owed: dict[tuple[str, str], list[Decimal]] = {}
    for row in doc.charges:
        if row.supplier and not row.account:
            kind = "Freight" if row.cost_type == "Freight" else "Other"
            amount = decimal_of(row.amount) + decimal_of(row.tax_amount)
            owed.setdefault((row.supplier, kind), []).append(amount)
    return owed


def withdraw_costs(costs: Sequence[Any]) -> None:
    """Withdraw what cancelled landed costs asked for; what is paid already becomes a credit."""
    _withdraw(_COST, costs, with_credit=True)


def withdraw_returns(returns: Sequence[Any]) -> None:
    """Withdraw the credits of cancelled returns."""
    _withdraw(_RETURN, returns, with_credit=True)


def tell_orders(requests: Iterable[Any], *, told_together: bool = True) -> None:
    """Show on orders how far they are settled; one that is received and paid is settled.

    Requests that are written together are told about together, by who writes them.
    """
    own = [doc for doc in requests if doc.purchase_order and not (told_together and doc.flags.told_together)]
    settle_orders({doc.purchase_order for doc in own})


def settle_orders(names: Iterable[str]) -> None:
    """Show on orders how far what was asked for them is paid; one that is received and paid is settled."""
    orders = store.load_order_terms(names)
    if not orders:
        return
    asked = store.load_asked(orders)
    changes: dict[str, dict[str, Any]] = {}
    for name, order in orders.items():
        sums = asked.get(name, store.Asked())
        state = paying.settlement_state(sums.amount, sums.paid)
        status = order["status"]
        if status in (receiving.RECEIVED, receiving.SETTLED):
            status = receiving.SETTLED if state == paying.PAID else receiving.RECEIVED
        if (state, status) != (order["settlement_state"], order["status"]):
            changes[name] = {"settlement_state": state, "status": status}
    store.write_settlement(changes)


def _prepaid_left(receipts: Sequence[Any], prepaid: Mapping[str, tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Return what is left of the orders' prepayments before these receipts."""
    totals = store.load_received_totals(prepaid)
    now: dict[str, Decimal] = {}
    for doc in receipts:
        now[doc.purchase_order] = now.get(doc.purchase_order, ZERO) + decimal_of(doc.grand_total)
    return {
        order: max(ZERO, amount - (totals.get(order, ZERO) - now.get(order, ZERO)))
        for order, (_, amount) in prepaid.items()
    }


def _withdraw(doctype: str, docs: Sequence[Any], *, with_credit: bool = False) -> None:
    requests = store.lock_requests_of(doctype, {doc.name for doc in docs})
    paid = {name: row for name, row in requests.items() if decimal_of(row["paid_amount"])}
    if paid and not with_credit:
        message = N_("{0} is paid already; record its repayment first")
        refuse([problem(message, name) for name in paid], PurchaseRefused)
    changes = {name: {"status": store.CANCELLED, "outstanding": 0.0} for name in requests if name not in paid}
    store.write_requests(changes)
    by_name = {doc.name: doc for doc in docs}
    credits = []
    for name, row in paid.items():
        amount, doc = -decimal_of(row["amount"]), by_name[row["reference_name"]]
        kind = "Return Credit" if amount < 0 else "Other"
        request = _request(kind, doc, amount, common.day_of(None), row["purchase_order"], plain(amount))
        request.supplier = row["supplier"]
        request.reference_doctype, request.reference_name = _KIND, name  # the document itself is cancelled
        credits.append(request)
    _insert(credits)
    settle_orders({row["purchase_order"] for row in requests.values() if row["purchase_order"]})


def _request(kind: str, doc: Any, amount: Decimal, day: Any, order: str | None, why: str) -> Any:
    request = frappe.get_doc(
        {
            "doctype": _KIND,
            "kind": kind,
            "supplier": doc.supplier,
            "company": doc.company,
            "currency": doc.currency,
            "amount": float(amount),
            "request_date": common.day_of(None),
            "due_date": day,
            "purchase_order": order,
            "reference_doctype": doc.doctype,
            "reference_name": doc.name,
            "explanation": why,
        }
    )
    # The right to submit the document that it follows from is the right that counts.
    request.flags.ignore_permissions = True
    request.flags.told_together = True
    return request


def _insert(requests: Sequence[Any]) -> None:
    if requests:
        insert_many(requests)
        tell_orders(requests, told_together=False)
