"""Waves: making them by rule or by hand, with pick tasks on the way through the bins.

Invariant: a delivery that is put into a wave is locked, waits for one, and its order is not blocked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents import sentences
from ec_erp.documents.errors import refuse
from ec_erp.documents.sets import insert_many
from ec_erp.fulfilment.errors import DeliveryRefused
from ec_erp.fulfilment.flows import outbound
from ec_erp.fulfilment.rules import routing, waving
from ec_erp.fulfilment.store import outbound as store
from ec_erp.fulfilment.types import Pick, PlannedWave, TaskLine, WaitingNote, WantedGoods
from ec_erp.inventory import store as inventory_store
from ec_erp.inventory.types import Place, PlaceKey, StockKey
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, problem
from ec_erp.kernel.times import moment_of

Row = store.Row


def check_rule(doc: Any) -> None:
    """Refuse a rule whose least number is above its most."""
    if int(doc.max_orders or 0) and int(doc.min_orders or 0) > int(doc.max_orders):
        refuse([problem(N_("The least number of orders is above the most"))], DeliveryRefused)


def run_rules(warehouses: Iterable[str] = (), *, now: datetime | None = None, due_only: bool = True) -> list[str]:
    """Run the wave rules (of some warehouses; left out: all) and return the waves made."""
    moment = now or frappe.utils.now_datetime()
    wanted = set(warehouses)
    rules = [rule for rule in store.load_wave_rules() if not wanted or rule.warehouse in wanted]
    rules = [rule for rule in rules if not due_only or waving.is_due(rule, moment)]
    if not rules:
        return []
    waiting = _waiting(store.load_waiting({rule.warehouse for rule in rules}))
    planned: list[tuple[str, PlannedWave]] = []
    progress: dict[str, Row] = {}
    for rule in rules:
        waves, misses = waving.plan_waves(rule, waiting.get(rule.warehouse, []), moment)
        planned += [(rule.warehouse, wave) for wave in waves]
        taken = {note.note for wave in waves for note in wave.notes}
        waiting[rule.warehouse] = [note for note in waiting.get(rule.warehouse, []) if note.note not in taken]
        progress[rule.name] = {"last_run": moment, "misses": misses}
    store.write_rows("Wave Rule", progress)
    return _make(planned)


def make_wave(names: Iterable[str]) -> list[str]:
    """Make waves by hand of deliveries that wait, one per warehouse; return them. Raises ``DeliveryRefused`` for others."""
    wanted = sorted(set(names))
    waiting = _waiting(wanted)
    found = {note.note for group in waiting.values() for note in group}
    message = N_("{0} can't be put into a wave: it does not wait for one, or its order is blocked")
    refuse([problem(message, name) for name in wanted if name not in found], DeliveryRefused)
    return _make(
        [
            (warehouse, PlannedWave("", waving.PICK_AND_SORT, tuple(notes), waving.BY_HAND))
            for warehouse, notes in sorted(waiting.items())
        ]
    )


def _waiting(names: Sequence[str]) -> dict[str, list[WaitingNote]]:
    """Return deliveries that wait, with what rules must know of them, by warehouse; blocked orders left out."""
    heads = {name: head for name, head in store.load_heads(names).items() if head["stage"] == outbound.TO_WAVE}
    lines = store.load_lines(heads)
    facts = store.load_order_facts({head["sales_order"] for head in heads.values()})
    sizes = store.load_sizes({row["sku"] for group in lines.values() for row in group})
    waiting: dict[str, list[WaitingNote]] = {}
    for name, head in heads.items():
        order = facts.get(head["sales_order"])
        if order is not None and not order["is_blocked"]:
            waiting.setdefault(head["warehouse"], []).append(_note(name, head, order, lines.get(name, []), sizes))
    return waiting


def _note(
    name: str, head: Row, order: Row, lines: Sequence[Row], sizes: Mapping[str, tuple[Decimal, Decimal]]
) -> WaitingNote:
    goods: dict[str, Decimal] = {}
    for row in lines:
        goods[row["sku"]] = goods.get(row["sku"], ZERO) + decimal_of(row["qty"])
    return WaitingNote(
        note=name,
        order=head["sales_order"],
        goods=tuple(sorted(goods.items())),
        since=moment_of(head["creation"]),
        ship_by=moment_of(order["ship_by"]) if order["ship_by"] else None,
        shop=head["shop"] or None,
        carrier=head["carrier"] or order["carrier"] or None,
        priority=int(order["priority"] or 0),
        weight_g=sum((qty * sizes.get(sku, (ZERO, ZERO))[0] for sku, qty in goods.items()), ZERO),
        volume_cm3=sum((qty * sizes.get(sku, (ZERO, ZERO))[1] for sku, qty in goods.items()), ZERO),
    )


def _make(planned: Sequence[tuple[str, PlannedWave]]) -> list[str]:
    """Write waves with their tasks; deliveries that somebody else took meanwhile are left out."""
    wanted = [note.note for _, wave in planned for note in wave.notes]
    if not wanted:
        return []
    heads = {
        name: head for name, head in outbound.lock_with_orders(wanted).items() if head["stage"] == outbound.TO_WAVE
    }
    waves = [_wave(warehouse, plan, heads) for warehouse, plan in planned]
    waves = [wave for wave in waves if wave.orders]
    insert_many(waves)
    lines = store.load_lines(heads)
    picks = _choose_bins(waves, lines)
    tasks = [_task(wave, routing.route(picks[wave.name])) for wave in waves]
    insert_many(tasks)
    _write_notes(waves)
    _write_bins([pick for group in picks.values() for pick in group], lines)
    return [wave.name for wave in waves]


def _wave(warehouse: str, plan: PlannedWave, heads: Mapping[str, Row]) -> Any:
    notes = [note for note in plan.notes if note.note in heads]
    return _quiet(
        {
            "doctype": "Wave",
            "warehouse": warehouse,
            "company": heads[notes[0].note]["company"] if notes else None,
            "rule": plan.rule or None,
            "kind": plan.kind,
            **_told(plan.reason),
            "order_count": len(notes),
            "total_qty": float(sum((qty for note in notes for _, qty in note.goods), ZERO)),
            "weight_g": float(sum((note.weight_g for note in notes), ZERO)),
            "volume_cm3": float(sum((note.volume_cm3 for note in notes), ZERO)),
            "orders": [
                {"basket": basket, "delivery_note": note.note, "sales_order": note.order}
                for basket, note in enumerate(notes, start=1)
            ],
        }
    )


def _told(reason: str) -> Row:
    """Return why a wave was made: in words, and as JSON for readers of other languages."""
    text, kept = sentences.write_note(problem(reason))
    return {"why": text, "why_terms": kept}


def _choose_bins(waves: Sequence[Any], lines: Mapping[str, Sequence[Row]]) -> dict[str, list[Pick]]:
    """Return the picks of each wave; bins are locked, and what one wave takes the next one does not see."""
    wanted = {wave.name: _wanted(wave, lines) for wave in waves}
    known = inventory_store.load_warehouses({wave.warehouse for wave in waves})
    with_bins = {row["name"] for row in known.values() if row["has_bins"]}
    keys = {StockKey(goods.sku, wave.warehouse) for wave in waves for goods in wanted[wave.name]}
    keys = {key for key in keys if key.warehouse in with_bins}
    inventory_store.lock_balances(keys)
    places = inventory_store.lock_places(keys)
    doubtful = {house: store.load_doubtful_bins(house, {key.sku for key in keys}) for house in with_bins if keys}
    day = frappe.utils.now_datetime().date()
    result: dict[str, list[Pick]] = {}
    taken: dict[PlaceKey, Decimal] = {}
    for wave in waves:
        free: dict[str, list[Place]] = {
            key.sku: [
                _less(place, taken)
                for place in group.values()
                if (key.sku, place.at.bin) not in doubtful.get(wave.warehouse, ())
            ]
            for key, group in places.items()
            if key.warehouse == wave.warehouse
        }
        has_bins = wave.warehouse in with_bins
        result[wave.name] = routing.choose_bins(wanted[wave.name], free, day, has_bins=has_bins)
        for pick in result[wave.name]:
            if pick.bin:
                at = _place_of(pick, wave.warehouse)
                taken[at] = taken.get(at, ZERO) + pick.qty
    outbound.allocate_bins(taken)
    return result


def _less(place: Place, taken: Mapping[PlaceKey, Decimal]) -> Place:
    return replace(place, allocated=place.allocated + taken.get(place.at, ZERO))


def _place_of(pick: Pick, warehouse: str) -> PlaceKey:
    return outbound.place_of({"sku": pick.wanted.sku, "warehouse": warehouse, "bin": pick.bin, "batch": pick.batch})


def _wanted(wave: Any, lines: Mapping[str, Sequence[Row]]) -> list[WantedGoods]:
    return [
        WantedGoods(order.delivery_note, row["name"], row["sku"], decimal_of(row["qty"]), int(order.basket))
        for order in wave.orders
        for row in lines.get(order.delivery_note, [])
        if row["warehouse"] == wave.warehouse
    ]


def _task(wave: Any, stops: Sequence[TaskLine]) -> Any:
    return _quiet({"doctype": "Pick Task", "wave": wave.name, "warehouse": wave.warehouse, "items": stop_rows(stops)})


def stop_rows(stops: Sequence[TaskLine]) -> list[Row]:
    """Return the rows of a pick task for stops; what lies nowhere has no bin and is missing from the start."""
    names = store.load_sku_names({stop.sku for stop in stops})
    return [
        {
            "bin": stop.bin or None,
            "sku": stop.sku,
            "sku_name": names.get(stop.sku),
            "batch": stop.batch or None,
            "qty": float(stop.qty),
            "baskets": routing.told(stop.baskets),
        }
        for stop in stops
    ]


def _write_notes(waves: Sequence[Any]) -> None:
    store.write_notes(
        {
            order.delivery_note: {"stage": outbound.TO_PICK, "wave": wave.name, "basket": order.basket}
            for wave in waves
            for order in wave.orders
        }
    )


def _write_bins(picks: Sequence[Pick], lines: Mapping[str, Sequence[Row]]) -> None:
    """Name on rows of deliveries the bin they are picked from; a row from several bins is split into one row each."""
    by_line: dict[str, list[Pick]] = {}
    for pick in picks:
        if pick.bin:
            by_line.setdefault(pick.wanted.line, []).append(pick)
    rows = {row["name"]: row for group in lines.values() for row in group}
    whole = {
        line: own[0] for line, own in by_line.items() if len(own) == 1 and own[0].qty == decimal_of(rows[line]["qty"])
    }
    store.write_lines({line: bin_fields(pick) for line, pick in whole.items()})
    split: dict[str, dict[str, list[Row]]] = {}
    for line, own in by_line.items():
        if line not in whole:
            split.setdefault(own[0].wanted.note, {})[line] = _parts_of(rows[line], own)
    for note, parts in sorted(split.items()):
        split_rows(frappe.get_doc("Delivery Note", note), parts)


def split_rows(doc: Any, parts: Mapping[str, Sequence[Row]]) -> None:
    """Split rows of a delivery into parts (fields of each, by row): the row becomes the first, the others follow at the end."""
    for row in list(doc.items):
        for place, values in enumerate(parts.get(row.name, ())):
            if place == 0:
                row.update(values)
            else:
                fields = {"sku": row.sku, "warehouse": row.warehouse, "sales_order_item": row.sales_order_item}
                doc.append("items", {**fields, **values})
    doc.flags.ignore_permissions = True
    doc.save()


def _parts_of(row: Row, own: Sequence[Pick]) -> list[Row]:
    left = decimal_of(row["qty"]) - sum((pick.qty for pick in own), ZERO)
    parts: list[Row] = [{"qty": float(pick.qty), **bin_fields(pick)} for pick in own]
    return parts + ([{"qty": float(left)}] if left > 0 else [])


def bin_fields(pick: Pick) -> Row:
    """Return the fields by which a row of a delivery names where its goods come from."""
    return {"bin": pick.bin, "batch": pick.batch or None, "allocated_qty": float(pick.qty)}


def _quiet(values: Row) -> Any:
    doc = frappe.get_doc(values)
    doc.flags.ignore_permissions = True  # rules make waves, whoever's order or schedule woke them
    return doc
