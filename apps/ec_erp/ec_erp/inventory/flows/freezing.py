"""Freezing what lies there but may not be sold: batches past their last day of sale, batches and bins switched off.

Invariant: of a key kept in bins or batches, what is frozen is the defective goods and all that may not be sold; balances are
locked before the places are read.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ec_erp.inventory import store
from ec_erp.inventory.rules.placing import refrozen
from ec_erp.inventory.types import BalanceChange, StockKey
from ec_erp.kernel.numbers import ZERO

_CHUNK = 200


def refreeze(keys: Iterable[StockKey], day: date) -> int:
    """Freeze or free the goods of keys as ``day`` asks for; return how many balances changed."""
    wanted = sorted(set(keys))
    if not wanted:
        return 0
    balances = store.lock_balances(wanted)
    known = store.lock_places(balances)
    changed, changes = {}, []
    for key, places in known.items():
        after = refrozen(places.values(), day)
        changed.update({place.at: place for place in after})
        difference = sum((place.frozen - places[place.at].frozen for place in after), ZERO)
        if difference:
            changes.append(BalanceChange(key, frozen=difference))
    if changed:
        store.write_places(changed, known, {})
        store.add_to_balances(changes)
    return len(changes)


def keys_of_batches(names: Iterable[str]) -> list[StockKey]:
    """Return the keys that hold goods of batches."""
    return store.load_keys_of_places("batch", names)


def keys_of_bins(names: Iterable[str]) -> list[StockKey]:
    """Return the keys that hold goods in bins."""
    return store.load_keys_of_places("bin", names)


def chunks_to_refreeze(day: date) -> list[list[StockKey]]:
    """Return the keys whose frozen goods a day changes, a few hundred at a time."""
    keys = store.load_keys_to_refreeze(day)
    return [keys[start : start + _CHUNK] for start in range(0, len(keys), _CHUNK)]


def refreeze_everything(day: date) -> int:
    """Freeze what has passed its last day of sale, and free what may be sold again; return how many balances changed."""
    return sum(refreeze(keys, day) for keys in chunks_to_refreeze(day))
