"""Which orders are meant: those due, waiting, quiet, mergeable, derived from others, of a list or of a platform.

Invariant: names are returned, not contents; whoever changes an order locks it and looks again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import frappe

from ec_erp.documents.memo import read_through
from ec_erp.documents.store import load_rows
from ec_erp.orders.rules import machine

Row = dict[str, Any]
_TO_LEAVE = [status for status in machine.LIVE if status != machine.UNPAID]


def platform_key(shop: str, platform_order_id: str) -> str:
    """Return the text that makes a shop's order id unique while the order lives."""
    return f"{shop}|{platform_order_id}"


def load_orders_by_platform_key(keys: Iterable[str]) -> dict[str, str]:
    """Return which order has each platform key, by case-folded key; asked once for the keys of a batch."""
    return read_through("Platform Key", keys, _load_by_platform_key)


def _load_by_platform_key(keys: list[str]) -> dict[str, str]:
    rows = load_rows("Sales Order", keys, ["name", "platform_key"], key="platform_key")
    return {row["platform_key"]: row["name"] for row in rows}


def load_due_orders(status: Iterable[str], field: str, now: datetime, limit: int) -> list[str]:
    """Return orders in a status whose time ``field`` has come, the longest waiting first; those without one wait for none."""
    filters: list[list[Any]] = [
        ["docstatus", "=", 1],
        ["status", "in", list(status)],
        [field, "is", "set"],
        [field, "<=", now],
    ]
    return [str(n) for n in frappe.get_all("Sales Order", filters, pluck="name", order_by=f"{field} asc", limit=limit)]


def load_preorders(release: str, limit: int) -> list[str]:
    """Return preorders whose presale goods are released in a given way and are not yet, the longest waiting first."""
    filters = {
        "docstatus": 1,
        "status": "Preorder",
        "presale_release": release,
        "presale_released": 0,
        "payment_state": "Paid",
    }
    return [
        str(name)
        for name in frappe.get_all("Sales Order", filters, pluck="name", order_by="order_datetime asc", limit=limit)
    ]


def load_quiet_orders(status: str, before: datetime, limit: int) -> list[str]:
    """Return orders in a status that nothing has changed since a moment, the longest quiet first."""
    filters = {"docstatus": 1, "status": status, "modified": ("<=", before)}
    return [
        str(name) for name in frappe.get_all("Sales Order", filters, pluck="name", order_by="modified asc", limit=limit)
    ]


def load_mergeable(keys: Iterable[str], statuses: Iterable[str]) -> list[str]:
    """Return orders that share one of the merge keys and may still be merged."""
    wanted = sorted({key for key in keys if key})
    if not wanted:
        return []
    filters = {"docstatus": 1, "merge_key": ("in", wanted), "status": ("in", list(statuses)), "sealed": 0}
    return [str(name) for name in frappe.get_all("Sales Order", filters, pluck="name", order_by="order_datetime asc")]


def load_children(field: str, parents: Iterable[str]) -> dict[str, list[str]]:
    """Return the submitted orders whose ``field`` (split_from, merged_into) names each parent."""
    groups: dict[str, list[str]] = {}
    for row in load_rows("Sales Order", parents, ["name", "docstatus", field], key=field):
        if row["docstatus"] == 1:
            groups.setdefault(row[field], []).append(row["name"])
    return {parent: sorted(names) for parent, names in groups.items()}


def load_restored(name: str) -> str | None:
    """Return the order that has come back for a cancelled one; where that was cancelled too, it is the one to bring back."""
    found = frappe.db.get_value("Sales Order", {"amended_from": name}, "name")
    return str(found) if found else None


def list_orders(filters: Any, limit: int) -> list[str]:
    """Return the orders that list filters find and the user may read."""
    return list(
        frappe.get_list("Sales Order", filters=filters, pluck="name", order_by="name asc", limit_page_length=limit)
    )


def list_promised(filters: Mapping[str, Any], limit: int) -> list[Any]:
    """Return orders with a promise that are still to leave and that the user may read, the earliest promise first."""
    fields = ["name", "customer", "shop", "warehouse", "status", "ship_by", "is_blocked", "exceptions", "stock_state"]
    open_ones = {"docstatus": 1, "status": ("in", _TO_LEAVE), "ship_by": ("is", "set"), **filters}
    return list(
        frappe.get_list(
            "Sales Order", filters=open_ones, fields=fields, order_by="ship_by asc", limit_page_length=limit
        )
    )


def load_recent_orders(since: datetime, shop: str | None, limit: int) -> list[str]:
    """Return submitted orders placed since a moment, the latest first."""
    filters: Row = {"docstatus": 1, "order_datetime": (">=", since), "order_type": "Sale"}
    if shop:
        filters["shop"] = shop
    return [
        str(name)
        for name in frappe.get_all("Sales Order", filters, pluck="name", order_by="order_datetime desc", limit=limit)
    ]
