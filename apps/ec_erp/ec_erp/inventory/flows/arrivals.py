"""How many units of earlier arrivals are still there, and where: at their place, or where transfers have taken them since.

Invariants: balances are locked, so that the answer holds until the caller's transaction ends; statements grow with the length of
the longest way that goods have taken, not with movements, transfers or rows (beyond fixed chunks).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ec_erp.inventory import store
from ec_erp.inventory.rules.arrivals import (
    Arrived,
    SentOn,
    Since,
    happened_since,
    left_in_layers,
    left_of_arrival,
    own_of_sent,
    touches,
)
from ec_erp.inventory.store import arrivals as arrivals_store
from ec_erp.inventory.types import FIFO, GOOD, Balance, StockKey
from ec_erp.kernel.numbers import ZERO


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of an arrival: units by place, and in which layer (named by the row that made it) they lie where it is one alone."""

    units: dict[StockKey, Decimal]
    layers: dict[StockKey, str]


@dataclass(frozen=True, slots=True)
class _Part:
    """Units of one document's row that are, or were, at one place."""

    line: str
    goods: Arrived


@dataclass(frozen=True, slots=True)
class _Stock:
    """Locked balances, the last number of each key's entries, and what is left in each layer of those costed first in, first out."""

    balances: Mapping[StockKey, Balance]
    heads: Mapping[StockKey, int]
    layers: Mapping[StockKey, Mapping[str, Decimal]]


def lock_what_is_left(quantities: Mapping[str, Decimal]) -> dict[str, Left]:
    """Lock the balances of arrivals (row of a document: units of it that count) and return what is left of each, good units only.

    Goods costed first in, first out know by their layers what is left, at their place and where transfers brought them; of others
    the oldest have gone first. What transfers have taken elsewhere is looked for there, and again where it was taken from there.
    """
    arrived = {
        line: replace(one, qty=min(one.qty, quantities[line]))
        for line, one in arrivals_store.load_arrivals(quantities).items()
    }
    stock = _lock(arrived.values())
    found = {line: _Found(arrived[line].qty if line in arrived else ZERO) for line in quantities}
    for generation in _generations(arrived, stock):
        for part, since in generation:
            found[part.line].add(part.goods, _left_in_place(part.goods, since, stock))
    return {line: one.left() for line, one in found.items()}


class _Found:
    """What has been found so far of an arrival: never more than has arrived."""

    def __init__(self, qty: Decimal) -> None:
        self.missing = qty
        self.units: dict[StockKey, Decimal] = {}
        self.rows: dict[StockKey, set[str]] = {}

    def add(self, goods: Arrived, qty: Decimal) -> None:
        """Add units that lie at a place."""
        taken = min(qty, self.missing)
        if taken > 0:
            self.missing -= taken
            self.units[goods.key] = self.units.get(goods.key, ZERO) + taken
            self.rows.setdefault(goods.key, set()).update(goods.rows)

    def left(self) -> Left:
        """Return all of it."""
        return Left(self.units, {key: next(iter(rows)) for key, rows in self.rows.items() if len(rows) == 1})


def _lock(arrived: Iterable[Arrived]) -> _Stock:
    """Lock all places where the goods can be: in one go, so that two writers never wait for each other in a ring."""
    keys = {one.key for one in arrived}
    balances, heads = store.lock_balances_with_heads(
        keys | arrivals_store.load_keys({key.sku for key in keys}), create={}
    )
    return _Stock(balances, {key: head.seq for key, head in heads.items()}, _layers(balances))


def _generations(arrived: Mapping[str, Arrived], stock: _Stock) -> Iterator[list[tuple[_Part, Since]]]:
    """Yield the goods where they arrived, then where transfers took them from there, and so on, with what happened there since."""
    parts = [_Part(line, one) for line, one in arrived.items()]
    while parts:
        known = _happened(parts, stock)
        yield known
        parts = _sent_on(known, stock)


def _happened(parts: Sequence[_Part], stock: _Stock) -> list[tuple[_Part, Since]]:
    starts: dict[StockKey, list[int]] = {}
    for part in parts:
        starts.setdefault(part.goods.key, []).append(part.goods.seq)
    since: dict[StockKey, dict[int, Since]] = {}
    for key, moves in arrivals_store.load_moves({key: min(of_key) for key, of_key in starts.items()}, stock.heads):
        since[key] = happened_since(moves, starts[key])
    return [(part, since[part.goods.key][part.goods.seq]) for part in parts]


def _sent_on(known: Sequence[tuple[_Part, Since]], stock: _Stock) -> list[_Part]:
    """Return the units that transfers took on, each part as it arrived where it was taken."""
    sent = [(part, [one for one in since.sent if touches(part.goods, one)]) for part, since in known]
    places = arrivals_store.load_places({one.voucher for _, transfers in sent for one in transfers})
    found = []
    for part, transfers in sent:
        to = [_with_places(one, part.goods.key, places, stock) for one in transfers]
        found += [_Part(part.line, goods) for goods in own_of_sent(part.goods, to)]
    return found


def _with_places(
    sent: SentOn, key: StockKey, places: Mapping[tuple[str, str], Sequence[Arrived]], stock: _Stock
) -> SentOn:
    to = [place for place in places.get((sent.voucher, key.sku), ()) if place.key != key]
    return replace(sent, to=tuple(place for place in to if place.key in stock.balances))


def _left_in_place(goods: Arrived, since: Since, stock: _Stock) -> Decimal:
    layers = stock.layers.get(goods.key)
    if layers is not None:
        return left_in_layers(goods.qty, sum((layers.get(row, ZERO) for row in goods.rows), ZERO), goods.behind)
    on_hand = stock.balances.get(goods.key, Balance()).pool(GOOD)[0]
    return left_of_arrival(goods.qty, on_hand, since.later + goods.behind)


def _layers(keys: Iterable[StockKey]) -> dict[StockKey, dict[str, Decimal]]:
    """Return what is left of good units in the layers of keys costed first in, first out, by the row that made each."""
    methods = store.load_terms(set(keys))
    found: dict[StockKey, dict[str, Decimal]] = {key: {} for key, known in methods.items() if known.method == FIFO}
    for key, layers in store.lock_layers(found).items():
        for layer in layers:
            if layer.grade == GOOD:
                found[key][layer.line] = found[key].get(layer.line, ZERO) + layer.qty
    return found
