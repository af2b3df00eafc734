"""How a supplier keeps promises: on time, defects, price, lead time.

Invariant: what can't be told (nothing received, nothing bought twice) is None, never zero.
Worked table: docs/algorithms/supplier-scorecard.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from ec_erp.kernel.numbers import ZERO
from ec_erp.purchasing.types import Arrival, Score

_HUNDRED = Decimal(100)
_PERCENT = Decimal("0.01")


def score_of(arrivals: Sequence[Arrival]) -> Score:
    """Return the scorecard of a supplier (or of a SKU at a supplier) from arrivals in the order of time."""
    dated = [arrival for arrival in arrivals if arrival.due is not None]
    on_time = [arrival for arrival in dated if arrival.due is not None and arrival.arrived <= arrival.due]
    leads = [Decimal((arrival.arrived - arrival.ordered).days) for arrival in arrivals if arrival.ordered is not None]
    came = sum((arrival.qty for arrival in arrivals), ZERO)
    bad = sum((arrival.rejected + arrival.returned for arrival in arrivals), ZERO)
    mean = sum(leads, ZERO) / len(leads) if leads else None
    return Score(
        receipts=len({arrival.receipt for arrival in arrivals}),
        qty=came,
        on_time_percent=_percent(Decimal(len(on_time)), Decimal(len(dated))),
        defect_percent=_percent(bad, came),
        price_trend_percent=price_trend(arrivals),
        lead_days=_round(mean),
        lead_spread=_round(_spread(leads, mean)),
    )


def price_trend(arrivals: Sequence[Arrival]) -> Decimal | None:
    """Return how far the last prices lie above the first ones, weighted by the last quantities, in percent.

    SKUs that came once say nothing.
    """
    first: dict[str, Decimal] = {}
    last: dict[str, Arrival] = {}
    for arrival in arrivals:
        first.setdefault(arrival.sku, arrival.price)
        last[arrival.sku] = arrival
    seen: dict[str, int] = {}
    for arrival in arrivals:
        seen[arrival.sku] = seen.get(arrival.sku, 0) + 1
    twice = [sku for sku, times in seen.items() if times > 1 and first[sku] > 0]
    before = sum((first[sku] * last[sku].qty for sku in twice), ZERO)
    after = sum((last[sku].price * last[sku].qty for sku in twice), ZERO)
    return _round((after - before) * _HUNDRED / before) if before else None


def _spread(values: Sequence[Decimal], mean: Decimal | None) -> Decimal | None:
    if mean is None or len(values) < 2:
        return None
    return (sum(((value - mean) ** 2 for value in values), ZERO) / len(values)).sqrt()


def _percent(part: Decimal, whole: Decimal) -> Decimal | None:
    return _round(part * _HUNDRED / whole) if whole else None


def _round(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(_PERCENT, ROUND_HALF_UP)
