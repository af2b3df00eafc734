"""Deliveries that leave their wave without being shipped: what is left to pick for the others, waves that nobody is in any more.

Invariants: a pick task that nobody has begun asks for what the deliveries in its wave want; a wave without deliveries has no open task.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

import frappe

from ec_erp.fulfilment.rules import routing
from ec_erp.fulfilment.store import outbound as store
from ec_erp.fulfilment.types import Pick, TaskLine, WantedGoods
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_

Row = store.Row
IN_WAVE, TAKEN_OUT = "In Wave", "Taken Out"
CANCELLED, DONE = "Cancelled", "Done"
OPEN = ("To Pick", "Picking")
RECALLED = N_("Recalled")


def load_picked_notes(heads: Mapping[str, Row]) -> set[str]:
    """Return those of some deliveries of whose wave something has been picked: theirs may be among it."""
    picked = store.load_waves_with_picks({head["wave"] for head in heads.values() if head["wave"]})
    return {name for name, head in heads.items() if head["wave"] in picked}


def take_out(heads: Mapping[str, Row], kept: Collection[str]) -> None:
    """Take deliveries out of their waves; those that are not ``kept`` are about to be deleted.

    What nobody has begun to pick for them is not picked; a wave that is empty now is cancelled with its tasks.
    """
    rows = [row for row in store.load_wave_rows_of(_waved(heads)) if row["state"] == IN_WAVE]
    note = frappe._(RECALLED)
    # A draft that is deleted must not be held back by the link.
    changes: dict[str, Row] = {
        row["name"]: {
            "state": TAKEN_OUT,
            "note": f"{note}: {row['delivery_note']}",
            "delivery_note": row["delivery_note"] if row["delivery_note"] in kept else None,
        }
        for row in rows
    }
    store.write_rows("Wave Order", changes)
    waves = store.load_wave_orders({row["parent"] for row in rows})
    _shrink({wave: members for wave, members in waves.items() if _inside(members)})
    close(waves)


def _waved(heads: Mapping[str, Row]) -> list[str]:
    return [name for name, head in heads.items() if head["wave"]]


def _inside(members: Iterable[Row]) -> list[Row]:
    return [row for row in members if row["state"] == IN_WAVE and row["delivery_note"]]


def close(waves: Mapping[str, Sequence[Row]]) -> None:
    """Close those of some waves, given with their rows, that nobody is in: done where something was shipped, else cancelled."""
    empty = {wave: rows for wave, rows in waves.items() if all(row["state"] != IN_WAVE for row in rows)}
    ends = {wave: DONE if any(row["state"] == "Shipped" for row in rows) else CANCELLED for wave, rows in empty.items()}
    store.write_rows("Wave", {wave: {"status": status} for wave, status in ends.items()})
    now = frappe.utils.now_datetime()
    open_tasks = [row["name"] for row in store.load_tasks_of(empty) if row["status"] in OPEN]
    store.write_rows("Pick Task", {name: {"status": CANCELLED, "finished_at": now} for name in open_tasks})


def _shrink(waves: Mapping[str, Sequence[Row]]) -> None:
    """Have tasks of waves of which nothing has been picked ask for what is still in the wave."""
    tasks = _untouched_tasks(waves)
    stops = store.load_task_lines(task["name"] for task in tasks.values())
    members = {wave: _inside(waves[wave]) for wave in tasks}
    lines = store.load_lines(row["delivery_note"] for group in members.values() for row in group)
    changes: dict[str, Row] = {}
    gone: list[str] = []
    for wave, task in tasks.items():
        wanted = {_place(stop.sku, stop.bin, stop.batch): stop for stop in _stops(members[wave], lines, task)}
        for row in stops.get(task["name"], []):
            left = wanted.get(_place(row["sku"], row["bin"], row["batch"]))
            if left is None:
                gone.append(row["name"])
            elif left.qty != decimal_of(row["qty"]):
                changes[row["name"]] = {"qty": float(left.qty), "baskets": routing.told(left.baskets)}
    store.write_rows("Pick Task Item", changes)
    store.delete_stops(gone)
    _count(members, lines)


def _untouched_tasks(waves: Collection[str]) -> dict[str, Row]:
    """Return the task of each wave of which nothing has been picked or found missing; none of waves with several."""
    groups: dict[str, list[Row]] = {}
    for row in store.load_tasks_of(set(waves) - store.load_waves_with_picks(waves)):
        groups.setdefault(row["wave"], []).append(row)
    return {wave: rows[0] for wave, rows in groups.items() if len(rows) == 1 and rows[0]["status"] in OPEN}


def _place(sku: str, bin_name: str | None, batch: str | None) -> tuple[str, str, str]:
    return sku, bin_name or "", batch or ""


def _stops(members: Iterable[Row], lines: Mapping[str, Sequence[Row]], task: Row) -> list[TaskLine]:
    """Return what is to be picked at each place for the deliveries of a task's wave."""
    picks = [
        Pick(
            WantedGoods(row["delivery_note"], line["name"], line["sku"], decimal_of(line["qty"]), int(row["basket"])),
            decimal_of(line["qty"]),
            line["bin"] or "",
            line["batch"] or "",
        )
        for row in members
        for line in lines.get(row["delivery_note"], [])
        if line["warehouse"] == task["warehouse"]
    ]
    groups: dict[tuple[str, str, str], list[Pick]] = {}
    for pick in picks:
        groups.setdefault(_place(pick.wanted.sku, pick.bin, pick.batch), []).append(pick)
    return [stop for group in groups.values() for stop in routing.route(group)]


def _count(members: Mapping[str, Sequence[Row]], lines: Mapping[str, Sequence[Row]]) -> None:
    """Show on waves how many orders and units are in them now."""

    def units(rows: Iterable[Row]) -> Decimal:
        return sum((decimal_of(line["qty"]) for row in rows for line in lines.get(row["delivery_note"], [])), ZERO)

    store.write_rows(
        "Wave",
        {wave: {"order_count": len(rows), "total_qty": float(units(rows))} for wave, rows in members.items()},
    )
