"""Reasons that stop orders, as a list to work on.

Invariant: whoever is asked to look at a reason is written on it, and nothing else is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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


def find_stopped(
    code: str,
    source: str,
    statuses: Iterable[str],
    limit: int,
    *,
    orders: Iterable[str] = (),
    filters: Mapping[str, str] | None = None,
) -> list[str]:
    """Return orders in the given statuses that a source has stopped for a reason, the oldest first.

    ``orders``: only those of the same customers as these; ``filters``: only those whose head has these values.
    """
    block, order, other = (frappe.qb.DocType(name) for name in ("Order Block", "Sales Order", "Sales Order"))
    query = (
        frappe.qb.from_(block)
        .inner_join(order)
        .on(order.name == block.parent)
        .select(order.name)
        .where((block.code == code) & (block.source == source))
        .where((order.docstatus == 1) & order.status.isin(list(statuses)))
        .orderby(block.since)
        .limit(limit)
    )
    for field, value in (filters or {}).items():
        query = query.where(order[field] == value)
    named = sorted(orders)
    if named:
        customers = frappe.qb.from_(other).select(other.customer).where(other.name.isin(named))
        query = query.where(order.customer.isin(customers))
    return list(dict.fromkeys(str(row[0]) for row in query.run()))


def assign_blocks(orders: Iterable[str], code: str, user: str | None) -> int:
    """Write who looks at a reason of orders; return how many rows that were."""
    rows = [row for row in load_rows("Order Block", orders, ["name", "code"], key="parent") if row["code"] == code]
    update_rows("Order Block", {row["name"]: {"assigned_to": user} for row in rows}, touch=False)
    return len(rows)
