"""How many units of earlier arrivals still lie where they arrived.

Invariant: balances are locked, so that the answer holds until the caller's transaction ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ec_erp.inventory import store
from ec_erp.inventory.rules.arrivals import left_of_arrival
from ec_erp.inventory.store import arrivals as arrivals_store
from ec_erp.inventory.types import FIFO, GOOD, Balance, StockKey
from ec_erp.kernel.numbers import ZERO


def lock_what_is_left(arrived: Mapping[str, tuple[StockKey, Decimal]]) -> dict[str, Decimal]:
    """Lock the balances of arrivals (row of a document: key and units) and return what is left of each, good units only.

    Goods costed first in, first out know it by their layers; of others the oldest have gone first.
    """
    keys = {key for key, _ in arrived.values()}
    balances = store.lock_balances(keys)
    terms = store.load_terms(keys)
    layered = {key for key in keys if key in terms and terms[key].method == FIFO}
    left = _left_in_layers({line for line, (key, _) in arrived.items() if key in layered}, layered)
    plain = {line: at for line, at in arrived.items() if at[0] not in layered}
    numbers = arrivals_store.load_arrival_numbers(plain)
    later = arrivals_store.load_later_arrivals({line: (plain[line][0], seq) for line, seq in numbers.items()})
    for line, (key, qty) in plain.items():
        on_hand, _ = balances.get(key, Balance()).pool(GOOD)
        left[line] = left_of_arrival(qty, on_hand, later[line]) if line in later else ZERO
    return {line: min(left.get(line, ZERO), qty) for line, (_, qty) in arrived.items()}


def _left_in_layers(lines: set[str], keys: set[StockKey]) -> dict[str, Decimal]:
    left = dict.fromkeys(lines, ZERO)
    for layer in (layer for layers in store.lock_layers(keys).values() for layer in layers):
        if layer.line in left and layer.grade == GOOD:
            left[layer.line] += layer.qty
    return left
