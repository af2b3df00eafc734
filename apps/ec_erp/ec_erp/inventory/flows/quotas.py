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
from ec_erp.kernel.problems import N_, Problem, problem

ACTIVE, WAITING = "Active", "Created"


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
    """Take the company of the warehouse and the group of the shop; work out what is left; wait where it begins later."""
    doc.company = _company_of(doc.warehouse)
    if doc.get("shop"):
        doc.channel_group = doc.get("channel_group") or _group_of_one(doc.shop)
    if doc.status == ACTIVE and _is_later(doc.get("starts_at")):
        doc.status = WAITING
    doc.left_qty = float(max(ZERO, decimal_of(doc.qty) - decimal_of(doc.used_qty)))


def apply_quota(doc: Any) -> None:
    """Lock what a quota keeps, or give it back, by what has changed. Raises ``QuotaRefused`` where too little is free."""
    refuse([*_term_problems(doc), *_managed_problems(doc)], QuotaRefused)
    before = None if doc.is_new() else store.lock_quotas_named([doc.name]).get(doc.name)
    if before is not None:
        doc.used_qty = float(before.used)
        fill_quota(doc)
    _refuse_second(doc)
    _lock_difference(StockKey(doc.sku, doc.warehouse), before.left if before else ZERO, _quota(doc).left, doc.company)


def drop_quota(doc: Any) -> None:
    """Give back what a quota keeps, because it is deleted. Raises ``QuotaRefused`` for one that was used."""
    refuse(_managed_problems(doc), QuotaRefused)
    before = store.lock_quotas_named([doc.name])[doc.name]
    if before.used:
        refuse([problem(N_("{0} has been used; release it instead of deleting it"), doc.name)], QuotaRefused)
    _lock_difference(before.key, before.left, ZERO, doc.company)


def _company_of(warehouse: str | None) -> str | None:
    found = store.load_warehouses([warehouse]) if warehouse else {}
    return found[warehouse.casefold()]["company"] if warehouse and warehouse.casefold() in found else None


def _is_later(moment: Any) -> bool:
    return bool(moment) and frappe.utils.get_datetime(moment) > frappe.utils.now_datetime()


def _group_of_one(shop: str) -> str:
    """Return the channel group that is this shop alone; made where the shop has none. Raises ``QuotaRefused``."""
    group = store.load_groups_of_shops([shop]).get(shop)
    if group is None:
        made = frappe.get_doc({"doctype": "Channel Group", "group_name": shop, "shops": [{"shop": shop}]})
        return str(made.insert(ignore_permissions=True).name)  # the right to keep goods is the right that counts
    others = store.load_shops_of_group(group) - {shop}
    message = N_(
        "The shop {0} shares the channel group {1} with {2}: keep goods for the group, or take the shop out of it"
    )
    refuse([problem(message, shop, group, ", ".join(sorted(others)))] if others else [], QuotaRefused)
    return group


def group_of_shop(shop: str) -> str:
    """Return the channel group that is this shop alone; made where the shop has none. Raises ``QuotaRefused``."""
    return _group_of_one(shop)


def _managed_problems(doc: Any) -> Iterable[Problem]:
    if doc.get("managed"):
        yield problem(N_("{0} follows what the shop is told: change the stock policy instead"), doc.name or "")


def _term_problems(doc: Any) -> Iterable[Problem]:
    if not doc.channel_group:
        yield problem(N_("Say for which channel group or shop the goods are kept"))
    starts, ends = doc.get("starts_at"), doc.get("expires_at")
    if starts and ends and frappe.utils.get_datetime(ends) <= frappe.utils.get_datetime(starts):
        yield problem(N_("A quota cannot end before it begins"))
    if doc.get("shop") and store.load_groups_of_shops([doc.shop]).get(doc.shop) != doc.channel_group:
        yield problem(N_("The shop {0} does not belong to the channel group {1}"), doc.shop, doc.channel_group)


def quotas_to_begin(moment: datetime) -> list[str]:
    """Return the quotas whose time has come."""
    return store.load_quotas_to_begin(moment)


def begin_quota(name: str) -> bool:
    """Begin a quota that waited for its time; tell whether there was enough. One that has too little goes on waiting."""
    doc = frappe.get_doc("Stock Quota", name)
    doc.status = ACTIVE
    frappe.db.savepoint("begin_quota")
    try:
        doc.save(ignore_permissions=True)
    except QuotaRefused as refused:
        frappe.db.rollback(save_point="begin_quota")
        frappe.clear_last_message()
        store.write_note(name, str(refused))
        return False
    return True


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
    if doc.status != ACTIVE:
        return
    other = store.load_other_quota(StockKey(doc.sku, doc.warehouse), doc.channel_group, doc.name or "")
    if other:
        refuse([problem(N_("{0} keeps these goods for the same channel group already"), other)], QuotaRefused)


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
