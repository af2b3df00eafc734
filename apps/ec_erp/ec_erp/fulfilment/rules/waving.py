"""Which waiting deliveries are picked together, and when.

Invariants: a delivery is in one wave at most; a wave keeps to the rule's limits, except that one delivery alone may be beyond the
weight or volume; fewer than the least number go only for a reason that the wave states.
Worked table: docs/algorithms/waves.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from ec_erp.fulfilment.types import PlannedWave, WaitingNote, WaveTerms
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_

SINGLE, SAME_GOODS, SOW_LATER = "Single-Item", "One Basket One Kind", "Sow Later"
PICK_AND_SORT, URGENT, CUT_OFF = "Pick and Sort", "Urgent", "Cut-Off"
ENOUGH = N_("Enough orders are there")
WAITED = N_("An order has waited longer than the limit")
MISSED = N_("Too few orders were there several times in a row")
HURRY = N_("The orders are urgent")
COLLECTION = N_("The carrier collects soon")
BY_HAND = N_("Made by hand")


def is_due(rule: WaveTerms, now: datetime) -> bool:
    """Tell whether a rule is to run again."""
    if rule.kind == CUT_OFF and not _is_before_collection(rule, now):
        return False
    return rule.last_run is None or now - rule.last_run >= timedelta(minutes=rule.every_minutes)


def plan_waves(rule: WaveTerms, waiting: Sequence[WaitingNote], now: datetime) -> tuple[list[PlannedWave], int]:
    """Return the waves that a rule makes of waiting deliveries, and how many times in a row too few were there."""
    fitting = sorted((note for note in waiting if fits(rule, note, now)), key=_order)
    waves: list[PlannedWave] = []
    missed = False
    for group in _groups(rule, fitting):
        for part in _parts(rule, group):
            reason = _reason(rule, part, now)
            if reason is None:
                missed = True
            else:
                waves.append(PlannedWave(rule.name, rule.kind, tuple(part), reason))
    return waves, rule.misses + 1 if missed and not waves else 0


def fits(rule: WaveTerms, note: WaitingNote, now: datetime) -> bool:
    """Tell whether a delivery is one of those a rule is for."""
    if rule.shop not in (None, note.shop) or rule.carrier not in (None, note.carrier):
        return False
    if rule.kind == SINGLE:
        return len({sku for sku, _ in note.goods}) == 1
    if rule.kind == URGENT:
        limit = now + timedelta(hours=float(rule.urgent_hours))
        return note.ship_by is not None and note.ship_by <= limit
    return True


def _order(note: WaitingNote) -> tuple[int, datetime, datetime, str]:
    """Higher priority first, then what must leave first, then what waits longest."""
    return (-note.priority, note.ship_by or datetime.max, note.since, note.note)


def _groups(rule: WaveTerms, notes: Sequence[WaitingNote]) -> list[list[WaitingNote]]:
    """Keep deliveries of the same goods apart from others where a rule packs one kind at a time."""
    if rule.kind != SAME_GOODS:
        return [list(notes)] if notes else []
    groups: dict[tuple[tuple[str, Decimal], ...], list[WaitingNote]] = {}
    for note in notes:
        groups.setdefault(tuple(sorted(note.goods)), []).append(note)
    return list(groups.values())


def _parts(rule: WaveTerms, notes: Iterable[WaitingNote]) -> list[list[WaitingNote]]:
    """Cut deliveries into parts that keep to the rule's limits."""
    parts: list[list[WaitingNote]] = []
    weight = volume = ZERO
    for note in notes:
        weight, volume = weight + note.weight_g, volume + note.volume_cm3
        if not parts or _is_full(rule, len(parts[-1]), weight, volume):
            parts.append([])
            weight, volume = note.weight_g, note.volume_cm3
        parts[-1].append(note)
    return parts


def _is_full(rule: WaveTerms, count: int, weight: Decimal, volume: Decimal) -> bool:
    """Tell whether a part of ``count`` deliveries has no room for one more that makes it so heavy and large."""
    return (
        bool(rule.max_orders and count >= rule.max_orders)
        or ZERO < rule.max_weight_g < weight
        or ZERO < rule.max_volume_cm3 < volume
    )


def _reason(rule: WaveTerms, part: Sequence[WaitingNote], now: datetime) -> str | None:
    if rule.kind == URGENT:
        return HURRY
    if rule.kind == CUT_OFF:
        return COLLECTION
    if len(part) >= rule.min_orders:
        return ENOUGH
    longest = now - min(note.since for note in part)
    if rule.wait_limit_minutes and longest >= timedelta(minutes=rule.wait_limit_minutes):
        return WAITED
    return MISSED if rule.most_misses and rule.misses >= rule.most_misses else None


def _is_before_collection(rule: WaveTerms, now: datetime) -> bool:
    if rule.cut_off is None:
        return False
    collection = datetime.combine(now.date(), rule.cut_off)
    return collection - timedelta(minutes=rule.cut_off_lead_minutes) <= now <= collection
