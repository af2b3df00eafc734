"""Picking: starting a task, taking goods stop by stop, and what happens where something is missing.

Invariant: a stop is never picked beyond its quantity; what is missing becomes a task of its own, never a silent new plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.errors import refuse
from ec_erp.fulfilment.errors import DeliveryRefused
from ec_erp.fulfilment.flows import outbound, shortages
from ec_erp.fulfilment.store import outbound as store
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.problems import N_, problem

Row = store.Row
_OPEN = ("To Pick", "Picking")


def start_task(name: str, user: str) -> list[Row]:
    """Give a task to a picker and return its stops. Raises ``DeliveryRefused`` where another one has it or it is done."""
    head = _lock(name)
    if head["picker"] and head["picker"] != user and head["status"] == "Picking":
        refuse([problem(N_("{0} is being picked by {1}"), name, head["picker"])], DeliveryRefused)
    if head["status"] == "To Pick" or head["picker"] != user:
        now = frappe.utils.now_datetime()
        values = {"status": "Picking", "picker": user, "started_at": head["started_at"] or now}
        store.write_rows("Pick Task", {name: values})
        _start_wave(head["wave"])
    return store.load_task_lines([name]).get(name, [])


def pick(name: str, line: str, qty: Decimal) -> list[Row]:
    """Take ``qty`` units at a stop; return the task's stops afterwards.

    Raises ``DeliveryRefused`` for more than the stop wants, and for stops of another task.
    """
    _lock(name)
    stops = store.load_task_lines([name]).get(name, [])
    stop = _stop(name, stops, line)
    left = decimal_of(stop["qty"]) - decimal_of(stop["picked_qty"]) - decimal_of(stop["short_qty"])
    if qty <= 0 or qty > left:
        refuse(
            [problem(N_("{0} of {1} are too many: {2} are to be picked here"), qty, stop["sku"], left)], DeliveryRefused
        )
    stop["picked_qty"] = float(decimal_of(stop["picked_qty"]) + qty)
    store.write_rows("Pick Task Item", {line: {"picked_qty": stop["picked_qty"]}})
    _finish(name, stops)
    return stops


def report_short(name: str, line: str) -> str | None:
    """Say that the rest of a stop is not there; return the task that fetches it elsewhere, None where it lies nowhere."""
    head = _lock(name)
    stops = store.load_task_lines([name]).get(name, [])
    stop = _stop(name, stops, line)
    missing = decimal_of(stop["qty"]) - decimal_of(stop["picked_qty"]) - decimal_of(stop["short_qty"])
    if missing <= 0:
        refuse([problem(N_("Nothing is missing at this stop"))], DeliveryRefused)
    stop["short_qty"] = float(decimal_of(stop["short_qty"]) + missing)
    store.write_rows("Pick Task Item", {line: {"short_qty": stop["short_qty"]}})
    task = shortages.fetch_elsewhere(name, head, stop, missing)
    _finish(name, stops)
    return task


def next_stop(stops: Sequence[Row]) -> Row | None:
    """Return the first stop that is not finished."""
    return next((stop for stop in stops if _left(stop) > 0), None)


def _left(stop: Row) -> Decimal:
    return decimal_of(stop["qty"]) - decimal_of(stop["picked_qty"]) - decimal_of(stop["short_qty"])


def _lock(name: str) -> Row:
    head = store.lock_tasks([name]).get(name)
    if head is None or head["status"] not in _OPEN:
        refuse([problem(N_("{0} is no pick task that is open"), name)], DeliveryRefused)
    assert head is not None
    return head


def _stop(name: str, stops: Sequence[Row], line: str) -> Row:
    found = next((stop for stop in stops if stop["name"] == line), None)
    if found is None:
        refuse([problem(N_("{0} has no such stop"), name)], DeliveryRefused)
    assert found is not None
    return found


def close_finished(tasks: Sequence[str]) -> None:
    """Close those of some tasks that have no open stop any more, because some of their goods are not wanted."""
    still_open = [name for name, head in store.lock_tasks(tasks).items() if head["status"] in _OPEN] if tasks else []
    stops = store.load_task_lines(still_open)
    for name in still_open:
        _finish(name, stops.get(name, []))


def _finish(name: str, stops: Sequence[Row]) -> None:
    """Close a task without open stops, and its wave with the last of its tasks; one without any stop was for nothing."""
    if any(_left(stop) > 0 for stop in stops):
        return
    head = store.lock_tasks([name])[name]
    values = {"status": "Picked" if stops else "Cancelled", "finished_at": frappe.utils.now_datetime()}
    store.write_rows("Pick Task", {name: values})
    if head["wave"] and not store.load_open_tasks(head["wave"]):
        _finish_wave(head["wave"])


def _start_wave(wave: str | None) -> None:
    if not wave or store.load_wave_status(wave) != "To Pick":
        return
    heads = _notes_of(wave, (outbound.TO_PICK,))
    store.write_rows("Wave", {wave: {"status": "Picking"}})
    store.write_notes({note: {"stage": outbound.PICKING} for note in heads})
    outbound.report(heads, "Picking")


def _finish_wave(wave: str) -> None:
    heads = _notes_of(wave, (outbound.TO_PICK, outbound.PICKING))
    store.write_rows("Wave", {wave: {"status": "Picked"}})
    store.write_notes({note: {"stage": outbound.PICKED, "picked": 1} for note in heads})
    outbound.report(heads, "Picking", picked=True)  # an order that was stopped when the wave began is to ship still


def _notes_of(wave: str, stages: Sequence[str]) -> dict[str, Row]:
    """Lock the deliveries of a wave that are in one of some stages and whose orders may go on."""
    rows = store.load_wave_orders([wave]).get(wave, [])
    heads = store.load_heads(row["delivery_note"] for row in rows if row["state"] == "In Wave" and row["delivery_note"])
    facts = store.load_order_facts({head["sales_order"] for head in heads.values()})
    free: Mapping[str, Any] = {
        name: head for name, head in heads.items() if not facts.get(head["sales_order"], {}).get("is_blocked", 1)
    }
    return {name: head for name, head in store.lock_notes(free).items() if head["stage"] in stages}
