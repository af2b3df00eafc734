"""One key of stock (a SKU in a warehouse) replayed from its ledger entries.

Invariant: entries are taken in the order of their chain; every value that follows from what lay there before is worked out
again and compared with what the entry says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ec_erp.kernel.money import round_money
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.replay.types import Difference, Row, differences

GOOD, DEFECTIVE = "Good", "Defective"
_COST_STEP = Decimal("0.000000001")


@dataclass
class Layer:
    """What is left of a receipt."""

    seq: int
    received: Any
    line: str
    batch: str
    grade: str
    qty: Decimal
    value: Decimal


@dataclass
class Replayed:
    """What a key comes to: quantity and value per grade, latest cost, places, layers, entries that say otherwise."""

    qty: dict[str, Decimal] = field(default_factory=lambda: {GOOD: ZERO, DEFECTIVE: ZERO})
    value: dict[str, Decimal] = field(default_factory=lambda: {GOOD: ZERO, DEFECTIVE: ZERO})
    last_cost: Decimal = ZERO
    entries: int = 0
    places: dict[tuple[str, str, str], Decimal] = field(default_factory=dict)
    layers: list[Layer] = field(default_factory=list)
    pieces: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    wrong: list[Difference] = field(default_factory=list)

    @property
    def on_hand(self) -> Decimal:
        """Everything that lies there."""
        return sum(self.qty.values(), ZERO)

    @property
    def worth(self) -> Decimal:
        """What it is worth."""
        return sum(self.value.values(), ZERO)


def replay_key(entries: Iterable[Row], currency: str, *, fifo: bool) -> Replayed:
    """Return what the entries of a key (in the order of its chain) come to."""
    state = Replayed()
    for entry in entries:
        _take(state, entry, currency, fifo=fifo)
    return state


def _take(state: Replayed, entry: Row, currency: str, *, fifo: bool) -> None:
    qty, value = decimal_of(entry["qty_change"]), decimal_of(entry["value_change"])
    grade = entry["grade"] or GOOD
    expected = _value_of(state, entry, qty, grade, currency, fifo=fifo)
    covering = grade == GOOD and (entry["cost_source"] == "Variance" or (qty > 0 > state.qty[GOOD]))
    state.entries += 1
    state.qty[grade] += qty
    state.value[grade] += value
    if fifo:
        _correct_layers(state, entry, currency, covering=covering)
    place = (entry["bin"] or "", entry["batch"] or "", grade)
    state.places[place] = state.places.get(place, ZERO) + qty
    if qty > 0 and entry["cost_source"] == "Document" and grade == GOOD:
        state.last_cost = (value / qty).quantize(_COST_STEP)
    said = {field: entry[field] for field in ("seq", "qty_after", "value_after", "value_change")}
    rebuilt: dict[str, Any] = {"seq": state.entries, "qty_after": state.on_hand, "value_after": state.worth}
    if expected is not None:
        rebuilt["value_change"] = expected
    where = (
        f"{entry['voucher_type']} {entry['voucher_no']}, {entry['sku']} in {entry['warehouse']}, entry {entry['name']}"
    )
    state.wrong += differences(where, said, rebuilt)


def _value_of(state: Replayed, entry: Row, qty: Decimal, grade: str, currency: str, *, fifo: bool) -> Decimal | None:
    """Return what an entry must be worth by what lay there before; None where its document says what it is worth."""
    source = entry["cost_source"]
    if source == "Provisional":
        return round_money(state.last_cost * qty, currency) if state.last_cost else None
    if source == "Variance" or qty == 0:
        return None
    if fifo:
        return _through_layers(state, entry, qty, grade, currency)
    if source != "Moving Average":
        return None
    there, worth = state.qty[grade], state.value[grade]
    if qty < 0:
        return -worth if -qty >= there else -round_money(worth * -qty / there, currency)
    return round_money(worth * qty / there, currency)


def _through_layers(state: Replayed, entry: Row, qty: Decimal, grade: str, currency: str) -> Decimal | None:
    batch, line = entry["batch"] or "", entry["voucher_line"] or ""
    if qty > 0:
        value = decimal_of(entry["value_change"])
        new = Layer(state.entries + 1, entry["posting_datetime"], line, batch, grade, qty, value)
        state.layers = sorted([*state.layers, new], key=lambda layer: (layer.received, layer.seq))
        return None
    fitting = [layer for layer in state.layers if (layer.batch, layer.grade) == (batch, grade)]
    if entry["cost_source"] == "Reversal":
        fitting.sort(key=lambda layer: layer.line != line)
    taken = _out_of(fitting, -qty, currency)
    state.layers = [layer for layer in state.layers if layer.qty]
    return -taken


def _correct_layers(state: Replayed, entry: Row, currency: str, *, covering: bool) -> None:
    """Follow in the layers what changes value alone, and what fills the place of goods that had left before."""
    if covering:
        _cut(state, entry["voucher_line"] or "")
    elif not decimal_of(entry["qty_change"]):
        _make_dearer(state, entry, decimal_of(entry["value_change"]), currency)


def _make_dearer(state: Replayed, entry: Row, value: Decimal, currency: str) -> None:
    """Spread a change of value without goods over the layer of the receipt it is for, else over all that fit, by quantity."""
    at = (entry["batch"] or "", entry["grade"] or GOOD)
    fitting = [layer for layer in state.layers if (layer.batch, layer.grade) == at]
    own = [layer for layer in fitting if layer.line == entry.get("origin")] or fitting
    whole, seen, done = sum((layer.qty for layer in own), ZERO), ZERO, ZERO
    for layer in own:
        seen += layer.qty
        share = max(-layer.value, round_money(value * seen / whole, currency) - done)
        layer.value, done = layer.value + share, done + share


def _cut(state: Replayed, line: str) -> None:
    """Keep in the layer of a receipt only what was not missing already."""
    left = max(ZERO, state.qty[GOOD])
    for layer in state.layers:
        if layer.line == line:
            layer.qty, layer.value = left, state.value[GOOD] if left else ZERO
    state.layers = [layer for layer in state.layers if layer.qty]


def _out_of(layers: Sequence[Layer], wanted: Decimal, currency: str) -> Decimal:
    value = ZERO
    for layer in layers:
        used = min(wanted, layer.qty)
        share = layer.value if used == layer.qty else round_money(layer.value * used / layer.qty, currency)
        layer.qty, layer.value = layer.qty - used, layer.value - share
        wanted, value = wanted - used, value + share
        if not wanted:
            break
    return value


def last_places(entries: Iterable[Row]) -> dict[str, tuple[str, str, str, str, str]]:
    """Return where each serial number is by its latest entry: status, warehouse, bin, batch, grade; entries are in order of writing.

    Entries without a quantity move nothing: a receipt into negative stock has one that values what was sold before.
    """
    found: dict[str, tuple[str, str, str, str, str]] = {}
    for entry in (entry for entry in entries if entry["qty_change"]):
        for serial in (entry["serials"] or "").split():
            inside = decimal_of(entry["qty_change"]) > 0
            found[serial.casefold()] = (
                ("In Stock", entry["warehouse"], entry["bin"] or "", entry["batch"] or "", entry["grade"] or GOOD)
                if inside
                else ("Out", "", "", "", "")
            )
    return found
