"""Quotas: assigning, moving, giving back, topping up stock that is kept for a channel group.

Invariant: what a balance has locked is the sum of what its active quotas have left; quotas are locked before balances.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.errors import DocumentRefused, refuse
from ec_erp.inventory import store
from ec_erp.inventory.errors import QuotaRefused
from ec_erp.inventory.types import BalanceChange, Quota, StockKey
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, problem

ACTIVE = "Active"


def check_group(doc: Any) -> None:
    """Refuse a shop that is listed twice or belongs to another group."""
    shops = [row.shop for row in doc.shops]
    twice = sorted({shop for shop in shops if shops.count(shop) > 1})
    owners = store.load_groups_of_shops(shops)
    message = N_("The shop {0} belongs to the channel group {1}")
    problems = [problem(N_("The shop {0} is listed twice"), shop) for shop in twice]
    problems += [problem(message, shop, owner) for shop, owner in sorted(owners.items()) if owner != doc.name]
    refuse(problems, DocumentRefused)


def groups_of_shops(shops: Iterable[str]) -> dict[str, str]:
    """Return the channel group of each shop that has one."""
    return store.load_groups_of_shops(shops)


def fill_quota(doc: Any) -> None:
    """Take the company of the warehouse; work out what is left."""
    doc.company = frappe.db.get_value("Warehouse", doc.warehouse, "company") if doc.warehouse else None
    doc.left_qty = float(max(ZERO, decimal_of(doc.qty) - decimal_of(doc.used_qty)))


def apply_quota(doc: Any) -> None:
    """Lock what a quota keeps, or give it back, by what has changed. Raises ``QuotaRefused`` where too little is free."""
    before = None if doc.is_new() else store.lock_quotas_named([doc.name]).get(doc.name)
    if before is not None:
        doc.used_qty = float(before.used)
        fill_quota(doc)
    _refuse_second(doc)
    _lock_difference(StockKey(doc.sku, doc.warehouse), before.left if before else ZERO, _quota(doc).left, doc.company)


def drop_quota(doc: Any) -> None:
    """Give back what a quota keeps, because it is deleted. Raises ``QuotaRefused`` for one that was used."""
    before = store.lock_quotas_named([doc.name])[doc.name]
    if before.used:
        refuse([problem(N_("{0} has been used; release it instead of deleting it"), doc.name)], QuotaRefused)
    _lock_difference(before.key, before.left, ZERO, doc.company)


def move_quota(source: str, target: str, qty: Decimal) -> None:
    """Move what a quota has left to another one of the same SKU and warehouse. Raises ``QuotaRefused``."""
    locked = store.lock_quotas_named([source, target])
    if source == target or len(locked) != 2 or locked[source].key != locked[target].key:
        refuse([problem(N_("A quota is moved to another one of the same SKU and warehouse"))], QuotaRefused)
    giving, taking = locked[source], locked[target]
    if qty <= 0 or qty > giving.left or not taking.active:
        message = N_("{0} can give {1} to an active quota, not {2}")
        refuse([problem(message, source, giving.left, qty)], QuotaRefused)
    after = [replace(giving, qty=giving.qty - qty), replace(taking, qty=taking.qty + qty)]
    _lock_changes([giving, taking], after)
    store.write_quotas(after)


def end_quotas(names: Iterable[str], status: str) -> None:
    """Give back what quotas have left and set their status (Released or Expired)."""
    locked = store.lock_quotas_named(names)
    back: dict[StockKey, Decimal] = {}
    for quota in locked.values():
        back[quota.key] = back.get(quota.key, ZERO) + quota.left
    _give_back(back)
    store.write_quotas([replace(quota, active=False) for quota in locked.values()], status)


def expire_quotas(moment: datetime) -> int:
    """End the active quotas whose time is over; return how many."""
    names = store.load_expired_quotas(moment)
    end_quotas(names, "Expired")
    return len(names)


def top_up(receipts: Mapping[StockKey, Decimal]) -> None:
    """Add the share of receipts that quotas ask for, as far as it is free."""
    names = store.load_quotas_to_top_up(receipts)
    if not names:
        return
    locked = store.lock_quotas_named(names)
    free = {key: max(ZERO, balance.free) for key, balance in store.lock_balances(receipts).items()}
    raised: list[Quota] = []
    for name, quota in sorted(locked.items()):
        add = min(
            free.get(quota.key, ZERO), (receipts[quota.key] * names[name] / 100).quantize(Decimal(1), "ROUND_DOWN")
        )
        if add > 0 and quota.active:
            raised.append(replace(quota, qty=quota.qty + add))
            free[quota.key] -= add
    _lock_changes([locked[quota.name] for quota in raised], raised)
    store.write_quotas(raised)


def _lock_changes(before: Iterable[Quota], after: Iterable[Quota]) -> None:
    """Lock in balances what quotas keep more, give back what they keep less: a quota used beyond its size keeps nothing."""
    changes: dict[StockKey, Decimal] = {}
    for old, new in zip(before, after, strict=True):
        changes[old.key] = changes.get(old.key, ZERO) + new.left - old.left
    wanted = [BalanceChange(key, locked=change) for key, change in changes.items() if change]
    if not store.add_to_balances(wanted):
        raise ValueError(f"balances have less locked than their quotas keep: {wanted}")


def _quota(doc: Any) -> Quota:
    key = StockKey(doc.sku, doc.warehouse)
    return Quota(
        doc.name or "",
        key,
        doc.channel_group,
        decimal_of(doc.qty),
        decimal_of(doc.used_qty),
        doc.status == ACTIVE,
        bool(doc.exclusive),
    )


def _refuse_second(doc: Any) -> None:
    same = {"sku": doc.sku, "warehouse": doc.warehouse, "channel_group": doc.channel_group, "status": ACTIVE}
    others = frappe.get_all("Stock Quota", filters={**same, "name": ("!=", doc.name or "")}, pluck="name", limit=1)
    if others and doc.status == ACTIVE:
        refuse([problem(N_("{0} keeps these goods for the same channel group already"), others[0])], QuotaRefused)


def _lock_difference(key: StockKey, before: Decimal, after: Decimal, company: str) -> None:
    if after == before:
        return
    store.create_balances({key: company})
    if after < before:
        _give_back({key: before - after})
        return
    change = BalanceChange(key, locked=after - before, needs=after - before)
    if not store.add_to_balances([change]):
        balance = store.load_balances([key])[key]
        message = N_("{0} in {1}: {2} more are to be kept, {3} are free")
        refuse([problem(message, key.sku, key.warehouse, after - before, max(ZERO, balance.free))], QuotaRefused)


def _give_back(quantities: Mapping[StockKey, Decimal]) -> None:
    changes = [BalanceChange(key, locked=-qty) for key, qty in quantities.items() if qty]
    if not store.add_to_balances(changes):
        raise ValueError(f"balances have less locked than their quotas keep: {changes}")
