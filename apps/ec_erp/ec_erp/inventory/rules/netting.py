"""Adding up changes of promises, so that a balance is written once however many lines concern it.

Invariant: the netted changes come to the same as the single ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from ec_erp.inventory.types import BalanceChange, StockKey
from ec_erp.kernel.numbers import ZERO

_PARTS = ("reserved", "on_order", "unpaid", "frozen", "locked", "in_transit")


def netted(changes: Iterable[BalanceChange]) -> list[BalanceChange]:
    """Return one change per key, sorted by key; those that come to nothing are left out."""
    totals: dict[StockKey, BalanceChange] = {}
    for change in changes:
        totals[change.key] = _added(totals[change.key], change) if change.key in totals else change
    return [total for _, total in sorted(totals.items()) if any(getattr(total, part) for part in _PARTS)]


def _added(left: BalanceChange, right: BalanceChange) -> BalanceChange:
    sums = {part: getattr(left, part) + getattr(right, part) for part in _PARTS}
    return replace(left, needs=_needs(left.needs, right.needs), **sums)


def _needs(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return None if left is None and right is None else (left or ZERO) + (right or ZERO)
