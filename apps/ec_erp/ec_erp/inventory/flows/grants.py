"""Grants: what is kept for a shop because it may still sell it, orders that have not come in yet included.

A grant is a quota (``managed``) of the shop's channel group, so the statement that promises stock guards it like any other.
Invariants: no grant is raised by more than is free at that moment; quotas are locked before balances, both by their names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from ec_erp.inventory import store
from ec_erp.inventory.types import BalanceChange, Quota, StockKey
from ec_erp.kernel.numbers import ZERO


def lock_grants(group: str, keys: Iterable[StockKey]) -> tuple[dict[StockKey, Quota], dict[StockKey, Decimal]]:
    """Lock the grants of a channel group at keys and their balances; return grants, and what is free at each key.

    Keys that a person keeps a quota of for the same group are left out of both: what they keep is theirs to decide.
    """
    wanted = sorted(set(keys))
    quotas = store.lock_quotas((key, group) for key in wanted)
    managed = store.load_managed(quota.name for quota in quotas)
    by_hand = {quota.key for quota in quotas if quota.name not in managed}
    balances = store.lock_balances(key for key in wanted if key not in by_hand)
    grants = {quota.key: quota for quota in quotas if quota.name in managed}
    return grants, {key: balance.free for key, balance in balances.items()}


def change_grants(
    group: str, grants: Mapping[StockKey, Quota], changes: Mapping[StockKey, Decimal], shop: str, company: str
) -> None:
    """Raise or lower locked grants by units, signed; grants that are missing are made.

    Raises ``ValueError`` where a grant is to fall below nothing or to rise by more than the locked balance has free: the
    caller has decided on other figures than those it has locked.
    """
    wanted = {key: change for key, change in sorted(changes.items()) if change}
    new = store.insert_grants([key for key in wanted if key not in grants], group, shop, company)
    after = []
    for key, change in wanted.items():
        quota = grants.get(key) or new[key]
        if quota.left + change < 0:
            raise ValueError(f"the grant {quota.name} keeps {quota.left}, not {-change}")
        after.append(replace(quota, qty=quota.used + quota.left + change))
    store.write_quotas(after)
    moved = [
        BalanceChange(key, locked=change, needs=change if change > ZERO else None) for key, change in wanted.items()
    ]
    if not store.add_to_balances(moved):
        raise ValueError(f"balances that are locked refuse {moved}")
