"""Quotas: stock of a warehouse that is kept for a channel group.

Invariant: quotas are locked, in the order of their names, before balances; what is locked in a balance is the sum of
what its active quotas have left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.store import load_rows, lock_rows, update_rows
from ec_erp.inventory.types import BalanceChange, Quota, StockKey
from ec_erp.kernel.numbers import decimal_of

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
    rows = load_rows("Stock Quota", quantities, ["name", "qty", "used_qty"])
    update_rows("Stock Quota", {row["name"]: _with_used(row, quantities[row["name"]]) for row in rows})


def give_back_to_quotas(quantities: Mapping[str, Decimal]) -> list[BalanceChange]:
    """Lock quotas and give back what reservations had used of them; return what is locked again in the balances."""
    changes, rows = [], {}
    for name, quota in lock_quotas_named(quantities).items():
        after = Quota(
            name,
            quota.key,
            quota.channel_group,
            quota.qty,
            quota.used - quantities[name],
            quota.active,
            quota.exclusive,
        )
        rows[name] = {"used_qty": float(after.used), "left_qty": float(max(Decimal(0), after.qty - after.used))}
        if after.left != quota.left:
            changes.append(BalanceChange(quota.key, locked=after.left - quota.left))
    update_rows("Stock Quota", rows)
    return changes


def _with_used(row: Row, more: Decimal) -> Row:
    used = decimal_of(row["used_qty"]) + more
    return {"used_qty": float(used), "left_qty": float(max(Decimal(0), decimal_of(row["qty"]) - used))}


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
