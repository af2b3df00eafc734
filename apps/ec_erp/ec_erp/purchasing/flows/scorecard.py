"""How suppliers kept their promises, from what arrived and from appointments that are over.

Invariant: two queries, whatever the number of suppliers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from ec_erp.purchasing.flows import common
from ec_erp.purchasing.rules import appointing, scoring
from ec_erp.purchasing.store import appointments, planning
from ec_erp.purchasing.types import AppointmentKept, Arrival

_DAYS = 365


def scorecard(from_date: object, supplier: str | None, *, by_sku: bool) -> list[dict[str, Any]]:
    """Return one row per supplier (or supplier and SKU) with its score; empty cells are unknown."""
    first = common.day_of(from_date) if from_date else common.day_of(None) - timedelta(days=_DAYS)
    arrivals = planning.load_arrivals(datetime.combine(first, time()), [supplier] if supplier else ())
    if by_sku:
        return [_row(*key, rows) for key, rows in sorted(_by_sku(arrivals).items())]
    kept = _by_supplier(appointments.load_kept(first, supplier))
    suppliers = sorted({*arrivals, *kept})
    return [_row(name, "", arrivals.get(name, ())) | _kept(kept.get(name, ())) for name in suppliers]


def _by_sku(arrivals: Mapping[str, Sequence[Arrival]]) -> dict[tuple[str, str], Sequence[Arrival]]:
    groups: dict[tuple[str, str], list[Arrival]] = {}
    for supplier, rows in arrivals.items():
        for row in rows:
            groups.setdefault((supplier, row.sku), []).append(row)
    return dict(groups)


def _by_supplier(kept: Sequence[AppointmentKept]) -> dict[str, list[AppointmentKept]]:
    groups: dict[str, list[AppointmentKept]] = {}
    for one in kept:
        groups.setdefault(one.supplier, []).append(one)
    return groups


def _kept(kept: Sequence[AppointmentKept]) -> dict[str, Any]:
    return _shown(asdict(appointing.punctuality(kept)))


def _row(supplier: str, sku: str, arrivals: Sequence[Arrival]) -> dict[str, Any]:
    return {"supplier": supplier, "sku": sku or None, **_shown(asdict(scoring.score_of(arrivals)))}


def _shown(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: float(value) if isinstance(value, Decimal) else value for key, value in values.items()}
