"""What is reported to a platform of a shipment: items per line and parcel, when to try again, what a whole order comes to: pure.

Invariants: an order's lines are reported at most as often as they were bought, whole items only; an item that consists of
several goods counts when all of them have left. Worked tables: docs/algorithms/shipment-write-back.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.outbox import (
    CANCELLED,
    DONE,
    FAILED,
    LEASE_MINUTES,
    MANUAL,
    MOST_TRIES,
    OPEN,
    QUEUED,
    SENT,
    after_failure,
    is_due,
    next_try,
)

NONE, OK = "None", "OK"
__all__ = (
    "CANCELLED",
    "DONE",
    "FAILED",
    "LEASE_MINUTES",
    "MANUAL",
    "MOST_TRIES",
    "NONE",
    "OK",
    "OPEN",
    "QUEUED",
    "SENT",
    "Goods",
    "after_failure",
    "is_due",
    "is_partial",
    "newly_left",
    "next_try",
    "order_state",
    "whole_items",
)


@dataclass(frozen=True, slots=True)
class Goods:
    """One kind of goods that a bought line consists of: ordered, and what of it has left so far, in stock units."""

    line_id: str
    part: str
    ordered: Decimal
    left: Decimal = ZERO


def whole_items(bought: Decimal, goods: Sequence[Goods]) -> Decimal:
    """Return how many of the bought items have left whole: the least share over their goods, rounded down."""
    shares = [min(Decimal(1), one.left / one.ordered) for one in goods if one.ordered > 0]
    return (bought * min(shares)).to_integral_value(ROUND_FLOOR) if shares else ZERO


def newly_left(
    bought: Mapping[str, Decimal], goods: Iterable[Goods], reported: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """Return items per line that have left and were not reported; lines of which only a part of an item left have 0."""
    by_line: dict[str, list[Goods]] = {}
    for one in goods:
        by_line.setdefault(one.line_id, []).append(one)
    return {
        line: max(ZERO, whole_items(bought.get(line, ZERO), parts) - reported.get(line, ZERO))
        for line, parts in by_line.items()
    }


def is_partial(bought: Mapping[str, Decimal], reported: Mapping[str, Decimal]) -> bool:
    """Tell whether something of a platform's order is still to leave after what was reported."""
    return any(reported.get(line, ZERO) < qty for line, qty in bought.items())


def order_state(states: Iterable[str]) -> str:
    """Return what the head of an order shows of its rows: what failed before what waits, before what is done."""
    known = [state for state in states if state != CANCELLED]
    if FAILED in known:
        return FAILED
    if QUEUED in known or SENT in known:
        return QUEUED
    if not known:
        return NONE
    return MANUAL if MANUAL in known else OK
