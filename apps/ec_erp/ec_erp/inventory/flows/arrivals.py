"""How many units of earlier arrivals are still there, and where: at their place, or one transfer further.

Invariant: balances are locked, so that the answer holds until the caller's transaction ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from ec_erp.inventory import store
from ec_erp.inventory.rules.arrivals import Arrived, SentOn, left_of_arrival, own_of_sent
from ec_erp.inventory.store import arrivals as arrivals_store
from ec_erp.inventory.types import FIFO, GOOD, Balance, StockKey
from ec_erp.kernel.numbers import ZERO

Left = dict[StockKey, Decimal]


def lock_what_is_left(quantities: Mapping[str, Decimal]) -> dict[str, Left]:
    """Lock the balances of arrivals (row of a document: units of it that count) and return what is left of each, good units only.

    Goods costed first in, first out know by their layers what is left at their place; of others the oldest have gone first.
    What a transfer has taken elsewhere is looked for there, once.
    """
    arrived = {
        line: replace(one, qty=min(one.qty, quantities[line]))
        for line, one in arrivals_store.load_arrivals(quantities).items()
    }
    targets = arrivals_store.load_targets(one.key.sku for one in arrived.values())
    balances = store.lock_balances({one.key for one in arrived.values()} | targets)
    # Read when nothing can leave any more; few goods are ever transferred.
    moved = {line: one for line, one in arrived.items() if any(at.sku == one.key.sku for at in targets)}
    sent = arrivals_store.load_sent_on(moved)
    left = {line: {one.key: qty} for line, (one, qty) in _left_in_place(arrived, balances).items()}
    for line, places in _left_elsewhere(arrived, sent, balances).items():
        gone = arrived[line].qty - sum(left[line].values(), ZERO)
        for key, qty in places.items():
            left[line][key] = min(qty, gone)
            gone -= left[line][key]
    return {line: {key: qty for key, qty in left.get(line, {}).items() if qty > 0} for line in quantities}


def _left_in_place(
    arrived: Mapping[str, Arrived], balances: Mapping[StockKey, Balance]
) -> dict[str, tuple[Arrived, Decimal]]:
    terms = store.load_terms({one.key for one in arrived.values()})
    layered = {key for key, known in terms.items() if known.method == FIFO}
    left = _left_in_layers((line for line, one in arrived.items() if one.key in layered), layered)
    plain = {line: one for line, one in arrived.items() if one.key not in layered}
    left |= _left_by_order(plain, balances)
    return {line: (one, min(left.get(line, ZERO), one.qty)) for line, one in arrived.items()}


def _left_by_order(arrived: Mapping[str, Arrived], balances: Mapping[StockKey, Balance]) -> dict[str, Decimal]:
    later = arrivals_store.load_later_arrivals({line: (one.key, one.seq) for line, one in arrived.items()})
    return {
        line: left_of_arrival(one.qty, balances.get(one.key, Balance()).pool(GOOD)[0], later[line])
        for line, one in arrived.items()
    }


def _left_in_layers(lines: Iterable[str], keys: set[StockKey]) -> dict[str, Decimal]:
    left = dict.fromkeys(lines, ZERO)
    for layer in (layer for layers in store.lock_layers(keys).values() for layer in layers):
        if layer.line in left and layer.grade == GOOD:
            left[layer.line] += layer.qty
    return left


def _left_elsewhere(
    arrived: Mapping[str, Arrived], sent: Mapping[str, Sequence[SentOn]], balances: Mapping[StockKey, Balance]
) -> dict[str, Left]:
    """Return what transfers took on and is still where they took it."""
    moved = {
        (line, at): (place, own)
        for line, transfers in sent.items()
        for at, (place, own) in enumerate(own_of_sent(arrived[line], transfers))
        if place.key in balances
    }
    names = {f"{line} {at}": (line, at) for line, at in moved}
    still = _left_by_order({name: moved[of][0] for name, of in names.items()}, balances)
    left: dict[str, Left] = {}
    for name, (line, at) in names.items():
        place, own = moved[line, at]
        known = left.setdefault(line, {})
        known[place.key] = known.get(place.key, ZERO) + min(own, still[name])
    return left
