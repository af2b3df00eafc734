"""Moving average per SKU and warehouse: what a movement is worth.

Invariants: value is kept in the currency's minor unit and the average is derived from it; zero quantity has zero value;
value never goes below zero. Worked tables: docs/algorithms/moving-average.md.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ec_erp.inventory.types import (
    COST_FROM_AVERAGE,
    COST_FROM_DOCUMENT,
    COST_FROM_LAST_COST,
    COST_UNKNOWN,
    Balance,
    StockMove,
    ValuedMove,
)
from ec_erp.kernel.money import round_money
from ec_erp.kernel.numbers import ZERO

_COST_STEP = Decimal("0.000000001")


def value_move(balance: Balance, move: StockMove, currency: str) -> ValuedMove:
    """Value one movement against the balance before it. The caller has made sure that the quantity is there."""
    if move.qty > 0:
        change, source = _receipt_value(balance, move, currency)
    else:
        change, source = _issue_value(balance, move, currency)
    return ValuedMove(
        move=move,
        value_change=change,
        qty_after=balance.on_hand + move.qty,
        value_after=balance.value + change,
        unit_cost=_unit_cost(change, move.qty),
        cost_source=source,
    )


def balance_after(balance: Balance, entry: ValuedMove) -> Balance:
    """Return the balance with a valued movement applied; a priced receipt also becomes the latest cost."""
    priced = entry.move.qty > 0 and entry.cost_source == COST_FROM_DOCUMENT
    return replace(
        balance,
        on_hand=entry.qty_after,
        value=entry.value_after,
        last_cost=entry.unit_cost if priced else balance.last_cost,
    )


def _receipt_value(balance: Balance, move: StockMove, currency: str) -> tuple[Decimal, str]:
    if move.value is not None:
        return round_money(move.value, currency), move.source
    if balance.on_hand > 0:
        return round_money(balance.value * move.qty / balance.on_hand, currency), COST_FROM_AVERAGE
    cost = balance.last_cost if balance.last_cost is not None else move.fallback_cost
    if cost is None:
        return ZERO, COST_UNKNOWN
    return round_money(cost * move.qty, currency), COST_FROM_LAST_COST


def _issue_value(balance: Balance, move: StockMove, currency: str) -> tuple[Decimal, str]:
    taken = -move.qty
    source = COST_FROM_AVERAGE if move.value is None else move.source
    if taken >= balance.on_hand:
        return -balance.value, source
    if move.value is None:
        return -round_money(balance.value * taken / balance.on_hand, currency), source
    return -min(round_money(move.value, currency), balance.value), source


def _unit_cost(value_change: Decimal, qty: Decimal) -> Decimal:
    return (value_change / qty).quantize(_COST_STEP) if qty else ZERO
