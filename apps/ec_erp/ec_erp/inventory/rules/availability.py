"""What may be shipped, promised and sold: formulas over the buckets of a balance, each with its terms for people to read.

Invariant: a formula's result is the sum of its terms. Worked tables: docs/algorithms/availability.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from ec_erp.inventory.types import DEFECTIVE, GOOD, Balance, Quota
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_

PUBLIC = ""


@dataclass(frozen=True, slots=True)
class Term:
    """One addend of a formula: its English label (a key of translations) and its signed value."""

    label: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Explained:
    """A quantity with the terms it is the sum of; ``floored`` says that a negative sum is shown as zero."""

    terms: tuple[Term, ...]
    floored: bool = False

    @property
    def value(self) -> Decimal:
        """The sum of the terms."""
        total = sum((term.value for term in self.terms), ZERO)
        return max(ZERO, total) if self.floored else total


def shippable(balance: Balance) -> Explained:
    """可发 S = on hand − frozen − what is held for others than unpaid orders."""
    held = balance.reserved - balance.unpaid
    return Explained(
        (
            Term(N_("On Hand"), balance.on_hand),
            Term(N_("Frozen"), -balance.frozen),
            Term(N_("Held for Paid Orders"), -held),
        )
    )


def available(balance: Balance) -> Explained:
    """可用 A = on hand − frozen − reserved; negative where more is promised than there is."""
    return Explained(
        (
            Term(N_("On Hand"), balance.on_hand),
            Term(N_("Frozen"), -balance.frozen),
            Term(N_("Reserved"), -balance.reserved),
        )
    )


def free(balance: Balance) -> Explained:
    """公有可用 A0 = available − what quotas of channel groups still keep."""
    return Explained((*available(balance).terms, Term(N_("Locked"), -balance.locked)))


def sellable(
    balance: Balance, quotas: Iterable[Quota] = (), group: str = PUBLIC, *, incoming: Decimal = ZERO
) -> Explained:
    """可售 V(g) = max(0, A0 (where the group may use the public pool) + L(g) + goods on their way that count).

    ``quotas`` are those of the balance's key; a group with an exclusive active quota sees nothing else.
    """
    own = [quota for quota in quotas if group and quota.channel_group == group and quota.active]
    terms = () if any(quota.exclusive for quota in own) else free(balance).terms
    kept = Term(N_("Kept for the Channel Group"), sum((quota.left for quota in own), ZERO))
    on_the_way = Term(N_("On the Way"), incoming)
    more = tuple(term for term in (kept, on_the_way) if term.value)
    return Explained((*terms, *more), floored=True)


def combo_sellable(components: Sequence[tuple[str, Decimal]], sellable_of: Mapping[str, Decimal]) -> Decimal:
    """V of a combo = min over its components of ⌊V ÷ quantity⌋; nothing without components."""
    if not components:
        return ZERO
    needed: dict[str, Decimal] = {}
    for sku, qty in components:
        needed[sku] = needed.get(sku, ZERO) + qty
    sets = (sellable_of.get(sku, ZERO) / qty for sku, qty in needed.items())
    return max(ZERO, min(sets).to_integral_value(ROUND_FLOOR))


@dataclass(frozen=True, slots=True)
class Lying:
    """What lies of a key in a bin and batch (empty text: in none) and grade.

    ``frozen`` is not for sale, ``allocated`` promised to picks.
    """

    bin: str
    batch: str
    grade: str
    on_hand: Decimal
    frozen: Decimal = ZERO
    allocated: Decimal = ZERO


def split(balance: Balance, places: Sequence[Lying]) -> tuple[Lying, ...]:
    """Return what is on hand by bin, batch and grade: the known places, and what lies in none of them by grade.

    The quantities add up to what is on hand; places where nothing lies are left out.
    """
    defective = balance.defective - sum((one.on_hand for one in places if one.grade == DEFECTIVE), ZERO)
    in_places = sum((one.on_hand for one in places), ZERO)
    good = balance.on_hand - in_places - defective
    frozen = balance.frozen - defective - sum((one.frozen for one in places), ZERO)
    rest = (Lying("", "", GOOD, good, max(ZERO, min(good, frozen))), Lying("", "", DEFECTIVE, defective, defective))
    ordered = sorted(places, key=lambda one: (one.bin, one.batch, one.grade))
    return tuple(one for one in (*ordered, *rest) if one.on_hand)
