"""How suppliers kept their promises, from what arrived.

Invariant: one query, whatever the number of suppliers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from ec_erp.purchasing.flows import common
from ec_erp.purchasing.rules import scoring
from ec_erp.purchasing.store import planning
from ec_erp.purchasing.types import Arrival

_DAYS = 365


def scorecard(from_date: object, supplier: str | None, *, by_sku: bool) -> list[dict[str, Any]]:
    """Return one row per supplier (or supplier and SKU) with its score; empty cells are unknown."""
    first = common.day_of(from_date) if from_date else common.day_of(None) - timedelta(days=_DAYS)
    arrivals = planning.load_arrivals(datetime.combine(first, time()), [supplier] if supplier else ())
    groups = _by_sku(arrivals) if by_sku else {(name, ""): rows for name, rows in arrivals.items()}
    return [_row(*key, rows) for key, rows in sorted(groups.items())]


def _by_sku(arrivals: Mapping[str, Sequence[Arrival]]) -> dict[tuple[str, str], Sequence[Arrival]]:
    groups: dict[tuple[str, str], list[Arrival]] = {}
    for supplier, rows in arrivals.items():
        for row in rows:
            groups.setdefault((supplier, row.sku), []).append(row)
    return dict(groups)


def _row(supplier: str, sku: str, arrivals: Sequence[Arrival]) -> dict[str, Any]:
    score = asdict(scoring.score_of(arrivals))
    shown = {key: float(value) if isinstance(value, Decimal) else value for key, value in score.items()}
    return {"supplier": supplier, "sku": sku or None, **shown}
