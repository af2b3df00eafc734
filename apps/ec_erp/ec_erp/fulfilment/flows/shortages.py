"""Goods that a picker does not find: fetched from other bins by a task of their own, and the bin is to be counted.

Invariants: rows of deliveries name the bin that their goods are really taken from; a bin that was found short is not picked from until
it is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.sets import insert_many
from ec_erp.fulfilment.flows import outbound
from ec_erp.fulfilment.flows.waves import bin_fields, split_rows, stop_rows
from ec_erp.fulfilment.rules import routing
from ec_erp.fulfilment.rules.shortages import DeliveryRow, take_from
from ec_erp.fulfilment.store import outbound as store
from ec_erp.fulfilment.types import Pick, WantedGoods
from ec_erp.inventory import store as inventory_store
from ec_erp.inventory.types import PlaceKey, StockKey
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_

Row = store.Row
SHORT, TO_PICK, CANCELLED = "Short", "To Pick", "Cancelled"
# Called with a warehouse, places as (SKU, bin, batch), and the pick task that found too little there.
BINS_SHORT = "ec_erp_bins_short"
PICKED_SHORT = N_("Picked Short")
_SUGGESTION = N_("Count the bin; then fetch the goods again, or recall the order")


def fetch_elsewhere(task: str, head: Row, stop: Row, missing: Decimal) -> str | None:
    """Make a task for what is missing at a stop from other bins and have the bin counted; return it, None where it lies nowhere.

    Rows of deliveries that were to be filled from the bin name the other ones from now on; what lies nowhere stands on a task of
    state Short without a bin.
    """
    if stop["bin"]:
        for method in frappe.get_hooks(BINS_SHORT) or []:
            frappe.get_attr(method)(head["warehouse"], [(stop["sku"], stop["bin"], stop["batch"] or "")], task)
    picks = _choose(head["warehouse"], stop, _rows_to_fill(head, stop, missing))
    _move_rows(head["warehouse"], stop, picks)
    return _make_task(task, head, stop, picks)


def fetch_again(name: str) -> str | None:
    """Look once more for what a short task did not find; return the task that fetches it, None where it lies nowhere still."""
    head = store.lock_tasks([name]).get(name)
    if head is None or head["status"] != SHORT:
        return None
    made = None
    for stop in store.load_task_lines([name]).get(name, []):
        picks = _choose(head["warehouse"], stop, _rows_to_fill(head, stop, decimal_of(stop["qty"])))
        if any(not pick.missing for pick in picks):
            _move_rows(head["warehouse"], stop, picks)
            made = _make_task(name, head, stop, picks)
    if made:
        store.write_rows("Pick Task", {name: {"status": CANCELLED}})
    return made


def _rows_to_fill(head: Row, stop: Row, missing: Decimal) -> list[WantedGoods]:
    """Return which rows of deliveries go without: those of the last baskets first; without a wave the goods alone."""
    orders = [row for row in store.load_wave_orders([head["wave"]]).get(head["wave"], []) if row["state"] == "In Wave"]
    baskets = {row["delivery_note"]: int(row["basket"] or 0) for row in orders if row["delivery_note"]}
    rows = [
        DeliveryRow(note, row["name"], baskets[note], decimal_of(row["qty"]))
        for note, group in store.load_lines(baskets).items()
        for row in group
        if _place(row) == _place(stop)
    ]
    taken, rest = take_from(rows, missing)
    wanted = [WantedGoods(row.note, row.line, stop["sku"], qty, row.basket) for row, qty in taken]
    return wanted + ([WantedGoods("", stop["name"], stop["sku"], rest)] if rest else [])


def _place(row: Row) -> tuple[str, str, str]:
    return row["sku"], row["bin"] or "", row["batch"] or ""


def _choose(warehouse: str, stop: Row, wanted: Sequence[WantedGoods]) -> list[Pick]:
    key = StockKey(stop["sku"], warehouse)
    inventory_store.lock_balances([key])
    places = inventory_store.lock_places([key]).get(key, {})
    doubtful = store.load_doubtful_bins(warehouse, [stop["sku"]])
    others = [
        place for at, place in places.items() if at.bin != (stop["bin"] or "") and (at.key.sku, at.bin) not in doubtful
    ]
    day = frappe.utils.now_datetime().date()
    return routing.choose_bins(wanted, {stop["sku"]: others}, day, has_bins=True)


def _move_rows(warehouse: str, stop: Row, picks: Sequence[Pick]) -> None:
    """Have rows of deliveries name the bins that their goods come from now, and move what is allocated with them."""
    own = [pick for pick in picks if pick.wanted.note]
    moved: dict[PlaceKey, Decimal] = {}
    for pick in own:
        if stop["bin"]:
            _add(moved, warehouse, stop, -pick.qty)
        if not pick.missing:
            _add(moved, warehouse, {"sku": stop["sku"], "bin": pick.bin, "batch": pick.batch}, pick.qty)
    outbound.allocate_bins(moved)
    by_note: dict[str, dict[str, list[Pick]]] = {}
    for pick in own:
        by_note.setdefault(pick.wanted.note, {}).setdefault(pick.wanted.line, []).append(pick)
    for note, lines in sorted(by_note.items()):
        _refill(note, lines, stop)


def _add(moved: dict[PlaceKey, Decimal], warehouse: str, place: Row, qty: Decimal) -> None:
    at = outbound.place_of({**place, "warehouse": warehouse})
    moved[at] = moved.get(at, ZERO) + qty


def _refill(note: str, lines: Mapping[str, Sequence[Pick]], stop: Row) -> None:
    doc = frappe.get_doc("Delivery Note", note)
    split_rows(
        doc, {row.name: _parts(decimal_of(row.qty), lines[row.name], stop) for row in doc.items if row.name in lines}
    )


def _parts(qty: Decimal, picks: Sequence[Pick], stop: Row) -> list[Row]:
    """Return the parts of a delivery's row: what stays in the bin, then what comes from others or from nowhere."""
    stays = qty - sum((pick.qty for pick in picks), ZERO)
    kept = {"bin": stop["bin"] or None, "batch": stop["batch"] or None}
    nowhere = {"bin": None, "batch": None, "allocated_qty": 0.0}
    parts: list[Row] = [{"qty": float(pick.qty), **(nowhere if pick.missing else bin_fields(pick))} for pick in picks]
    if not stays:
        return parts
    return [{"qty": float(stays), **kept, "allocated_qty": float(stays) if stop["bin"] else 0.0}, *parts]


