"""Which warehouse an order leaves from, and why: pure.

Steps, each told: rule, coverage of the region, daily cap, everything in one, freight, priority, name. Invariant: every
warehouse that was looked at has its reason; the same facts give the same answer. Worked table: docs/algorithms/order-warehouse.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ec_erp.kernel.freight import plain_province
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, Problem, problem

Demand = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A warehouse. No ``coverage`` stands for everywhere, else (province, city) pairs, the city empty for all of it.

    ``daily_cap`` 0 is no cap, ``load`` what it has to ship today already; ``freight`` None where no price is known.
    """

    name: str
    free: Mapping[str, Decimal]
    coverage: tuple[tuple[str, str], ...] = ()
    priority: int = 0
    daily_cap: int = 0
    load: int = 0
    freight: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The warehouse chosen (None: none fits), why, and the way of every candidate. ``whole`` says it has everything.

    ``split`` gives, where no warehouse has everything and the order may be split, (warehouse, quantity) per SKU.
    """

    warehouse: str | None
    why: tuple[Problem, ...]
    whole: bool = False
    split: Mapping[str, Sequence[tuple[str, Decimal]]] = field(default_factory=dict)


def choose(
    demand: Demand,
    candidates: Sequence[Candidate],
    province: str,
    city: str,
    *,
    excluded: Sequence[str] = (),
    may_split: bool = False,
) -> Choice:
    """Choose the warehouse for what an order needs."""
    why: list[Problem] = []
    fitting = [one for one in candidates if _fits(one, province, city, excluded, why)]
    if not fitting:
        return Choice(None, (*why, problem(N_("No warehouse is left"))))
    whole = [one for one in fitting if has_all(one, demand)]
    for one in fitting:
        if one not in whole:
            why.append(
                problem(N_("{0} has {1} of {2} units"), one.name, _covered(one, demand), sum(demand.values(), ZERO))
            )
    if whole:
        best = min(whole, key=_rank)
        others = [
            problem(N_("{0} has everything, too: freight {1}, priority {2}"), *_told(one))
            for one in whole
            if one != best
        ]
        told = problem(N_("{0} has everything: freight {1}, priority {2}"), *_told(best))
        return Choice(best.name, (told, *others, *why), whole=True)
    if may_split and len(fitting) > 1:
        parts = fewest_parcels(demand, fitting)
        if parts:
            return Choice(
                None, (problem(N_("Together {0} have everything"), ", ".join(_names(parts))), *why), split=parts
            )
    best = min(fitting, key=lambda one: (-_covered(one, demand), *_rank(one)))
    return Choice(best.name, (problem(N_("{0} has the most of it; no warehouse has everything"), best.name), *why))


def has_all(candidate: Candidate, demand: Demand) -> bool:
    """Tell whether a warehouse has all that is needed."""
    return all(candidate.free.get(sku, ZERO) >= qty for sku, qty in demand.items())


def covers(candidate: Candidate, province: str, city: str) -> bool:
    """Tell whether a warehouse delivers to a place."""
    if not candidate.coverage:
        return True
    return any(
        plain_province(there) == plain_province(province) and (not town or plain_province(town) == plain_province(city))
        for there, town in candidate.coverage
    )


def fewest_parcels(demand: Demand, candidates: Sequence[Candidate]) -> dict[str, list[tuple[str, Decimal]]]:
    """Return what comes from where, taking the warehouse that has most of the rest first; empty where it does not suffice."""
    rest = {sku: qty for sku, qty in demand.items() if qty > 0}
    parts: dict[str, list[tuple[str, Decimal]]] = {}
    left = list(candidates)
    while rest and left:
        best = min(left, key=lambda one: (-_covered(one, rest), *_rank(one)))
        left.remove(best)
        for sku in list(rest):
            taken = min(rest[sku], max(ZERO, best.free.get(sku, ZERO)))
            if taken > 0:
                parts.setdefault(sku, []).append((best.name, taken))
                rest[sku] -= taken
        rest = {sku: qty for sku, qty in rest.items() if qty > 0}
    return {} if rest else parts


def _fits(one: Candidate, province: str, city: str, excluded: Sequence[str], why: list[Problem]) -> bool:
    if one.name in excluded:
        why.append(problem(N_("{0} is excluded by a rule"), one.name))
        return False
    if not covers(one, province, city):
        why.append(problem(N_("{0} does not deliver to {1}"), one.name, f"{province}{city}" or "?"))
        return False
    if one.daily_cap and one.load >= one.daily_cap:
        why.append(problem(N_("{0} has its {1} orders of today"), one.name, one.daily_cap))
        return False
    return True


def _rank(one: Candidate) -> tuple[bool, Decimal, int, str]:
    return one.freight is None, one.freight or ZERO, one.priority, one.name


def _told(one: Candidate) -> tuple[object, ...]:
    return one.name, one.freight if one.freight is not None else "–", one.priority


def _covered(one: Candidate, demand: Demand) -> Decimal:
    return sum((min(qty, max(ZERO, one.free.get(sku, ZERO))) for sku, qty in demand.items()), ZERO)


def _names(parts: Mapping[str, Sequence[tuple[str, Decimal]]]) -> list[str]:
    return list(dict.fromkeys(name for shares in parts.values() for name, _ in shares))
