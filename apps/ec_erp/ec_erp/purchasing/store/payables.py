"""What is to be paid to suppliers: Payment Request, by order and by receipt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe
from frappe.query_builder.functions import Sum

from ec_erp.documents.store import load_rows, lock_rows, update_rows
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.purchasing.types import Advance, OpenRequest

Row = dict[str, Any]
_KIND = "Payment Request"
CANCELLED = "Cancelled"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for an order: all, paid, and prepaid with what receipts used of the prepayment."""

    amount: Decimal = ZERO
    paid: Decimal = ZERO


def load_order_terms(orders: Iterable[str]) -> dict[str, Row]:
    """Return how orders are paid."""
    fields = ["name", "pay_type", "prepay_percent", "grand_total", "status", "settlement_state"]
    return {row["name"]: row for row in load_rows("Purchase Order", orders, fields)}


def load_asked(orders: Iterable[str]) -> dict[str, Asked]:
    """Return what has been asked for and paid per order, cancelled requests left out."""
    wanted = sorted({name for name in orders if name})
    if not wanted:
        return {}
    table = frappe.qb.DocType(_KIND)
    rows = (
        frappe.qb.from_(table)
        .select(table.purchase_order, Sum(table.amount).as_("amount"), Sum(table.paid_amount).as_("paid"))
        .where(table.purchase_order.isin(wanted))
        .where(table.status != CANCELLED)
        .groupby(table.purchase_order)
        .run(as_dict=True)
    )
    return {row["purchase_order"]: Asked(decimal_of(row["amount"]), decimal_of(row["paid"])) for row in rows}


def load_prepayments(orders: Iterable[str]) -> dict[str, tuple[str, Decimal]]:
    """Return the prepayment request of orders with its amount."""
    wanted = sorted({name for name in orders if name})
    if not wanted:
        return {}
    filters = {"purchase_order": ("in", wanted), "kind": "Prepayment", "status": ("!=", CANCELLED)}
    rows = frappe.get_all(_KIND, filters=filters, fields=["name", "purchase_order", "amount"])
    return {row.purchase_order: (row.name, decimal_of(row.amount)) for row in rows}


def load_received_totals(orders: Iterable[str]) -> dict[str, Decimal]:
    """Return what the posted receipts of orders came to, tax included."""
    wanted = sorted({name for name in orders if name})
    if not wanted:
        return {}
    table = frappe.qb.DocType("Purchase Receipt")
    rows = (
        frappe.qb.from_(table)
        .select(table.purchase_order, Sum(table.grand_total).as_("total"))
        .where(table.purchase_order.isin(wanted))
        .where(table.docstatus == 1)
        .groupby(table.purchase_order)
        .run(as_dict=True)
    )
    return {row["purchase_order"]: decimal_of(row["total"]) for row in rows}


def lock_requests_of(doctype: str, names: Iterable[str]) -> dict[str, Row]:
    """Lock the requests that belong to documents, cancelled ones left out."""
    found = load_rows(_KIND, names, ["name", "reference_doctype"], key="reference_name")
    own = [row["name"] for row in found if row["reference_doctype"] == doctype]
    fields = ("status", "amount", "paid_amount", "purchase_order", "kind", "reference_name", "supplier")
    return {name: row for name, row in lock_rows(_KIND, own, fields).items() if row["status"] != CANCELLED}


_OPEN_FIELDS = (
    "company",
    "supplier",
    "kind",
    "status",
    "amount",
    "paid_amount",
    "offset_amount",
    "purchase_order",
    "reference_doctype",
    "reference_name",
    "prepayment_of",
    "due_date",
)
_PREPAYMENT, _CREDIT = "Prepayment", "Return Credit"


def load_requests(names: Iterable[str]) -> dict[str, OpenRequest]:
    """Return payment requests by name."""
    return {row["name"]: _open_request(row) for row in load_rows(_KIND, names, ["name", *_OPEN_FIELDS])}


def load_requests_for(documents: Iterable[tuple[str, str]]) -> dict[str, OpenRequest]:
    """Return the requests that (DocType, name) pairs stand for: themselves, an order's, a receipt's.

    In the order in which they are paid: prepayments, then by due date. Cancelled ones are left out.
    """
    wanted = set(documents)
    fields = ["name", *_OPEN_FIELDS]
    rows: list[Row] = []
    for kind, key in ((_KIND, "name"), ("Purchase Order", "purchase_order"), ("Purchase Receipt", "reference_name")):
        rows += load_rows(_KIND, [name for doctype, name in wanted if doctype == kind], fields, key=key)
    live = {row["name"]: row for row in rows if row["status"] != CANCELLED}
    order = sorted(live.values(), key=lambda row: (row["kind"] != _PREPAYMENT, str(row["due_date"]), row["name"]))
    return {row["name"]: _open_request(row) for row in order}


