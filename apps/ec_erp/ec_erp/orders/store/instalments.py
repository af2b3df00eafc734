"""Instalments of orders on account, and the payment terms that they follow from.

Invariant: instalments are changed only while their orders are locked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import frappe
from frappe.query_builder.functions import Max

from ec_erp.documents.store import insert_rows, load_rows, update_rows
from ec_erp.kernel.ids import row_ids
from ec_erp.kernel.numbers import decimal_of
from ec_erp.orders.rules.instalments import Instalment, TermsRow

Row = dict[str, Any]
_INSTALMENT = "Order Instalment"
_FIELDS = ("name", "sales_order", "number", "due_date", "amount", "paid_amount", "after_shipment_days")


def load_payment_terms(names: Iterable[str]) -> dict[str, list[TermsRow]]:
    """Return the rows of payment terms, in their order."""
    found: dict[str, list[TermsRow]] = {}
    fields = ("parent", "idx", "portion_percent", "due_days", "due_after")
    for row in sorted(load_rows("Payment Terms Row", names, fields, key="parent"), key=lambda row: row["idx"]):
        terms = TermsRow(decimal_of(row["portion_percent"]), int(row["due_days"] or 0), row["due_after"] or "Order")
        found.setdefault(row["parent"], []).append(terms)
    return found


def load_instalments(orders: Iterable[str]) -> dict[str, dict[str, Instalment]]:
    """Return the instalments of orders, by order and name, in the order of their numbers."""
    found: dict[str, dict[str, Instalment]] = {}
    rows = load_rows(_INSTALMENT, orders, _FIELDS, key="sales_order")
    for row in sorted(rows, key=lambda row: row["number"]):
        day = frappe.utils.getdate(row["due_date"]) if row["due_date"] else None
        amounts = decimal_of(row["amount"]), decimal_of(row["paid_amount"])
        one = Instalment(int(row["number"]), day, *amounts, int(row["after_shipment_days"] or 0))
        found.setdefault(row["sales_order"], {})[row["name"]] = one
    return found


def insert_instalments(rows: Sequence[Row]) -> None:
    """Add instalments to orders."""
    names = row_ids(len(rows), frappe.utils.now_datetime(), frappe.generate_hash(length=5)) if rows else []
    insert_rows(_INSTALMENT, [{"name": name, **row} for name, row in zip(names, rows, strict=True)])


def write_instalments(changes: Mapping[str, Row]) -> None:
    """Write changed instalments; all have the same fields."""
    update_rows(_INSTALMENT, changes)


def delete_instalments(orders: Iterable[str]) -> None:
    """Take the instalments of orders away."""
    names = sorted(set(orders))
    if names:
        frappe.db.delete(_INSTALMENT, {"sales_order": ("in", names)})


def load_awaiting_shipment(limit: int) -> list[str]:
    """Return orders that have left and of which instalments wait for the day of the shipment."""
    one, order = frappe.qb.DocType(_INSTALMENT), frappe.qb.DocType("Sales Order")
    rows = (
        frappe.qb.from_(one)
        .inner_join(order)
        .on(order.name == one.sales_order)
        .select(one.sales_order)
        .distinct()
        .where(one.due_date.isnull())
        .where(order.status.isin(["Shipped", "Done"]))
        .limit(limit)
        .run()
    )
    return sorted(str(row[0]) for row in rows)


def load_ship_days(orders: Sequence[str]) -> dict[str, date]:
    """Return the day of the last delivery of each order that has left."""
    note = frappe.qb.DocType("Delivery Note")
    rows = (
        frappe.qb.from_(note)
        .select(note.sales_order, Max(note.posting_datetime))
        .where(note.docstatus == 1)
        .where(note.is_return == 0)
        .where(note.sales_order.isin(sorted(orders)))
        .groupby(note.sales_order)
        .run()
    )
    return {str(order): day for order, moment in rows if (day := frappe.utils.getdate(moment))}


def list_unpaid(filters: Mapping[str, Any], limit: int) -> list[Any]:
    """Return instalments that are not paid and that the user may read, the oldest first."""
    fields = ["name", "sales_order", "number", "customer", "shop", "company", "currency", "due_date", "amount"]
    # A list, not a mapping: a day before which they are due must not displace that there is a day at all.
    given = [[field, *(value if isinstance(value, tuple) else ("=", value))] for field, value in filters.items()]
    wanted = [["status", "!=", "Paid"], ["due_date", "is", "set"], *given]
    return list(
        frappe.get_list(
            _INSTALMENT,
            filters=wanted,
            fields=[*fields, "paid_amount", "outstanding_amount"],
            order_by="due_date asc",
            limit_page_length=limit,
        )
    )
