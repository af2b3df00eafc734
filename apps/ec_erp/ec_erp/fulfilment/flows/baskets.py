"""Goods that were taken out of bins for orders and have not left: the books of their bins still hold them.

Invariants: what a bin's books hold and no person finds there, because it lies in a basket, is no difference of a count; only
what was picked for an order lies in its basket.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from ec_erp.fulfilment.flows.leaving_waves import TAKEN_OUT
from ec_erp.fulfilment.rules.baskets import BinPlace, WavePlace, in_baskets
from ec_erp.fulfilment.rules.putting_back import in_basket
from ec_erp.fulfilment.rules.shortages import DeliveryRow
from ec_erp.fulfilment.store import baskets as store
from ec_erp.fulfilment.store import outbound as outbound_store
from ec_erp.kernel.numbers import ZERO, decimal_of

Row = outbound_store.Row


def taken_out(warehouse: str, skus: Iterable[str]) -> list[tuple[BinPlace, Decimal, datetime]]:
    """Return (place, quantity, moment of the last pick) of goods of SKUs that lie in baskets of a warehouse.

    A place is (SKU, bin, batch). The hook ``ec_erp_goods_in_baskets`` names this for counts.
    """
    held = store.load_held(warehouse, skus)
    return in_baskets(store.load_picked({wave for wave, _ in held}), held)


def picked_for(heads: Mapping[str, Row]) -> dict[str, Decimal]:
    """Return what lies in the baskets of deliveries that are in waves, by row of theirs; what was scanned is there for sure.

    What orders that have left the wave took along (their put-back tasks say it) does not lie in the others' baskets.
    """
    waves = {head["wave"] for head in heads.values()}
    rows = _rows_by_place(waves)
    if not rows:
        return {}
    left = {at: -qty for at, qty in store.load_put_back(waves).items()}
    for at, qty, _ in store.load_picked(waves):
        left[at] = left.get(at, ZERO) + qty
    found: dict[str, Decimal] = {}
    for at, group in rows.items():
        lying = in_basket([row for row, _ in group], left.get(at, ZERO))
        found |= {row.line: max(lying[row.line], checked) for row, checked in group}
    return found


def _rows_by_place(waves: Iterable[str]) -> dict[WavePlace, list[tuple[DeliveryRow, Decimal]]]:
    """Return the rows of the deliveries of waves, shipped ones included, each with what was scanned of it."""
    members = {
        row["delivery_note"]: row
        for group in outbound_store.load_wave_orders(waves).values()
        for row in group
        if row["delivery_note"] and row["state"] != TAKEN_OUT
    }
    groups: dict[WavePlace, list[tuple[DeliveryRow, Decimal]]] = {}
    for note, lines in outbound_store.load_lines(members).items():
        member = members[note]
        for line in lines:
            row = DeliveryRow(note, line["name"], int(member["basket"] or 0), decimal_of(line["qty"]))
            at = (member["parent"], (line["sku"], line["bin"] or "", line["batch"] or ""))
            groups.setdefault(at, []).append((row, decimal_of(line["checked_qty"])))
    return groups
