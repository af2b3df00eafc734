"""What channels ask of the database: documents that came in before, buyers, what may come back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import frappe

from ec_erp.channels.types import RETURN, SALE, OpenDelivery
from ec_erp.documents.store import load_rows
from ec_erp.inventory.store import balance_name
from ec_erp.inventory.types import StockKey
from ec_erp.kernel.numbers import decimal_of

Row = dict[str, Any]

# Where a document of each kind is found again: DocType, field of its reference, further conditions.
_HOMES: dict[str, tuple[str, str, Row]] = {
    SALE: ("Sales Order", "platform_order_id", {}),
    RETURN: ("Delivery Note", "reference_no", {"is_return": 1}),
    "write-off": ("Stock Entry", "reference_no", {"purpose": "Issue"}),
    "found": ("Stock Entry", "reference_no", {"purpose": "Receipt"}),
}


def load_known_references(shop: str, kind: str, references: Iterable[str]) -> set[str]:
    """Return which of the references the shop has documents for already, cancelled ones included."""
    wanted = sorted(set(references))
    if not wanted:
        return set()
    doctype, field, conditions = _HOMES[kind]
    filters = {"shop": shop, field: ("in", wanted), **conditions}
    return {str(value) for value in frappe.get_all(doctype, filters=filters, pluck=field)}


def load_existing(doctype: str, names: Iterable[str]) -> set[str]:
    """Return which names exist, case-folded."""
    return {str(row["name"]).casefold() for row in load_rows(doctype, names, ["name"])}


def load_available(skus: Iterable[str], warehouse: str) -> dict[str, Any]:
    """Return what is available of SKUs in a warehouse; SKUs without a balance are left out."""
    names = {balance_name(StockKey(sku, warehouse)) for sku in skus}
    return {row["sku"]: decimal_of(row["available"]) for row in load_rows("Stock Balance", names, ["sku", "available"])}


def load_open_deliveries(shop: str, customers: Iterable[str], skus: Iterable[str]) -> dict[str, list[OpenDelivery]]:
    """Return delivered lines that goods may come back for, by customer, latest delivery first."""
    note, item = frappe.qb.DocType("Delivery Note"), frappe.qb.DocType("Delivery Note Item")
    rows = (
        frappe.qb.from_(item)
        .inner_join(note)
        .on(note.name == item.parent)
        .select(note.customer, note.posting_datetime, item.name, item.sku, item.rate, item.qty, item.returned_qty)
        .where(note.shop == shop)
        .where(note.docstatus == 1)
        .where(note.is_return == 0)
        .where(note.customer.isin(sorted(set(customers))))
        .where(item.sku.isin(sorted(set(skus))))
        .run(as_dict=True)
    )
    rows.sort(key=lambda row: (row["posting_datetime"], row["name"]), reverse=True)
    return _by_customer(rows)


def _by_customer(rows: Sequence[Row]) -> dict[str, list[OpenDelivery]]:
    groups: dict[str, list[OpenDelivery]] = {}
    for row in rows:
        left = decimal_of(row["qty"]) - decimal_of(row["returned_qty"])
        if left > 0:
            delivered = OpenDelivery(row["name"], row["sku"], decimal_of(row["rate"]), left)
            groups.setdefault(row["customer"], []).append(delivered)
    return groups
