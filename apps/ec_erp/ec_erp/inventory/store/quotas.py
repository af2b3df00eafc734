"""Quotas: stock of a warehouse that is kept for a channel group.

Invariant: quotas are locked, in the order of their names, before balances; what is locked in a balance is the sum of
what its active quotas have left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.store import insert_rows, load_rows, lock_rows, take_numbers, update_rows
from ec_erp.inventory.types import BalanceChange, Quota, StockKey
from ec_erp.kernel.numbers import ZERO, decimal_of

Row = dict[str, Any]

ACTIVE = "Active"
_FIELDS = ("name", "sku", "warehouse", "channel_group", "qty", "used_qty", "status", "exclusive")


def lock_quotas(wanted: Iterable[tuple[StockKey, str | None]]) -> list[Quota]:
    """Lock and return the active quotas of (key, channel group) pairs."""
    pairs = {(key, group) for key, group in wanted if group}
    if not pairs:
        return []
    filters = {
        "sku": ("in", sorted({key.sku for key, _ in pairs})),
        "channel_group": ("in", sorted({group for _, group in pairs})),
        "status": ACTIVE,
    }
    names = frappe.get_all("Stock Quota", filters=filters, pluck="name")
    locked = lock_quotas_named(names).values()
    return [quota for quota in locked if quota.active and (quota.key, quota.channel_group) in pairs]


def lock_quotas_named(names: Iterable[str]) -> dict[str, Quota]:
    """Lock and return quotas by name."""
    return {name: _quota({"name": name, **row}) for name, row in lock_rows("Stock Quota", names, _FIELDS[1:]).items()}


def load_quotas(keys: Iterable[StockKey]) -> list[Quota]:
    """Return all quotas of keys, unlocked."""
    wanted = set(keys)
    rows = load_rows("Stock Quota", {key.sku for key in wanted}, _FIELDS, key="sku")
    return [quota for quota in map(_quota, rows) if quota.key in wanted]


def use_quotas(quantities: Mapping[str, Decimal]) -> None:
    """Add to what is used of locked quotas."""
    locked = lock_quotas_named(quantities)
    write_quotas([replace(quota, used=quota.used + quantities[name]) for name, quota in locked.items()])


def give_back_to_quotas(quantities: Mapping[str, Decimal]) -> list[BalanceChange]:
    """Lock quotas and give back what reservations had used of them; return what is locked again in the balances."""
    changes, after = [], []
    for name, quota in lock_quotas_named(quantities).items():
        given = replace(quota, used=quota.used - quantities[name])
        after.append(given)
        if given.left != quota.left:
            changes.append(BalanceChange(quota.key, locked=given.left - quota.left))
    write_quotas(after)
    return changes


def write_quotas(quotas: Iterable[Quota], status: str | None = None) -> None:
    """Write quantities (and the status, where one is given) of locked quotas."""
    rows = {
        quota.name: {
            "qty": float(quota.qty),
            "used_qty": float(quota.used),
            "left_qty": float(max(ZERO, quota.qty - quota.used)),
        }
        for quota in quotas
    }
    update_rows("Stock Quota", {name: {**row, "status": status} if status else row for name, row in rows.items()})


def load_managed(names: Iterable[str]) -> set[str]:
    """Return which quotas the telling of stock keeps itself."""
    return {row["name"] for row in load_rows("Stock Quota", names, ("name", "managed")) if row["managed"]}


def load_grants(keys: Iterable[StockKey]) -> dict[tuple[StockKey, str], Decimal]:
    """Return what active grants keep, by key and channel group, unlocked."""
    wanted = set(keys)
    rows = load_rows("Stock Quota", {key.sku for key in wanted}, (*_FIELDS, "managed"), key="sku")
    found = [_quota(row) for row in rows if row["managed"]]
    return {(quota.key, quota.channel_group): quota.left for quota in found if quota.key in wanted and quota.active}


def load_managed_of(group: str) -> list[StockKey]:
    """Return the keys of which a channel group has an active grant."""
    filters = {"channel_group": group, "managed": 1, "status": ACTIVE}
    rows = frappe.get_all("Stock Quota", filters, ["sku", "warehouse"], order_by="name asc")
    return [StockKey(row["sku"], row["warehouse"]) for row in rows]


def insert_grants(keys: Iterable[StockKey], group: str, shop: str, company: str) -> dict[StockKey, Quota]:
    """Make empty grants of a channel group at keys; return them."""
    wanted = list(keys)
    if not wanted:
        return {}
    series = f"SQ-{frappe.utils.now_datetime():%y%m}-"
    first = take_numbers(series, len(wanted))
    rows: list[Row] = [
        {
            "name": f"{series}{number:05d}",
            "sku": key.sku,
            "warehouse": key.warehouse,
            "channel_group": group,
            "shop": shop,
            "company": company,
            "status": ACTIVE,
            "managed": 1,
            "exclusive": 0,
            "qty": 0.0,
            "used_qty": 0.0,
            "left_qty": 0.0,
        }
        for number, key in enumerate(wanted, first)
    ]
    insert_rows("Stock Quota", rows)
    return {StockKey(row["sku"], row["warehouse"]): _quota(row) for row in rows}


def load_expired_quotas(moment: datetime) -> list[str]:
    """Return the active quotas that were valid until a moment that has passed; those without an end never are."""
    filters = [["status", "=", ACTIVE], ["expires_at", "is", "set"], ["expires_at", "<", moment]]
    return list(frappe.get_all("Stock Quota", filters=filters, pluck="name"))


def load_quotas_to_begin(moment: datetime) -> list[str]:
    """Return the quotas that wait for a moment which has come, and are not over already."""
    table = frappe.qb.DocType("Stock Quota")
    query = (
        frappe.qb.from_(table)
        .select(table.name)
        .where(table.status == "Created")
        .where(table.starts_at <= moment)
        .where(table.expires_at.isnull() | (table.expires_at > moment))
        .orderby(table.name)
    )
    return [row["name"] for row in query.run(as_dict=True)]


def load_other_quota(key: StockKey, channel_group: str, name: str) -> str | None:
    """Return another active quota of a key for the same group."""
    same = {"sku": key.sku, "warehouse": key.warehouse, "channel_group": channel_group, "status": ACTIVE}
    others = frappe.get_all("Stock Quota", filters={**same, "name": ("!=", name)}, pluck="name", limit=1)
    return str(others[0]) if others else None


def write_note(name: str, note: str) -> None:
    """Write why a quota that should keep goods keeps none."""
    update_rows("Stock Quota", {name: {"remarks": note}}, touch=False)


def load_quotas_to_top_up(keys: Iterable[StockKey]) -> dict[str, Decimal]:
    """Return the active quotas of keys that take a share of receipts, with their percentage."""
    wanted = set(keys)
    filters = {"sku": ("in", sorted({key.sku for key in wanted})), "status": ACTIVE, "top_up_percent": (">", 0)}
    fields = ["name", "sku", "warehouse", "top_up_percent"]
    rows = frappe.get_all("Stock Quota", filters=filters, fields=fields)
    return {
        row["name"]: decimal_of(row["top_up_percent"])
        for row in rows
        if StockKey(row["sku"], row["warehouse"]) in wanted
    }


def load_groups_of_shops(shops: Iterable[str]) -> dict[str, str]:
    """Return the channel group (not disabled) of each shop that has one."""
    rows = load_rows("Channel Group Shop", shops, ["shop", "parent"], key="shop")
    groups = load_rows("Channel Group", {row["parent"] for row in rows}, ["name", "disabled"])
    off = {row["name"] for row in groups if row["disabled"]}
    return {row["shop"]: row["parent"] for row in rows if row["parent"] not in off}


def load_shops_of_group(group: str) -> set[str]:
    """Return the shops of a channel group."""
    return {row["shop"] for row in load_rows("Channel Group Shop", [group], ["shop"], key="parent")}


def _quota(row: Row) -> Quota:
    return Quota(
        name=row["name"],
        key=StockKey(row["sku"], row["warehouse"]),
        channel_group=row["channel_group"],
        qty=decimal_of(row["qty"]),
        used=decimal_of(row["used_qty"]),
        active=row["status"] == ACTIVE,
        exclusive=bool(row["exclusive"]),
    )
