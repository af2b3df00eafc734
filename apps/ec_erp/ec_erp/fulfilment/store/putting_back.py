"""Tasks that put goods of recalled deliveries back: Put Back Task and its rows.

Invariant: a task is read for a decision only after it is locked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.store import load_rows, lock_rows, update_rows
from ec_erp.fulfilment.types import PutBackLine
from ec_erp.kernel.numbers import decimal_of

Row = dict[str, Any]
_TASK, _ITEM, _OPEN = "Put Back Task", "Put Back Task Item", "To Put Back"


def lock_task(name: str) -> Row | None:
    """Lock a task and return its head."""
    return lock_rows(_TASK, [name], ("name", "status", "delivery_note", "sales_order", "warehouse")).get(name)


def load_lines(task: str) -> list[PutBackLine]:
    """Return the rows of a task in their order."""
    fields = ["name", "idx", "sku", "sku_name", "qty", "bin", "batch", "done_qty", "missing_qty", "delivery_row"]
    rows = sorted(load_rows(_ITEM, [task], fields, key="parent"), key=lambda row: row["idx"])
    return [
        PutBackLine(
            line=row["name"],
            sku=row["sku"],
            sku_name=row["sku_name"] or row["sku"],
            qty=decimal_of(row["qty"]),
            bin=row["bin"] or "",
            batch=row["batch"] or "",
            done=decimal_of(row["done_qty"]),
            missing=decimal_of(row["missing_qty"]),
            delivery_row=row["delivery_row"] or "",
        )
        for row in rows
    ]


def write_done(quantities: Mapping[str, tuple[Decimal, str]]) -> None:
    """Write what was put back per row, and into which bin last."""
    update_rows(_ITEM, {line: {"done_qty": float(qty), "to_bin": at or None} for line, (qty, at) in quantities.items()})


def write_missing(quantities: Mapping[str, Decimal]) -> None:
    """Write what was not in the basket per row."""
    update_rows(_ITEM, {line: {"missing_qty": float(qty)} for line, qty in quantities.items()})


def close(task: str, user: str, moment: datetime) -> None:
    """Write that a task is done, by whom and when."""
    update_rows(_TASK, {task: {"status": "Done", "worker": user, "finished_at": moment}})


def load_open_of(notes: Iterable[str]) -> dict[str, str]:
    """Return the open task of recalled deliveries."""
    rows = load_rows(_TASK, notes, ["name", "delivery_note", "status"], key="delivery_note")
    return {row["delivery_note"]: row["name"] for row in rows if row["status"] == _OPEN}


def find_task(code: str) -> str | None:
    """Return the open task with a name, of a delivery, or of an order or its number on the platform."""
    if frappe.db.exists(_TASK, code):
        return code
    orders = [code, *frappe.get_all("Sales Order", filters={"platform_order_id": code}, pluck="name")]
    either = [["delivery_note", "=", code], ["sales_order", "in", orders]]
    rows = frappe.get_all(_TASK, filters={"status": _OPEN}, or_filters=either, pluck="name", order_by="creation asc")
    return str(rows[0]) if rows else None
