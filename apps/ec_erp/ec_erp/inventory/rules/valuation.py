"""Moving average per SKU, warehouse and grade: what a movement is worth.

Invariants: value is kept in the currency's minor unit and the average is derived from it; zero quantity has zero value;
value goes below zero only where quantity does. Worked tables: docs/algorithms/moving-average.md, negative-stock.md.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ec_erp.inventory.types import (
    COST_FROM_AVERAGE,
    COST_FROM_DOCUMENT,
    COST_FROM_LAST_COST,
    COST_FROM_PROVISION,
    COST_FROM_VARIANCE,
    COST_UNKNOWN,
    DEFECTIVE,
    GOOD,
    Balance,
    StockMove,
    ValuedMove,
)
from ec_erp.kernel.money import round_money
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.values import with_changes

_COST_STEP = Decimal("0.000000001")


def value_move(balance: Balance, move: StockMove, currency: str) -> ValuedMove:
    """Value one movement against the balance before it. The caller has made sure that the quantity is there."""
    if move.qty > 0:
        change, source = receipt_value(balance, move, currency)
    elif move.qty < 0:
        change, source = _issue_value(balance, move, currency)
    else:
        change, source = _correction(balance, move, currency), move.source
    return valued(balance, move, change, source)


def valued(balance: Balance, move: StockMove, value_change: Decimal, source: str) -> ValuedMove:
    """Return a movement with its value and what the balance comes to."""
    return ValuedMove(
        move=move,
        value_change=value_change,
        qty_after=balance.on_hand + move.qty,
        value_after=balance.value + value_change,
        unit_cost=unit_cost(value_change, move.qty),
        cost_source=source,
    )


def balance_after(balance: Balance, entry: ValuedMove) -> Balance:
    """Return the balance with a valued movement applied; a priced receipt also becomes the latest cost."""
    if entry.move.tracking.grade == DEFECTIVE:
        return with_changes(
            balance,
            on_hand=entry.qty_after,
            value=entry.value_after,
            defective=balance.defective + entry.move.qty,
            frozen=balance.frozen + entry.move.qty,
            defective_value=balance.defective_value + entry.value_change,
        )
    priced = entry.move.qty > 0 and entry.cost_source == COST_FROM_DOCUMENT
    return with_changes(
        balance,
        on_hand=entry.qty_after,
        value=entry.value_after,
        last_cost=entry.unit_cost if priced else balance.last_cost,
    )


def receipt_value(balance: Balance, move: StockMove, currency: str) -> tuple[Decimal, str]:
    """Return what a receipt is worth and where the cost comes from."""
    if move.value is not None:
        return round_money(move.value, currency), move.source
    qty, value = balance.pool(move.tracking.grade)
    if qty > 0:
        return round_money(value * move.qty / qty, currency), COST_FROM_AVERAGE
    cost = balance.last_cost if balance.last_cost is not None else move.fallback_cost
    if cost is None:
        return ZERO, COST_UNKNOWN
    return round_money(cost * move.qty, currency), COST_FROM_LAST_COST


def provisional_value(balance: Balance, move: StockMove, currency: str) -> ValuedMove:
    """Value an issue of goods that are not there, at the latest cost known; the next receipt puts it right."""
    cost = balance.last_cost if balance.last_cost is not None else move.fallback_cost or ZERO
    return valued(balance, move, round_money(cost * move.qty, currency), COST_FROM_PROVISION)


def hole_variance(balance: Balance, qty: Decimal, value: Decimal, currency: str) -> Decimal:
    """Return what of a receipt's value must not enter stock, because it fills a hole that was costed provisionally.

    ``balance`` is the one before the receipt of ``qty`` worth ``value``. The part that covers the hole keeps nothing of
    its value in stock; what is left of the hole keeps its provisional cost; only the rest enters the average.
    """
    on_hand, before = balance.pool(GOOD)
    if on_hand >= 0:
        return ZERO
    hole = -on_hand
    covered = min(qty, hole)
    still_provisional = round_money(before * (hole - covered) / hole, currency)
    entering = value - round_money(value * covered / qty, currency)
    return before + value - still_provisional - entering


def variance_entry(balance: Balance, move: StockMove, variance: Decimal) -> ValuedMove:
    """Return the entry without quantity that takes a variance out of stock."""
    out = replace(move, qty=ZERO, value=-variance, from_reserved=ZERO)
    return valued(balance, out, -variance, COST_FROM_VARIANCE)


def unit_cost(value_change: Decimal, qty: Decimal) -> Decimal:
    """Return a value per unit, to nine places; zero where there is no quantity."""
    return (value_change / qty).quantize(_COST_STEP) if qty else ZERO


def _issue_value(balance: Balance, move: StockMove, currency: str) -> tuple[Decimal, str]:
    taken = -move.qty
    qty, value = balance.pool(move.tracking.grade)
    source = COST_FROM_AVERAGE if move.value is None else move.source
    if taken >= qty:
        return -value, source
    if move.value is None:
        return -round_money(value * taken / qty, currency), source
    return -min(round_money(move.value, currency), value), source


def _correction(balance: Balance, move: StockMove, currency: str) -> Decimal:
    """Return the change of value alone: nothing where nothing lies, and never below zero."""
    qty, value = balance.pool(move.tracking.grade)
    if qty <= 0:
        return ZERO
    return max(-value, round_money(move.value or ZERO, currency))