def _make_task(task: str, head: Row, stop: Row, picks: Iterable[Pick]) -> str | None:
    groups: dict[bool, list[Pick]] = {}
    for pick in picks:
        groups.setdefault(pick.missing, []).append(pick)
    made = _insert_task(task, head, stop, groups[False], TO_PICK) if False in groups else None
    if True in groups:
        _insert_task(task, head, stop, groups[True], SHORT)
    return made


def _insert_task(task: str, head: Row, stop: Row, picks: Sequence[Pick], status: str) -> str:
    rows = stop_rows(routing.route(picks))
    for row, group in zip(rows, routing.route(picks), strict=True):
        row["short_qty"] = row["qty"] if status == SHORT else 0.0
        if group.baskets[0][0] == 0:  # goods that no delivery's row wanted: the stop's own baskets say whose they are
            row["baskets"] = stop["baskets"]
    values = {"wave": head["wave"], "warehouse": head["warehouse"], "shortage_of": task, "status": status}
    doc = frappe.get_doc({"doctype": "Pick Task", **values, "items": rows})
    doc.flags.ignore_permissions = True  # who picks may say that something is missing
    insert_many([doc])
    return str(doc.name)


def exceptions() -> list[dict[str, Any]]:
    """Return short tasks of waves that are under way, as rows of the inbox of exceptions."""
    return [
        {
            "source": "warehouse",
            "reference_doctype": "Pick Task",
            "reference_name": row["name"],
            "title": f"{row['warehouse']}: {row['goods']}",
            "code": PICKED_SHORT,
            "owner_role": "Warehouse Staff",
            "since": row["creation"],
            "blocking": False,
            "suggestion": frappe._(_SUGGESTION),
            "fix": "",
            "note": row["goods"],
        }
        for row in store.load_short_tasks()
    ]
