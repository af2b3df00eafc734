"""Reasons that stop orders, as a list to work on.

Invariant: whoever is asked to look at a reason is written on it, and nothing else is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe

from ec_erp.documents.store import load_rows, update_rows

Row = dict[str, Any]


def load_open_blocks(statuses: Iterable[str], limit: int) -> list[Row]:
    """Return the reasons on orders in the given statuses, the oldest first."""
    block, order = frappe.qb.DocType("Order Block"), frappe.qb.DocType("Sales Order")
    rows = (
        frappe.qb.from_(block)
        .inner_join(order)
        .on(order.name == block.parent)
        .select(
            block.parent,
            block.code,
            block.since,
            block.note,
            block.details,
            block.assigned_to,
            order.customer,
            order.shop,
            order.status,
        )
        .where(order.docstatus == 1)
        .where(order.status.isin(list(statuses)))
        .orderby(block.since)
        .limit(limit)
        .run(as_dict=True)
    )
    return list(rows)


def assign_blocks(orders: Iterable[str], code: str, user: str | None) -> int:
    """Write who looks at a reason of orders; return how many rows that were."""
    rows = [row for row in load_rows("Order Block", orders, ["name", "code"], key="parent") if row["code"] == code]
    update_rows("Order Block", {row["name"]: {"assigned_to": user} for row in rows}, touch=False)
    return len(rows)
