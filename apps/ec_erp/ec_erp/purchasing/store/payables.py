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
    fields = ("status", "amount", "paid_amount", "purchase_order", "kind", "reference_name")
    return {name: row for name, row in lock_rows(_KIND, own, fields).items() if row["status"] != CANCELLED}


def write_requests(changes: Mapping[str, Row]) -> None:
    """Write fields of requests."""
    update_rows(_KIND, changes)


def write_settlement(changes: Mapping[str, Row]) -> None:
    """Write settlement and status of orders."""
    update_rows("Purchase Order", changes)
