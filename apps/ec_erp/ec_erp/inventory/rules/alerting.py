"""When stock crosses its bounds, and whom that is told.

Invariant: a key has at most one open alert; who is told of a crossing is told once. Worked table: docs/algorithms/stock-watch.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ec_erp.inventory.types import StockKey


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """An alert that is open: on which side of its bounds the key was found, by which rule."""

    name: str
    key: StockKey
    state: str


@dataclass(frozen=True, slots=True)
class Crossings:
    """What a look at stock does to alerts: keys that have crossed a bound, alerts seen again (by name), alerts that are over."""

    new: tuple[StockKey, ...]
    again: dict[str, StockKey]
    over: tuple[str, ...]


def crossings(outside: Mapping[StockKey, str], known: Iterable[OpenAlert]) -> Crossings:
    """Return what to do with open alerts when these keys are outside of their bounds, each on its side.

    Going from one side to the other is a crossing, too: the old alert is over, a new one begins.
    """
    alerts = list(known)
    still = {alert.name: alert.key for alert in alerts if outside.get(alert.key) == alert.state}
    return Crossings(
        new=tuple(sorted(set(outside) - set(still.values()))),
        again=still,
        over=tuple(sorted(alert.name for alert in alerts if alert.name not in still)),
    )


def told(
    rules: Iterable[str], roles_of: Mapping[str, Iterable[str]], users_of: Mapping[str, Iterable[str]],
    members: Mapping[str, Iterable[str]], enabled: Iterable[str],
) -> dict[str, tuple[str, ...]]:  # fmt: skip
    """Return the enabled users whom each rule tells, each once: those it names and the members of the roles it names."""
    allowed = set(enabled)
    found = {}
    for rule in rules:
        named = {*users_of.get(rule, ())}
        named.update(user for role in roles_of.get(rule, ()) for user in members.get(role, ()))
        found[rule] = tuple(sorted(named & allowed))
    return found
