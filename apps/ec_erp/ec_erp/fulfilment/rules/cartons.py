"""Which carton or bag goods are packed into: pure.

Invariant: what is recommended holds the goods by weight, volume and longest sides, and nothing smaller that would do is in
stock. Worked tables: docs/algorithms/cartons.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ec_erp.fulfilment.types import PackLine
from ec_erp.kernel.numbers import ZERO, plain
from ec_erp.kernel.problems import N_, Problem, problem

_HUNDRED = Decimal(100)
Sides = tuple[Decimal, Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Carton:
    """A packing material: inner sides in cm, what it may hold in grams (0: no limit), its own weight, the class it is for."""

    sku: str
    inner: Sides
    max_load_g: Decimal = ZERO
    weight_g: Decimal = ZERO
    packing_class: str = ""

    @property
    def volume_cm3(self) -> Decimal:
        """The inner volume."""
        return self.inner[0] * self.inner[1] * self.inner[2]


@dataclass(frozen=True, slots=True)
class Contents:
    """Goods that go into one parcel. ``unknown`` names a SKU whose size nobody knows; ``sides`` those of units that are known."""

    weight_g: Decimal = ZERO
    volume_cm3: Decimal = ZERO
    sides: tuple[Sides, ...] = ()
    classes: frozenset[str] = frozenset()
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """The recommended carton, None where there is none, and why."""

    carton: Carton | None
    why: Problem


def contents_of(lines: Iterable[PackLine]) -> Contents:
    """Return what the lines of a parcel come to."""
    known = list(lines)
    return Contents(
        weight_g=sum((line.qty * line.weight_g for line in known), ZERO),
        volume_cm3=sum((line.qty * line.volume_cm3 for line in known), ZERO),
        sides=tuple(line.sides for line in known if all(line.sides)),
        classes=frozenset(line.packing_class for line in known if line.packing_class),
        unknown=next((line.sku for line in known if line.volume_cm3 <= 0), ""),
    )


def holds(carton: Carton, contents: Contents, fill_percent: Decimal) -> bool:
    """Tell whether a carton holds the goods: weight, volume up to the fill, and each unit by its sides, turned as it fits."""
    inner = sorted(carton.inner)
    return (
        (carton.max_load_g <= 0 or contents.weight_g <= carton.max_load_g)
        and contents.volume_cm3 <= carton.volume_cm3 * fill_percent / _HUNDRED
        and all(side <= room for unit in contents.sides for side, room in zip(sorted(unit), inner, strict=True))
    )


def recommend(
    contents: Contents, cartons: Sequence[Carton], fill_percent: Decimal, free: Mapping[str, Decimal]
) -> Choice:
    """Return the smallest carton that holds the goods and is in stock; where none is in stock the smallest that holds them.

    Goods of a packing class take cartons for that class where one holds them, else cartons for no class in particular.
    """
    if contents.unknown:
        return Choice(None, problem(N_("The size of {0} is not known"), contents.unknown))
    fitting = [carton for carton in cartons if holds(carton, contents, fill_percent)]
    meant = [carton for carton in fitting if carton.packing_class and carton.packing_class in contents.classes]
    usable = meant or [carton for carton in fitting if not carton.packing_class]
    if not usable:
        message = N_("No carton holds {0} cm³ and {1} g")
        return Choice(None, problem(message, plain(contents.volume_cm3), plain(contents.weight_g)))
    there = [carton for carton in usable if free.get(carton.sku, ZERO) >= 1]
    best = min(there or usable, key=lambda carton: (carton.volume_cm3, carton.weight_g, carton.sku))
    values = best.sku, plain(contents.volume_cm3), plain(best.volume_cm3)
    if there:
        return Choice(best, problem(N_("{0}: {1} of {2} cm³"), *values))
    return Choice(best, problem(N_("{0}: {1} of {2} cm³, none in stock"), *values))


def groups(lines: Sequence[PackLine]) -> list[list[PackLine]]:
    """Return the lines by split class, in their order: goods of different classes never share a parcel."""
    found: dict[str, list[PackLine]] = {}
    for line in lines:
        found.setdefault(line.split_class, []).append(line)
    return list(found.values())
