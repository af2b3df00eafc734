"""What is left of goods that arrived once, by the view that first in goes first out, and where transfers have taken it.

Invariants: what is left of all arrivals of a key is never more than what lies there; of an arrival no more is found anywhere than has
arrived. Worked tables: docs/algorithms/landed-cost.md.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple

from ec_erp.inventory.types import StockKey
from ec_erp.kernel.numbers import ZERO


@dataclass(frozen=True, slots=True)
class Arrived:
    """Goods that arrived: how many, as which entry of their key, and how many good units lay there before.

    ``behind`` counts the units that came in the same arrival and leave after these: goods of somebody else's. ``rows`` are the
    rows of the document that brought them: of goods costed first in, first out each is a layer.
    """

    key: StockKey
    qty: Decimal
    seq: int
    before: Decimal = ZERO
    behind: Decimal = ZERO
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SentOn:
    """Goods that a transfer took out of a key: ``first`` of all units that have left since the arrival up to ``last``.

    ``to`` says where they are now: at the target, on their way; what is in neither was lost.
    """

    voucher: str
    first: Decimal
    last: Decimal
    to: tuple[Arrived, ...] = ()


class Moved(NamedTuple):
    """An entry of good units at a key: its number, its voucher, whether that is a transfer, units with their sign."""

    seq: int
    voucher: str
    is_transfer: int
    qty: Decimal


@dataclass(frozen=True, slots=True)
class Since:
    """What happened at a key after an entry: units that arrived, and the transfers that took some elsewhere.

    A voucher counts with what it comes to: one that takes goods out and in again (another bin, a cancelled delivery) brings nothing.
    """

    later: Decimal = ZERO
    sent: tuple[SentOn, ...] = ()


def happened_since(moves: Sequence[Moved], starts: Iterable[int]) -> dict[int, Since]:
    """Return what happened after each of the entries ``starts``, out of all entries of the key after the first of these, in order."""
    walk = _Walk()
    found: dict[int, Since] = {}
    at = len(moves)
    for start in sorted(set(starts), reverse=True):
        upto, at = at, bisect_right(moves, start, hi=at, key=attrgetter("seq"))
        walk.back(moves[at:upto])
        found[start] = Since(walk.later, walk.sent())
    return found


class _Walk:
    """A walk over entries from the last one back: what each voucher comes to, those with the earliest entries at the end."""

    def __init__(self) -> None:
        self.later = ZERO
        self.net: dict[tuple[str, int], Decimal] = {}
        self.transfers: set[tuple[str, int]] = set()

    def back(self, moves: Sequence[Moved]) -> None:
        """Take earlier entries in; they are many, and nearly all of them their voucher's only one."""
        net, later = self.net, self.later
        for _, voucher, is_transfer, qty in reversed(moves):
            name = (voucher, is_transfer)
            known = net.pop(name, ZERO)
            net[name] = after = known + qty if known else qty
            if known > 0:
                later -= known
            if after > 0:
                later += after
            if is_transfer:
                self.transfers.add(name)
        self.later = later

    def sent(self) -> tuple[SentOn, ...]:
        """Return the transfers among the vouchers that took units out, with their places in the order of all that left."""
        if not any(self.net[name] < 0 for name in self.transfers):
            return ()
        found, gone = [], ZERO
        for name, qty in reversed(self.net.items()):
            if qty < 0:
                if name in self.transfers:
                    found.append(SentOn(name[0], gone, gone - qty))
                gone -= qty
        return tuple(found)


def left_of_arrival(qty: Decimal, on_hand: Decimal, later: Decimal) -> Decimal:
    """Return what is left of ``qty`` units when ``on_hand`` lie there and ``later`` units have arrived after them."""
    return max(ZERO, min(qty, on_hand - later))


def left_in_layers(qty: Decimal, in_layers: Decimal, behind: Decimal) -> Decimal:
    """Return what is left of ``qty`` units when ``in_layers`` are left of all that came with them, ``behind`` of which leave after them."""
    return max(ZERO, min(qty, in_layers - behind))


def touches(arrival: Arrived, sent: SentOn) -> bool:
    """Tell whether a transfer took units of an arrival: those that lay there before have left first."""
    return sent.last > arrival.before and sent.first < arrival.before + arrival.qty


def own_of_sent(arrival: Arrived, sent: Sequence[SentOn]) -> list[Arrived]:
    """Return the units of an arrival that went on with transfers, each part as it arrived where it was taken.

    A transfer's units are laid out over ``to`` in order, and keep their order there; what was lost were the last ones.
    """
    found = []
    for one in sent:
        start = max(one.first, arrival.before) - one.first
        end = min(one.last, arrival.before + arrival.qty) - one.first
        laid = ZERO
        for place in one.to:
            begins, ends = max(start, laid), min(end, laid + place.qty)
            if ends > begins:
                behind = laid + place.qty - ends
                found.append(
                    replace(place, qty=ends - begins, before=place.before + begins - laid, behind=place.behind + behind)
                )
            laid += place.qty
    return found
