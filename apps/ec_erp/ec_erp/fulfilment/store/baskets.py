"""What was picked at stops, what deliveries that are here hold of bins, and what put-back tasks took out of waves.

Invariant: everything is read by wave and place, for all waves at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

import frappe

from ec_erp.documents.store import load_rows
from ec_erp.fulfilment.rules.baskets import WavePlace
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.times import moment_of


def load_held(warehouse: str, skus: Iterable[str]) -> dict[WavePlace, Decimal]:
    """Return what deliveries in waves that have not left hold in bins, or of a warehouse without bins, by wave and place."""
    filters = {"warehouse": warehouse, "docstatus": 0, "wave": ("is", "set")}
    waves = {row.name: row.wave for row in frappe.get_all("Delivery Note", filters=filters, fields=["name", "wave"])}
    wanted = set(skus)
    fields = ["parent", "sku", "bin", "batch", "allocated_qty", "qty"]
    held: dict[WavePlace, Decimal] = {}
    for row in load_rows("Delivery Note Item", waves, fields, key="parent"):
        qty = decimal_of(
            row["allocated_qty"] if row["bin"] else row["qty"]
        )  # only what lies in a bin is allocated there
        if row["sku"] in wanted and qty:
            at = (waves[row["parent"]], (row["sku"], row["bin"] or "", row["batch"] or ""))
            held[at] = held.get(at, Decimal(0)) + qty
    return held


def load_picked(waves: Iterable[str]) -> list[tuple[WavePlace, Decimal, datetime]]:
    """Return what was picked at stops of waves and when last, by wave and place."""
    tasks = {row["name"]: row["wave"] for row in load_rows("Pick Task", waves, ["name", "wave"], key="wave")}
    fields = ["parent", "sku", "bin", "batch", "picked_qty", "modified"]
    return [
        (
            (tasks[row["parent"]], (row["sku"], row["bin"] or "", row["batch"] or "")),
            decimal_of(row["picked_qty"]),
            moment_of(frappe.utils.get_datetime(row["modified"])),
        )
        for row in load_rows("Pick Task Item", tasks, fields, key="parent")
        if row["picked_qty"]
    ]


def load_put_back(waves: Iterable[str]) -> dict[WavePlace, Decimal]:
    """Return what orders that were taken out of waves took along, done or not, by wave and place."""
    tasks = {row["name"]: row["wave"] for row in load_rows("Put Back Task", waves, ["name", "wave"], key="wave")}
    found: dict[WavePlace, Decimal] = {}
    for row in load_rows("Put Back Task Item", tasks, ["parent", "sku", "bin", "batch", "qty"], key="parent"):
        at = (tasks[row["parent"]], (row["sku"], row["bin"] or "", row["batch"] or ""))
        found[at] = found.get(at, Decimal(0)) + decimal_of(row["qty"])
    return found
