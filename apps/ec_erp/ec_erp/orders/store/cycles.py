"""Cycles of orders that are delivered in several turns.

Invariant: a turn is read for a decision only while its cycle is locked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import frappe

from ec_erp.documents.store import insert_rows, load_rows, lock_rows, update_rows

Row = dict[str, Any]
_CYCLE, _TURN = "Delivery Cycle", "Delivery Cycle Turn"
_FIELDS = ("sales_order", "status", "first_date", "every", "period", "times", "lead_days", "currency")
_TURN_FIELDS = ("name", "parent", "idx", "number", "share", "due_date", "state", "amount", "sales_order", "made_at")


def load_due_cycles(today: date, limit: int) -> list[str]:
    """Return the cycles of which a turn is to be made, the longest due first."""
    filters = [["status", "=", "Active"], ["make_on", "is", "set"], ["make_on", "<=", today]]
    return [
        str(n) for n in frappe.get_all(_CYCLE, filters, pluck="name", order_by="make_on asc, name asc", limit=limit)
    ]


def load_orders_of_cycles(names: Iterable[str]) -> dict[str, str]:
    """Return the order of each cycle, unlocked, to lock it first."""
    return {row["name"]: row["sales_order"] for row in load_rows(_CYCLE, names, ["name", "sales_order"])}


def lock_cycles(names: Iterable[str]) -> dict[str, Row]:
    """Lock cycles and return them with their ``turns`` in their order."""
    heads = lock_rows(_CYCLE, names, _FIELDS)
    turns: dict[str, list[Row]] = {}
    for row in _lock_turns(sorted(heads)) if heads else []:
        turns.setdefault(row["parent"], []).append(row)
    return {name: {**head, "turns": turns.get(name, [])} for name, head in heads.items()}


def _lock_turns(cycles: list[str]) -> list[Row]:
    """Read turns with a lock: what another run has just made is seen, whatever this transaction has read before."""
    turn = frappe.qb.DocType(_TURN)
    query = frappe.qb.from_(turn).select(*(turn[field] for field in _TURN_FIELDS)).where(turn.parent.isin(cycles))
    return list(query.orderby(turn.parent).orderby(turn.idx).for_update().run(as_dict=True))


def write_cycles(heads: Mapping[str, Row], turns: Mapping[str, Row], added: Iterable[Row]) -> None:
    """Write changed cycles and turns (all rows of a kind with the same fields), and turns that were added."""
    update_rows(_CYCLE, heads)
    update_rows(_TURN, turns, touch=False)
    rows = list(added)
    if rows:
        insert_rows(_TURN, [{**row, "parenttype": _CYCLE, "parentfield": "turns"} for row in rows])
