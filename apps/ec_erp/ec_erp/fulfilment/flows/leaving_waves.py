"""Deliveries that leave their wave without being shipped: what is left to pick for the others, waves that nobody is in any more.

Invariants: a pick task asks for what was picked and for what the deliveries in its wave still want; a wave without deliveries has no
open task.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

import frappe

from ec_erp.documents import sentences
from ec_erp.fulfilment.rules import routing
from ec_erp.fulfilment.rules.baskets import BinPlace, WavePlace
from ec_erp.fulfilment.store import outbound as store
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, problem

Row = store.Row
IN_WAVE, TAKEN_OUT = "In Wave", "Taken Out"
CANCELLED, DONE = "Cancelled", "Done"
OPEN = ("To Pick", "Picking")
RECALLED = N_("Recalled: {0}")


def take_out(heads: Mapping[str, Row], kept: Collection[str], unpicked: Mapping[WavePlace, Decimal]) -> list[str]:
    """Take deliveries out of their waves; those that are not ``kept`` are about to be deleted. Returns the tasks that ask for less.

    What was not picked for them (``unpicked``) is not picked any more; a wave that is empty now is cancelled with its tasks.
    """
    rows = [row for row in store.load_wave_rows_of(_waved(heads)) if row["state"] == IN_WAVE]
    # A draft that is deleted must not be held back by the link.
    changes: dict[str, Row] = {
        row["name"]: {
            "state": TAKEN_OUT,
            **_told(row["delivery_note"]),
            "delivery_note": row["delivery_note"] if row["delivery_note"] in kept else None,
        }
        for row in rows
    }
    store.write_rows("Wave Order", changes)
    waves = store.load_wave_orders({row["parent"] for row in rows})
    shrunk = _shrink({wave: members for wave, members in waves.items() if _inside(members)}, unpicked)
    close(waves)
    return shrunk


def _told(note: str) -> Row:
    """Return why a row has left: in words, and as JSON for readers of other languages."""
    text, kept = sentences.write_note(problem(RECALLED, note))
    return {"note": text, "note_terms": kept}


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


def _shrink(waves: Mapping[str, Sequence[Row]], unpicked: Mapping[WavePlace, Decimal]) -> list[str]:
    """Have open tasks of waves no longer ask for what is not wanted any more; return those that ask for less now."""
    if not waves:
        return []
    members = {wave: _inside(rows) for wave, rows in waves.items()}
    lines = store.load_lines(row["delivery_note"] for group in members.values() for row in group)
    tasks = {row["name"]: row["wave"] for row in store.load_tasks_of(waves) if row["status"] in OPEN}
    changes: dict[str, Row] = {}
    gone: list[str] = []
    left = dict(unpicked)
    shrunk: set[str] = set()
    for task, stops in sorted(store.load_task_lines(tasks).items()):
        for stop, qty in _cut(stops, tasks[task], left):
            shrunk.add(task)
            if qty > 0:
                baskets = _baskets(members[tasks[task]], lines, _place(stop))
                changes[stop["name"]] = {"qty": float(qty), "baskets": routing.told(baskets)}
            else:
                gone.append(stop["name"])
    store.write_rows("Pick Task Item", changes)
    store.delete_stops(gone)
    _count(members, lines)
    return sorted(shrunk)


def _cut(stops: Iterable[Row], wave: str, left: dict[WavePlace, Decimal]) -> Iterator[tuple[Row, Decimal]]:
    """Give each stop that still asks for what is not wanted with what it is to ask for; ``left`` is used up."""
    for stop in stops:
        at = (wave, _place(stop))
        qty = decimal_of(stop["qty"])
        cut = min(left.get(at, ZERO), qty - decimal_of(stop["picked_qty"]) - decimal_of(stop["short_qty"]))
        if cut > 0:
            left[at] -= cut
            yield stop, qty - cut


def _place(row: Row) -> BinPlace:
    return row["sku"], row["bin"] or "", row["batch"] or ""


def _baskets(members: Iterable[Row], lines: Mapping[str, Sequence[Row]], at: BinPlace) -> list[tuple[int, Decimal]]:
    """Return the baskets of deliveries that want goods of a place, with how many each wants."""
    wanted: dict[int, Decimal] = {}
    for row in members:
        qty = sum((decimal_of(line["qty"]) for line in lines.get(row["delivery_note"], []) if _place(line) == at), ZERO)
        if qty:
            wanted[int(row["basket"])] = qty
    return sorted(wanted.items())


def _count(members: Mapping[str, Sequence[Row]], lines: Mapping[str, Sequence[Row]]) -> None:
    """Show on waves how many orders and units are in them now."""

    def units(rows: Iterable[Row]) -> Decimal:
        return sum((decimal_of(line["qty"]) for row in rows for line in lines.get(row["delivery_note"], [])), ZERO)

    store.write_rows(
        "Wave",
        {wave: {"order_count": len(rows), "total_qty": float(units(rows))} for wave, rows in members.items()},
    )