def _open_request(row: Row) -> OpenRequest:
    return OpenRequest(
        name=row["name"],
        company=row["company"],
        supplier=row["supplier"],
        status=row["status"],
        amount=decimal_of(row["amount"]),
        paid=decimal_of(row["paid_amount"]),
        set_off=decimal_of(row["offset_amount"]),
        order=row["purchase_order"] or "",
        document=(row["reference_doctype"] or "", row["reference_name"] or ""),
        is_prepayment=row["kind"] == _PREPAYMENT or (row["kind"] == _CREDIT and bool(row["prepayment_of"])),
    )


def lock_requests(names: Iterable[str]) -> None:
    """Lock requests in the order of their names."""
    lock_rows(_KIND, names, ("status",))


def lock_prepayments(orders: Iterable[str]) -> list[OpenRequest]:
    """Lock the prepayments of orders, cancelled ones left out."""
    names = [name for name, _ in load_prepayments(orders).values()]
    return [_open_request(row) for row in lock_rows(_KIND, names, _OPEN_FIELDS).values()]


def load_booked_payments(requests: Iterable[str]) -> dict[str, Decimal]:
    """Return what payment entries have paid per request."""
    rows = load_rows("Payment Request Payment", requests, ["parent", "amount", "reference_doctype"], key="parent")
    booked: dict[str, Decimal] = {}
    for row in rows:
        if row["reference_doctype"] == "Payment Entry":
            booked[row["parent"]] = booked.get(row["parent"], ZERO) + decimal_of(row["amount"])
    return booked


def load_payment_rows(vouchers: Iterable[str]) -> list[Row]:
    """Return what payment entries count on which requests: parent (the request), reference_name, amount."""
    fields = ["parent", "reference_doctype", "reference_name", "amount"]
    rows = load_rows("Payment Request Payment", vouchers, fields, key="reference_name")
    return [row for row in rows if row["reference_doctype"] == "Payment Entry"]


def load_advances(orders: Iterable[str]) -> list[Advance]:
    """Return what payment entries paid for orders themselves and no request counts yet, oldest payment first."""
    direct = _load_paid("Purchase Order", orders)
    if not direct:
        return []
    vouchers = {voucher for voucher, _ in direct}
    counted = load_payment_rows(vouchers)
    requests = load_requests({row["parent"] for row in counted})
    meant = _load_paid(_KIND, requests)
    left = {at: amount for at, (amount, _) in direct.items()}
    for row in counted:
        at = (row["reference_name"], requests[row["parent"]].order)
        if at in left and (row["reference_name"], row["parent"]) not in meant:
            left[at] -= decimal_of(row["amount"])
    moments = {at: moment for at, (_, moment) in direct.items()}
    found = [Advance(order, voucher, left[voucher, order], moments[voucher, order]) for voucher, order in left]
    return sorted((one for one in found if one.amount > 0), key=lambda one: (one.moment, one.voucher))


def _load_paid(doctype: str, names: Iterable[str]) -> dict[tuple[str, str], tuple[Decimal, Any]]:
    """Return amount and moment of submitted payments by (payment, document they are for)."""
    wanted = sorted(set(names))
    if not wanted:
        return {}
    row, entry = frappe.qb.DocType("Payment Entry Reference"), frappe.qb.DocType("Payment Entry")
    query = (
        frappe.qb.from_(row)
        .join(entry)
        .on(entry.name == row.parent)
        .select(row.parent, row.reference_name, row.allocated_amount, entry.payment_type, entry.posting_datetime)
        .where(row.reference_doctype == doctype)
        .where(row.reference_name.isin(wanted))
        .where(entry.docstatus == 1)
    )
    return {
        (found["parent"], found["reference_name"]): (
            decimal_of(found["allocated_amount"]) * (1 if found["payment_type"] == "Pay" else -1),
            found["posting_datetime"],
        )
        for found in query.run(as_dict=True)
    }


def load_orders_of_receipts(receipts: Iterable[str]) -> dict[str, str]:
    """Return the purchase order of receipts."""
    return {
        row["name"]: row["purchase_order"]
        for row in load_rows("Purchase Receipt", receipts, ["name", "purchase_order"])
    }


def load_supplier_days(suppliers: Iterable[str]) -> dict[str, int]:
    """Return how many days after a delivery suppliers are paid."""
    rows = load_rows("Supplier", suppliers, ["name", "payment_terms_days"])
    return {row["name"]: int(row["payment_terms_days"] or 0) for row in rows}


def write_requests(changes: Mapping[str, Row]) -> None:
    """Write fields of requests."""
    update_rows(_KIND, changes)


def write_settlement(changes: Mapping[str, Row]) -> None:
    """Write settlement and status of orders."""
    update_rows("Purchase Order", changes)
