"""Standing checks of the catalog's data, and what would mend it: pure, over sets of rows.

Invariant: a proposal is a fact found elsewhere in the data (a sibling, a category, a listing's code), never a guess; where the
data says nothing, a finding has no proposal and a person decides. Worked tables: docs/algorithms/data-quality.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from ec_erp.kernel.problems import N_, Problem, problem

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Finding:
    """A document that a check has found: what is wrong, and what would mend it.

    ``changes`` are the fields to set; ``drop`` names the row of a table to take out, as (table, row); ``insert`` is a new
    document to make. None of them: there is no proposal.
    """

    doctype: str
    name: str
    why: Problem
    changes: Mapping[str, object] = field(default_factory=dict)
    drop: tuple[str, str] | None = None
    insert: Mapping[str, object] = field(default_factory=dict)

    @property
    def can_be_mended(self) -> bool:
        """Whether there is a proposal."""
        return bool(self.changes or self.drop or self.insert)


@dataclass(frozen=True, slots=True)
class Check:
    """A standing check: its title, what to do about it, and how its findings are loaded."""

    code: str
    advice: str
    find: Callable[[], Sequence[Finding]]


@dataclass(frozen=True, slots=True)
class BarcodeRow:
    """A barcode on a SKU: row, code, SKU, whether the SKU is switched off, when it was made (sortable text)."""

    row: str
    barcode: str
    sku: str
    disabled: bool = False
    since: str = ""


def duplicate_barcodes(rows: Iterable[BarcodeRow]) -> list[Finding]:
    """Return the barcodes that several SKUs carry; they stay on the one in use that was there first."""
    groups: dict[str, list[BarcodeRow]] = {}
    for row in rows:
        groups.setdefault(row.barcode.casefold(), []).append(row)
    found = []
    for group in groups.values():
        keeper = min(group, key=lambda row: (row.disabled, row.since, row.sku))
        for row in group:
            if row.sku != keeper.sku:
                why = problem(N_("The barcode {0} belongs to {1} as well"), row.barcode, keeper.sku)
                found.append(Finding("SKU", row.sku, why, drop=("barcodes", row.row)))
    return found


def agreed(values: Iterable[Value | None]) -> Value | None:
    """Return the value that all who have one agree on, None where nobody has one or they differ."""
    known = {value for value in values if value}
    return known.pop() if len(known) == 1 else None


def missing(
    names: Iterable[str], proposals: Mapping[str, object | None], field_name: str, why: Callable[[str], Problem]
) -> list[Finding]:
    """Return a finding per SKU without a value, with the proposal where there is one."""
    return [
        Finding("SKU", name, why(name), {field_name: proposals[name]} if proposals.get(name) else {}) for name in names
    ]


def broken_combos(components: Mapping[str, Collection[str]], usable: Collection[str]) -> list[Finding]:
    """Return the combos that contain themselves by any way, or SKUs that are not there or switched off.

    ``components`` are those of all combos; ``usable`` are the SKUs that may be sold. What mends it is to switch the combo off.
    """
    found = []
    for combo in sorted(components):
        lost = sorted(sku for sku in components[combo] if sku not in usable)
        if is_in_itself(combo, components):
            found.append(Finding("SKU", combo, problem(N_("{0} contains itself"), combo), {"disabled": 1}))
        elif lost or not components[combo]:
            why = problem(N_("{0} contains what can't be sold: {1}"), combo, ", ".join(lost) or "-")
            found.append(Finding("SKU", combo, why, {"disabled": 1}))
    return found


def is_in_itself(combo: str, components: Mapping[str, Collection[str]]) -> bool:
    """Tell whether a way through components leads from a combo back to itself."""
    seen: set[str] = set()
    waiting = list(components.get(combo, ()))
    while waiting:
        sku = waiting.pop()
        if sku == combo:
            return True
        if sku not in seen:
            seen.add(sku)
            waiting.extend(components.get(sku, ()))
    return False


SHORTEST_MONTH_DAYS = 28  # limits must hold for every batch


@dataclass(frozen=True, slots=True)
class ShelfLife:
    """How long a SKU with batches keeps, and how many days before the end it is still sold and received."""

    sku: str
    shelf_life_days: int = 0
    sale_limit_days: int = 0
    receive_limit_days: int = 0


def wrong_shelf_lives(rows: Iterable[ShelfLife], proposals: Mapping[str, int | None]) -> list[Finding]:
    """Return SKUs whose limits can't hold: no shelf life, limits beyond it, received later than sold."""
    found = []
    for row in rows:
        why = _shelf_problem(row)
        if why:
            proposed = proposals.get(row.sku) if not row.shelf_life_days else None
            found.append(Finding("SKU", row.sku, why, {"shelf_life_days": proposed} if proposed else {}))
    return found


def _shelf_problem(row: ShelfLife) -> Problem | None:
    if not row.shelf_life_days:
        return problem(N_("{0} has batches but no shelf life"), row.sku)
    if max(row.sale_limit_days, row.receive_limit_days) >= row.shelf_life_days:
        return problem(N_("{0} keeps {1} days: no batch can meet its limits"), row.sku, row.shelf_life_days)
    if row.receive_limit_days and row.receive_limit_days < row.sale_limit_days:
        return problem(N_("{0} may be received when it may not be sold any more"), row.sku)
    return None


@dataclass(frozen=True, slots=True)
class ListingRow:
    """A listing: its codes on the platform, the SKU it stands for, how many units one item is."""

    name: str
    outer_code: str = ""
    platform_sku_id: str = ""
    sku: str = ""
    multiplier: Decimal = Decimal(1)
    title: str = ""


def unmapped_listings(rows: Iterable[ListingRow], skus: Mapping[str, str]) -> list[Finding]:
    """Return listings without a SKU; ``skus`` gives the SKU of codes and barcodes, by case-folded text."""
    found = []
    for row in rows:
        match = next(
            (skus[code.casefold()] for code in (row.outer_code, row.platform_sku_id) if code.casefold() in skus), ""
        )
        why = problem(N_("No SKU is known for {0}"), row.outer_code or row.title or row.platform_sku_id or row.name)
        found.append(Finding("Listing", row.name, why, {"sku": match} if match else {}))
    return found


def odd_multipliers(rows: Iterable[ListingRow]) -> list[Finding]:
    """Return listings whose units per item differ from most listings with the same code and SKU; on a tie no proposal."""
    groups: dict[tuple[str, str], list[ListingRow]] = {}
    for row in rows:
        if row.sku and row.outer_code:
            groups.setdefault((row.sku, row.outer_code.casefold()), []).append(row)
    found = []
    for group in groups.values():
        ranked = Counter(row.multiplier for row in group).most_common()
        clear = len(ranked) > 1 and ranked[0][1] > ranked[1][1]
        for row in group if len(ranked) > 1 else ():
            if not clear or row.multiplier != ranked[0][0]:
                why = problem(N_("{0} stands for {1} units here, for others elsewhere"), row.outer_code, row.multiplier)
                found.append(Finding("Listing", row.name, why, {"multiplier": float(ranked[0][0])} if clear else {}))
    return found
