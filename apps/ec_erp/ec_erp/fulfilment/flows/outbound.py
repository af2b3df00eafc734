"""Outbound documents: drafts of Delivery Notes that go through the warehouse, and their places in bins.

Invariant: an order has at most one staged draft; what a draft has allocated in bins goes back when it is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.errors import refuse
from ec_erp.documents.sets import insert_many
from ec_erp.fulfilment.errors import DeliveryRefused
from ec_erp.fulfilment.flows import leaving_waves
from ec_erp.fulfilment.store import outbound as store
from ec_erp.inventory import flows as inventory
from ec_erp.inventory import store as inventory_store
from ec_erp.inventory.rules.pieces import serials_of
from ec_erp.inventory.types import GOOD, PlaceKey, StockKey
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, problem
from ec_erp.orders import flows as orders

TO_WAVE, TO_PICK, PICKING, PICKED = "To Wave", "To Pick", "Picking", "Picked"
CHECKED, PACKED, HANDED_OVER, TO_PUT_BACK = "Checked", "Packed", "Handed Over", "To Put Back"
TOUCHED = (PICKING, PICKED, CHECKED, PACKED)

Row = store.Row


def make_drafts(names: Sequence[str], _code: str = "", _note: str = "") -> list[str]:
    """Make outbound drafts for orders whose warehouse works in waves; return their names.

    Called when orders come to be shipped. Orders that have a draft already keep it.
    """
    warehouses = store.load_wave_warehouses()
    if not warehouses:
        return []
    heads = [order for order in orders.lock_orders(names).values() if order.warehouse in warehouses]
    known = store.load_orders_with_drafts(order.name for order in heads)
    docs = [_draft(order) for order in heads if order.name not in known and not order.blocking]
    if docs:
        insert_many(docs)
        again = store.load_orders_sent({doc.sales_order for doc in docs})
        if again:
            orders.forget_progress(again)  # what the warehouse did was done for what has left already
    return [doc.name for doc in docs]


def _draft(order: Any) -> Any:
    doc = frappe.get_doc({"doctype": "Delivery Note", "sales_order": order.name, "stage": TO_WAVE})
    doc.flags.ignore_permissions = True  # the right to release an order is the right that counts
    return doc


def lock_with_orders(names: Iterable[str]) -> dict[str, Row]:
    """Lock deliveries after their orders, and refuse blocked orders: the check of every step and every scan.

    Raises ``OrderNotReady`` where an order was intercepted, ``DeliveryRefused`` for deliveries that are not here or gone.
    """
    wanted = sorted(set(names))
    heads = store.load_heads(wanted)
    refuse([problem(N_("There is no delivery {0}"), name) for name in wanted if name not in heads], DeliveryRefused)
    orders.refuse_blocked(orders.lock_orders(head["sales_order"] for head in heads.values()).values())
    locked = store.lock_notes(heads)
    gone = [name for name, head in locked.items() if head["docstatus"] != 0 or head["is_return"]]
    refuse([problem(N_("{0} has left the warehouse or was cancelled"), name) for name in gone], DeliveryRefused)
    refuse_put_back({name: head["stage"] for name, head in locked.items()})
    return locked


def refuse_put_back(stages: Mapping[str, str | None]) -> None:
    """Raise ``DeliveryRefused`` for deliveries, given with their stage, whose goods are to be put back."""
    back = [name for name, stage in stages.items() if stage == TO_PUT_BACK]
    refuse([problem(N_("The order of {0} was recalled: put its goods back"), name) for name in back], DeliveryRefused)


def report(heads: Mapping[str, Row], status: str | None = None, **bits: bool) -> None:
    """Tell orders how far their deliveries are."""
    names = {head["sales_order"] for head in heads.values() if head["sales_order"]}
    if names:
        orders.record_fulfilment({name: orders.Fulfilment(status, bits) for name in names})


def allocate_bins(quantities: Mapping[PlaceKey, Decimal]) -> None:
    """Promise what lies in bins to picks (negative: no longer); balances are locked before their bins."""
    wanted = {at: qty for at, qty in quantities.items() if qty and at.bin}
    if not wanted:
        return
    inventory_store.lock_balances({at.key for at in wanted})
    known = inventory_store.lock_places({at.key for at in wanted})
    changed = {}
    for at, qty in wanted.items():
        place = known.get(at.key, {}).get(at)
        if place is not None:
            changed[at] = replace(place, allocated=max(ZERO, place.allocated + qty))
    inventory_store.write_places(changed, known, {})


def release_bins(lines: Mapping[str, Sequence[Row]]) -> None:
    """Give back what rows of deliveries have allocated in bins."""
    back: dict[PlaceKey, Decimal] = {}
    held = [row for group in lines.values() for row in group if decimal_of(row["allocated_qty"])]
    for row in held:
        at = place_of(row)
        back[at] = back.get(at, ZERO) - decimal_of(row["allocated_qty"])
    allocate_bins(back)
    store.write_lines({row["name"]: {"allocated_qty": 0.0} for row in held})


def release_bins_of(docs: Iterable[Any]) -> None:
    """Give back what drafts that leave or are deleted have allocated in bins."""
    held = [doc for doc in docs if any(decimal_of(row.get("allocated_qty")) for row in doc.items)]
    if held:
        release_bins(store.load_lines(doc.name for doc in held))
    for row in (row for doc in held for row in doc.items):
        row.allocated_qty = 0.0


def forget_draft(doc: Any) -> None:
    """Undo what the warehouse has done for a draft that is deleted: places in bins, pieces, progress of its order."""
    release_bins_of([doc])
    inventory.free_pieces(serial for row in doc.items for serial in serials_of(row.get("serials")))
    if doc.stage in TOUCHED and doc.sales_order:
        orders.take_out_of_work([doc.sales_order])


def leave(docs: Iterable[Any]) -> None:
    """Write of staged deliveries that were posted that they have left, and close the waves they were the last of."""
    names = [doc.name for doc in docs]
    if not names:
        return
    store.write_notes({name: {"stage": HANDED_OVER} for name in names})
    in_waves = store.load_wave_rows_of(names)
    store.write_rows("Wave Order", {row["name"]: {"state": "Shipped"} for row in in_waves})
    leaving_waves.close(store.load_wave_orders({row["parent"] for row in in_waves}))


def place_of(row: Row) -> PlaceKey:
    """Return the place that a row of a delivery names."""
    return PlaceKey(StockKey(row["sku"], row["warehouse"]), row["bin"] or "", row["batch"] or "", GOOD)
