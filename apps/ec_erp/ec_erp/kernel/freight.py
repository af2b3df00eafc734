"""What a parcel costs by a carrier's price table: first weight, further steps, region, promise.

Invariant: a price never falls as a parcel grows heavier, and among fitting rates the cheapest one is named, ties broken
by promise, priority and name. Worked tables: docs/algorithms/freight.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from ec_erp.kernel.numbers import ZERO, plain
from ec_erp.kernel.problems import N_, Problem, problem

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class FreightBand:
    """Prices for a region; no ``provinces`` stands for everywhere that no other band of the rate names."""

    first_weight_g: Decimal
    first_price: Decimal
    step_weight_g: Decimal = ZERO
    step_price: Decimal = ZERO
    promise_hours: int = 0
    excluded: bool = False
    provinces: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FreightRate:
    """A carrier's price table, for parcels out of one warehouse (None: any); a lower ``priority`` number goes first."""

    name: str
    carrier: str
    bands: tuple[FreightBand, ...]
    warehouse: str | None = None
    priority: int = 0
    valid_from: date | None = None
    valid_to: date | None = None
    cod: bool = False


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is to be sent: from where, to which province, how heavy, whether the carrier collects, on which day."""

    warehouse: str
    province: str
    weight_g: Decimal
    cod: bool
    day: date


@dataclass(frozen=True, slots=True)
class Quote:
    """What a rate asks for a parcel."""

    rate: str
    carrier: str
    price: Decimal
    promise_hours: int
    priority: int


@dataclass(frozen=True, slots=True)
class CarrierCap:
    """The most that a carrier takes of a day's parcels: so many, and such a share of all. Zero does not matter."""

    daily: int = 0
    share_percent: Decimal = ZERO


def rate_problems(bands: Sequence[FreightBand]) -> list[Problem]:
    """Return what is wrong with the bands of a price table, rows counted from 1: each place has one price."""
    found: list[Problem] = []
    first_of: dict[str, int] = {}
    for row, band in enumerate(bands, 1):
        for name in sorted(band.provinces) or [""]:
            first = first_of.setdefault(plain_province(name), row)
            if first != row and name:
                found.append(problem(N_("Row {0}: row {1} has a price for {2} already"), row, first, name))
            elif first != row:
                found.append(problem(N_("Row {0}: row {1} has a price for everywhere else already"), row, first))
        if band.step_price and band.step_weight_g <= 0:
            found.append(problem(N_("Row {0}: say for how many grams the step price is"), row))
    return found


def quote(rate: FreightRate, parcel: Parcel) -> Quote | Problem:
    """Return what a rate asks for a parcel, or why it does not take it."""
    if rate.warehouse and rate.warehouse != parcel.warehouse:
        return problem(N_("{0} is for the warehouse {1}"), rate.name, rate.warehouse)
    if (rate.valid_from and parcel.day < rate.valid_from) or (rate.valid_to and parcel.day > rate.valid_to):
        return problem(N_("{0} is not valid on {1}"), rate.name, parcel.day)
    if parcel.cod and not rate.cod:
        return problem(N_("{0} does not collect on delivery"), rate.name)
    band = band_for(rate, parcel.province)
    if band is None or band.excluded:
        return problem(N_("{0} does not go to {1}"), rate.name, parcel.province or "?")
    return Quote(rate.name, rate.carrier, price_of(band, parcel.weight_g), band.promise_hours, rate.priority)


def band_for(rate: FreightRate, province: str) -> FreightBand | None:
    """Return the band that names the province, else the one for everywhere else."""
    wanted = plain_province(province)
    rest = None
    for band in rate.bands:
        if not band.provinces:
            rest = rest or band
        elif wanted in {plain_province(name) for name in band.provinces}:
            return band
    return rest


def price_of(band: FreightBand, weight_g: Decimal) -> Decimal:
    """Return the price of a weight: the first weight, then every step begun."""
    beyond = max(ZERO, weight_g - band.first_weight_g)
    if not beyond or band.step_weight_g <= 0:
        return band.first_price
    steps = (beyond / band.step_weight_g).to_integral_value(ROUND_CEILING)
    return band.first_price + steps * band.step_price


def compare(rates: Sequence[FreightRate], parcel: Parcel) -> tuple[list[Quote], list[Problem]]:
    """Return the quotes of all rates that take a parcel, the best first, and why the others do not."""
    found = [quote(rate, parcel) for rate in rates]
    quotes = [one for one in found if isinstance(one, Quote)]
    quotes.sort(key=lambda one: (one.price, one.promise_hours, one.priority, one.carrier, one.rate))
    return quotes, [one for one in found if isinstance(one, Problem)]


def under_caps(
    quotes: Sequence[Quote], caps: Mapping[str, CarrierCap], carried: Mapping[str, int]
) -> tuple[list[Quote], list[Problem]]:
    """Return the quotes of carriers that may take one more parcel of the day, and why others may not.

    ``carried`` counts the parcels of the day by carrier. Where no carrier may, all keep their place: a cap moves parcels
    to other carriers, it never leaves them lying.
    """
    found = {one.carrier: cap_problem(one.carrier, caps.get(one.carrier), carried) for one in quotes}
    free = [one for one in quotes if found[one.carrier] is None]
    problems = [known for known in found.values() if known is not None]
    if not free and problems:
        return list(quotes), [*problems, problem(N_("Every carrier has reached its cap: the best one takes it"))]
    return free, problems


def cap_problem(carrier: str, cap: CarrierCap | None, carried: Mapping[str, int]) -> Problem | None:
    """Return why a carrier may not take one more parcel of the day, None where it may."""
    if cap is None:
        return None
    own, total = carried.get(carrier, 0), sum(carried.values())
    if cap.daily and own >= cap.daily:
        return problem(N_("{0} has its {1} parcels of the day"), carrier, cap.daily)
    most = (cap.share_percent * (total + 1) / _HUNDRED).to_integral_value(ROUND_CEILING)
    if cap.share_percent and own >= most:
        return problem(N_("{0} has its {1} % of the day's parcels"), carrier, plain(cap.share_percent))
    return None


def plain_province(name: str) -> str:
    """Return a province without the words that are written or left out at will."""
    text = name.strip()
    for ending in ("维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "特别行政区", "省", "市"):
        if text.endswith(ending) and len(text) > len(ending):
            return text.removesuffix(ending)
    return text
