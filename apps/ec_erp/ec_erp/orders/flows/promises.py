"""Promises to ship: how urgent an order is, and which orders are late or going to be.

Invariant: what is shown follows from the order and the clock alone; nothing of it is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import frappe

from ec_erp.kernel.times import moment_of
from ec_erp.orders import store
from ec_erp.orders.flows.context import order_settings
from ec_erp.orders.rules import blocks, machine, promise

_SHORT = ("Not Reserved", "Part Reserved")
_RANK = (promise.LATE, promise.AT_RISK, promise.TODAY, promise.IN_TIME)
MOST = 2000


def promise_of(order: Any, now: datetime) -> dict[str, Any] | None:
    """Return ``{ship_by, urgency, colour}`` of an order that is still to leave, None where nothing was promised."""
    if not order.ship_by or order.status not in machine.LIVE:
        return None
    until = moment_of(frappe.utils.get_datetime(order.ship_by))
    left = promise.handling_left(order.status, float(order_settings().get("handling_hours") or 0))
    stopped = bool(order.is_blocked) or order.stock_state in _SHORT
    word = promise.forecast(until, now, left, stopped=stopped)
    return {"ship_by": until, "urgency": word, "colour": promise.COLOURS[word]}


def promises(filters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return orders that are still to leave, the most urgent first; ``filters``: shop, warehouse, urgency.

    A row has order, customer, shop, warehouse, status, ship_by, hours_left, urgency, colour, held_by (its reasons).
    """
    now = moment_of(frappe.utils.now_datetime())
    heads = store.list_promised({field: filters[field] for field in ("shop", "warehouse") if filters.get(field)}, MOST)
    rows = [_row(head, found, now) for head in heads if (found := promise_of(head, now))]
    wanted = [row for row in rows if not filters.get("urgency") or row["urgency"] == filters["urgency"]]
    return sorted(wanted, key=lambda row: (_RANK.index(row["urgency"]), row["ship_by"], row["order"]))


def _row(head: Any, found: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    hours = (found["ship_by"] - now).total_seconds() / 3600
    codes = [code for code in (head.exceptions or "").split(", ") if code in blocks.CATALOGUE]
    kept = {field: head.get(field) for field in ("customer", "shop", "warehouse", "status")}
    return {**kept, **found, "order": head.name, "hours_left": round(hours, 1), "held_by": codes}
