"""Which batches and bins a movement takes or fills where the document does not say.

Invariants: goods that expire first leave first; a batch past its last day of sale is not sold; what other pick tasks
have been promised in a bin is left there; goods arrive in the bin that the warehouse names for them.
Worked tables: docs/algorithms/fefo.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from ec_erp.inventory.types import (
    AVAILABLE,
    COST_FROM_REVERSAL,
    DEFECTIVE,
    GOOD,
    ON_HAND,
    UNTRACKED,
    Place,
    PlaceKey,
    StockMove,
    StockTerms,
    Tracking,
)
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, Problem, problem

ZONE_RANKS = {"Pick": 0, "Reserve": 1, "Staging": 2, "Return": 3, "Defective": 4}

Part = tuple[Tracking, Decimal]


def take_from_places(places: Iterable[Place], move: StockMove, day: date) -> tuple[list[Part], Decimal]:
    """Return from where an issue takes its goods, as (tracking, quantity), and how much is missing.

    ``places`` are those of the move's key; ``day`` is the event day, which decides what may still be sold.
    """
    left, parts = -move.qty, []
    for place in sorted(_fitting(places, move, day), key=_pick_order):
        used = min(left, _free(place, move))
        if used > 0:
            tracking = replace(move.tracking, batch=place.at.batch or None, bin=place.at.bin or None)
            parts.append((tracking, used))
            left -= used
        if not left:
            break
    return parts, left


def put_into_place(move: StockMove, terms: StockTerms) -> tuple[Tracking, list[Problem]]:
    """Return where goods that come in go, and what the document fails to say."""
    tracking, problems = move.tracking, []
    if terms.has_bins and not tracking.bin:
        tracking = replace(tracking, bin=_default_bin(move, terms) or None)
        if not tracking.bin:
            problems.append(problem(N_("{0} names no bin for {1}"), move.key.warehouse, move.key.sku))
    if terms.has_batch and not tracking.batch:
        problems.append(problem(N_("Say which batch of {0} it is"), move.key.sku))
    return tracking, problems


def unknown_tracking(move: StockMove, terms: StockTerms) -> list[Problem]:
    """Return what a document says of goods that are not kept that way."""
    found: list[Problem] = []
    if move.tracking is UNTRACKED:
        return found
    if move.tracking.batch and not terms.has_batch:
        found.append(problem(N_("{0} is kept without batches"), move.key.sku))
    if move.tracking.bin and not terms.has_bins:
        found.append(problem(N_("{0} is kept without bins"), move.key.warehouse))
    if move.tracking.serials and not terms.serials:
        found.append(problem(N_("{0} is kept without serial numbers"), move.key.sku))
    return found


def refrozen(places: Iterable[Place], day: date) -> list[Place]:
    """Return the places of good pieces whose frozen quantity changes because of what may be sold on a day."""
    changed = []
    for place in places:
        wanted = ZERO if _may_be_sold(place, day) else place.on_hand
        if place.at.grade == GOOD and place.frozen != wanted:
            changed.append(replace(place, frozen=wanted))
    return changed


def place_key(move: StockMove, tracking: Tracking) -> PlaceKey:
    """Return where pieces with this tracking lie."""
    return PlaceKey(move.key, tracking.bin or "", tracking.batch or "", tracking.grade)


def _fitting(places: Iterable[Place], move: StockMove, day: date) -> Iterable[Place]:
    wanted = move.tracking
    for place in places:
        at = place.at
        if at.grade != wanted.grade or place.on_hand <= 0:
            continue
        if (wanted.bin and at.bin != wanted.bin) or (wanted.batch and at.batch != wanted.batch):
            continue
        if move.reach == AVAILABLE and move.source != COST_FROM_REVERSAL and not _may_be_sold(place, day):
            continue
        yield place


def _may_be_sold(place: Place, day: date) -> bool:
    return place.sellable and (place.sell_until is None or day <= place.sell_until)


def _free(place: Place, move: StockMove) -> Decimal:
    """Return what a movement may take of a place.

    What pick tasks have been promised is taken only where the bin is named; what is frozen only by those who do not sell.
    """
    kept = ZERO if _takes_frozen(move) else place.frozen
    return max(ZERO, place.on_hand - kept - (ZERO if move.tracking.bin else place.allocated))


def _takes_frozen(move: StockMove) -> bool:
    return move.reach == ON_HAND or move.source == COST_FROM_REVERSAL


def _pick_order(place: Place) -> tuple[date, tuple[int, int, int, str], str]:
    return (place.expires or date.max, place.rank, place.at.batch)


def _default_bin(move: StockMove, terms: StockTerms) -> str:
    if move.tracking.grade == DEFECTIVE:
        return terms.defective_bin or terms.return_bin or terms.receiving_bin
    if move.is_return:
        return terms.return_bin or terms.receiving_bin
    return terms.receiving_bin
