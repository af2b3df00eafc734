"""The history of orders.

Invariant: entries are only ever added.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe

from ec_erp.documents.store import insert_rows
from ec_erp.kernel.ids import row_ids

Row = dict[str, Any]
_LOG_FIELDS = ("sales_order", "kind", "code", "moment", "from_status", "to_status", "path", "note")


def append_log(rows: Sequence[Row]) -> None:
    """Add rows to the history of orders, in order; ``details`` may be anything that JSON can hold."""
    if not rows:
        return
    user = frappe.session.user
    names = row_ids(len(rows), frappe.utils.now_datetime(), frappe.generate_hash(length=5))
    insert_rows(
        "Order Log",
        [
            {
                "name": name,
                "user": user,
                **{field: row.get(field) for field in _LOG_FIELDS},
                "details": frappe.as_json(row["details"], indent=None) if row.get("details") else None,
            }
            for name, row in zip(names, rows, strict=True)
        ],
    )


def load_edited(orders: Sequence[str], code: str) -> set[str]:
    """Return which of the orders a person has edited in this kind."""
    wanted = {"sales_order": ("in", sorted(orders)), "kind": "Edit", "code": code}
    return set(frappe.get_all("Order Log", wanted, pluck="sales_order"))


def load_log(order: str, limit: int = 200) -> list[Row]:
    """Return the history of an order, the latest entry first."""
    fields = [*_LOG_FIELDS, "user", "details"]
    return list(frappe.get_all("Order Log", {"sales_order": order}, fields, order_by="name desc", limit=limit))
