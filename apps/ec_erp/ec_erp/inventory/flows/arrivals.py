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
    left_of_arrival,
    own_of_sent,
    touches,
)
from ec_erp.inventory.store import arrivals as arrivals_store
from ec_erp.inventory.types import FIFO, GOOD, Balance, StockKey
from ec_erp.kernel.numbers import ZERO

Left = dict[StockKey, Decimal]


@dataclass(frozen=True, slots=True)
class _Part:
    """Units of one document's row that are, or were, at one place."""

    line: str
    goods: Arrived


@dataclass(frozen=True, slots=True)
class _Stock:
    """Locked balances, and the last number of each key's entries."""

    balances: Mapping[StockKey, Balance]
    heads: Mapping[StockKey, int]


def lock_what_is_left(quantities: Mapping[str, Decimal]) -> dict[str, Left]:
    """Lock the balances of arrivals (row of a document: units of it that count) and return what is left of each, good units only.

    Goods costed first in, first out know by their layers what is left at their place; of others the oldest have gone first.
    What transfers have taken elsewhere is looked for there, and again where it was taken from there.
    """
    arrived = {
        line: replace(one, qty=min(one.qty, quantities[line]))
        for line, one in arrivals_store.load_arrivals(quantities).items()
    }
    stock = _lock(arrived.values())
    layered = _left_in_layers(arrived)
    left: dict[str, Left] = {line: {} for line in quantities}
    for number, generation in enumerate(_generations(arrived, stock)):
        for part, since in generation:
            key, qty = part.goods.key, _left_in_place(part.goods, since, stock)
            if number == 0:
                left[part.line][key] = min(layered.get(part.line, qty), part.goods.qty)
            else:
                gone = arrived[part.line].qty - sum(left[part.line].values(), ZERO)
                left[part.line][key] = left[part.line].get(key, ZERO) + min(qty, gone)
    return {line: {key: qty for key, qty in places.items() if qty > 0} for line, places in left.items()}


def _lock(arrived: Iterable[Arrived]) -> _Stock:
    """Lock all places where the goods can be: in one go, so that two writers never wait for each other in a ring."""
    keys = {one.key for one in arrived}
    balances, heads = store.lock_balances_with_heads(
        keys | arrivals_store.load_keys({key.sku for key in keys}), create={}
    )
    return _Stock(balances, {key: head.seq for key, head in heads.items()})


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
    on_hand = stock.balances.get(goods.key, Balance()).pool(GOOD)[0]
    return left_of_arrival(goods.qty, on_hand, since.later + goods.behind)


def _left_in_layers(arrived: Mapping[str, Arrived]) -> dict[str, Decimal]:
    """Return what is left at their place of goods costed first in, first out."""
    terms = store.load_terms({one.key for one in arrived.values()})
    keys = {key for key, known in terms.items() if known.method == FIFO}
    left = {line: ZERO for line, one in arrived.items() if one.key in keys}
    for layer in (layer for layers in store.lock_layers(keys).values() for layer in layers):
        if layer.line in left and layer.grade == GOOD:
            left[layer.line] += layer.qty
    return left
