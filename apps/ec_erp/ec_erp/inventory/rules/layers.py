"""First in, first out: what an issue is worth when every receipt is a layer of its own.

Invariants: the layers of a key add up to its quantity and value (as far as quantity is above zero); the oldest layer by
event time goes first; goods of a batch take layers of that batch. Worked tables: docs/algorithms/fifo.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from ec_erp.inventory.rules.valuation import receipt_value, valued
from ec_erp.inventory.types import (
    COST_FROM_LAYERS,
    COST_FROM_REVERSAL,
    Balance,
    Layer,
    StockMove,
    ValuedMove,
)
from ec_erp.kernel.money import round_money
from ec_erp.kernel.numbers import ZERO

Layers = tuple[Layer, ...]


def value_in_layers(
    layers: Layers, balance: Balance, move: StockMove, currency: str, moment: datetime, seq: int
) -> tuple[Layers, ValuedMove]:
    """Value one movement of a FIFO key; return the layers afterwards and the valued movement.

    ``moment`` is the event time, ``seq`` the number of the ledger entry that will be made.
    """
    if move.qty > 0:
        change, source = receipt_value(balance, move, currency)
        batch, grade = move.tracking.batch or "", move.tracking.grade
        new = Layer(move.key, move.qty, change, moment, seq, batch=batch, grade=grade, line=move.line)
        return in_order((*layers, new)), valued(balance, move, change, source)
    if move.qty < 0:
        after, taken = take(layers, move, currency)
        source = move.source if move.value is not None else COST_FROM_LAYERS
        return after, valued(balance, move, -taken, source)
    after, change = revalue(layers, move, currency)
    return after, valued(balance, move, change, move.source)


def in_order(layers: Sequence[Layer]) -> Layers:
    """Return layers oldest first, by event time and then by entry."""
    return tuple(sorted(layers, key=lambda layer: (layer.received, layer.seq)))


def take(layers: Layers, move: StockMove, currency: str) -> tuple[Layers, Decimal]:
    """Take an issue's quantity out of the oldest fitting layers; return the layers afterwards and the value taken.

    Undoing a receipt takes its own layer first, as far as it is left.
    """
    left, value = -move.qty, ZERO
    state = {id(layer): layer for layer in layers}
    for layer in _candidates(layers, move):
        used = min(left, layer.qty)
        share = layer.value if used == layer.qty else round_money(layer.value * used / layer.qty, currency)
        state[id(layer)] = replace(layer, qty=layer.qty - used, value=layer.value - share)
        left, value = left - used, value + share
        if not left:
            break
    return tuple(state[id(layer)] for layer in layers), value


def revalue(layers: Layers, move: StockMove, currency: str) -> tuple[Layers, Decimal]:
    """Spread a correction of value over the fitting layers by quantity; return the layers and what was corrected."""
    fitting = [layer for layer in _candidates(layers, move) if layer.qty > 0]
    if move.origin and any(layer.line == move.origin for layer in fitting):
        fitting = [layer for layer in fitting if layer.line == move.origin]
    total = sum((layer.qty for layer in fitting), ZERO)
    if not total:
        return layers, ZERO
    wanted = max(-sum((layer.value for layer in fitting), ZERO), round_money(move.value or ZERO, currency))
    state, done, seen = {id(layer): layer for layer in layers}, ZERO, ZERO
    for layer in fitting:
        seen += layer.qty
        share = max(-layer.value, round_money(wanted * seen / total, currency) - done)
        state[id(layer)] = replace(layer, value=layer.value + share)
        done += share
    return tuple(state[id(layer)] for layer in layers), done


def _candidates(layers: Layers, move: StockMove) -> list[Layer]:
    batch, grade = move.tracking.batch or "", move.tracking.grade
    fitting = [layer for layer in layers if layer.qty > 0 and layer.grade == grade and layer.batch == batch]
    if move.source == COST_FROM_REVERSAL and move.qty < 0:
        fitting.sort(key=lambda layer: layer.line != move.line)
    return fitting
