"""Contradictions between figures about stock, and what becomes of incidents when they come and go.

Invariant: there is at most one open incident per check and key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ec_erp.inventory.types import StockKey
from ec_erp.kernel.numbers import plain
from ec_erp.kernel.problems import N_, Problem, problem


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A figure that is not what others say it must be."""

    invariant: str
    key: StockKey
    expected: Decimal
    found: Decimal


@dataclass(frozen=True, slots=True)
class Changes:
    """What a check does to incidents: new ones, those seen again (by name), those that are over (names)."""

    new: tuple[Contradiction, ...]
    again: dict[str, Contradiction]
    over: tuple[str, ...]


def compare(found: Iterable[Contradiction], known: Mapping[str, Contradiction]) -> Changes:
    """Return what to do with incidents that are open (by name) after a check of the same keys has found some."""
    wanted = {(one.invariant, one.key): one for one in found}
    open_ones = {(one.invariant, one.key): name for name, one in known.items()}
    return Changes(
        new=tuple(one for at, one in sorted(wanted.items()) if at not in open_ones),
        again={name: wanted[at] for at, name in open_ones.items() if at in wanted},
        over=tuple(sorted(name for at, name in open_ones.items() if at not in wanted)),
    )


# What each contradiction says (expected, found) and what to do about it.
_MEANINGS = {
    "Bins": (
        N_("The bins hold {0}, the balance says {1}"),
        N_("Count the bins of this SKU; what wrote them is in their movements"),
    ),
    "Ledger": (
        N_("The ledger comes to {0}, the balance says {1}"),
        N_("The ledger is right: run verify-ledgers for its chain, then replay-documents shows what wrote the balance"),
    ),
    "Reservations": (
        N_("Reservations hold {0}, the balance says {1} reserved"),
        N_("Open the reservations of this SKU and look for the document whose hold is not counted, or counted twice"),
    ),
    "Unpaid": (
        N_("Unpaid orders hold {0}, the balance says {1} unpaid"),
        N_("Open the reservations of this SKU and look for the document whose hold is not counted, or counted twice"),
    ),
    "Quotas": (
        N_("Quotas have {0} left, the balance says {1} locked"),
        N_("Open the stock quotas of this SKU and look for the one whose rest is not counted, or counted twice"),
    ),
    "Exposure": (
        N_("{0} are available, {1} are kept for channel groups and shops"),
        N_(
            "Lower the quotas; what strict shops show is lowered by itself. Orders that come short are in the report Oversold Stock"
        ),
    ),
    "Oversold": (
        N_("More is promised than there is: {1} available"),
        N_("More is promised than there is: transfer, buy, or cancel the latest orders"),
    ),
    "Layers": (
        N_("The open layers are worth {0}, the balance {1}"),
        N_("The ledger is right: replay-documents shows which layer was written otherwise"),
    ),
    "Checkpoints": (
        N_("The checkpoints hold {1} entries, the balance says {0}"),
        N_(
            "Stock as of past days may be wrong, that of now is not: run verify-ledgers and tell whoever looks after the system"
        ),
    ),
    "On Order": (
        N_("Purchase orders still expect {0}, the balance says {1} on order"),
        N_("Open the purchase orders of this SKU and look for the one whose rest is not counted, or counted twice"),
    ),
    "In Transit": (
        N_("Transfers have {0} on the way, the balance says {1} in transit"),
        N_("Open the transfers of this SKU and look for the one whose rest is not counted, or counted twice"),
    ),
}
_OTHERWISE = (
    N_("{0} was expected, {1} found"),
    N_("Figures contradict each other: run the proof of the ledgers and look for what wrote them"),
)


def meaning(invariant: str, expected: Decimal, found: Decimal) -> Problem:
    """Return what a contradiction says, for people."""
    return problem(_MEANINGS.get(invariant, _OTHERWISE)[0], plain(expected), plain(found))


def advice(invariant: str) -> str:
    """Return what to do about a contradiction (English: a key of translations)."""
    return _MEANINGS.get(invariant, _OTHERWISE)[1]
