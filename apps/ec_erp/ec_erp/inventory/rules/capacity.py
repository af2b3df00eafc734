"""What a bin takes: so many pieces, so much volume and weight, one SKU or batch at a time, or one SKU alone.

Invariant: an empty limit is none; what lies in a bin already never stands in the way of the same goods by itself.
Worked table: docs/algorithms/bin-capacity.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO, plain
from ec_erp.kernel.problems import N_, Problem, problem


@dataclass(frozen=True, slots=True)
class BinLimits:
    """What a bin takes; zero and empty are no limit. Volumes in cm³, weights in grams."""

    code: str
    qty: Decimal = ZERO
    volume_cm3: Decimal = ZERO
    weight_g: Decimal = ZERO
    fixed_sku: str = ""
    single_sku: bool = False
    single_batch: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """Goods in a bin, or on their way into it; volume and weight are those of one unit."""

    sku: str
    qty: Decimal
    batch: str = ""
    volume_cm3: Decimal = ZERO
    weight_g: Decimal = ZERO


_SIZES: tuple[tuple[str, Callable[[BinLimits], Decimal], Callable[[Content], Decimal]], ...] = (
    (N_("{0} takes {1} pieces at most; {2} would lie there"), lambda bin: bin.qty, lambda one: one.qty),
    (N_("{0} takes {1} cm³ at most; {2} cm³ would lie there"), lambda bin: bin.volume_cm3,
     lambda one: one.qty * one.volume_cm3),
    (N_("{0} takes {1} g at most; {2} g would lie there"), lambda bin: bin.weight_g, lambda one: one.qty * one.weight_g),
)  # fmt: skip


def capacity_problems(limits: BinLimits, there: Sequence[Content], coming: Sequence[Content]) -> list[Problem]:
    """Return why goods can't be put into a bin beside what lies there."""
    return [*_wrong_goods(limits, there, coming), *_too_much(limits, [*there, *coming])]


def _too_much(limits: BinLimits, goods: Sequence[Content]) -> list[Problem]:
    found = []
    for message, most_of, size_of in _SIZES:
        most, size = most_of(limits), sum(map(size_of, goods), ZERO)
        if ZERO < most < size:
            found.append(problem(message, limits.code, plain(most), plain(size)))
    return found


def _wrong_goods(limits: BinLimits, there: Sequence[Content], coming: Sequence[Content]) -> list[Problem]:
    skus, batches = {one.sku for one in (*there, *coming)}, {(one.sku, one.batch) for one in (*there, *coming)}
    if limits.fixed_sku and {one.sku for one in coming} - {limits.fixed_sku}:
        return [problem(N_("{0} is kept for {1}"), limits.code, limits.fixed_sku)]
    if limits.single_sku and len(skus) > 1:
        return [problem(N_("{0} takes one SKU at a time: {1}"), limits.code, ", ".join(sorted(skus)))]
    if limits.single_batch and len(batches) > 1:
        named = ", ".join(sorted(batch or sku for sku, batch in batches))
        return [problem(N_("{0} takes one batch at a time: {1}"), limits.code, named)]
    return []
