"""How many units all listings together show beyond what there is: the worst possible oversell per SKU: pure.

Invariant: a SKU's exposure is what its listings show, combos and units per item counted, less what is available, never below zero.
Worked table: docs/algorithms/stock-publish.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ec_erp.channels.rules.publishing import exposure
from ec_erp.kernel.numbers import ZERO


@dataclass(frozen=True, slots=True)
class Shown:
    """A listing with the items that its shop shows, or may show soon, and the units of each SKU that one item takes."""

    listing: str
    company: str
    items: Decimal
    needs: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Exposed:
    """What is shown of a SKU by the shops of a company, and what there is."""

    company: str
    sku: str
    available: Decimal
    listings: tuple[tuple[str, Decimal, Decimal], ...]

    @property
    def published(self) -> Decimal:
        """Units that all listings show together."""
        return sum((items * units for _, items, units in self.listings), ZERO)

    @property
    def exposure(self) -> Decimal:
        """Units that could be sold and are not there."""
        return exposure([(items, units) for _, items, units in self.listings], self.available)


def worst_shown(published: Decimal, wanted: Decimal, *, under_way: bool) -> Decimal:
    """Return the most items that a shop may show: what it confirmed, or what it is being told and has not answered yet."""
    return max(ZERO, published, wanted if under_way else ZERO)


def exposures(shown: Iterable[Shown], available: Mapping[tuple[str, str], Decimal]) -> list[Exposed]:
    """Return each company's SKUs that are shown, those with most exposure first; the listings that show most units first.

    ``available`` is by company and SKU.
    """
    found: dict[tuple[str, str], list[tuple[str, Decimal, Decimal]]] = {}
    for one in shown:
        for sku, units in one.needs.items():
            if one.items > 0:
                found.setdefault((one.company, sku), []).append((one.listing, one.items, units))
    rows = [
        Exposed(*at, available.get(at, ZERO), tuple(sorted(own, key=lambda row: (-row[1] * row[2], row[0]))))
        for at, own in found.items()
    ]
    return sorted(rows, key=lambda row: (-row.exposure, row.sku, row.company))
