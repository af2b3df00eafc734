"""Answering what there is: availability of SKUs with the reason for each figure.

Invariant: reads only; a set of SKUs costs as many statements as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.catalog import store as catalog_store
from ec_erp.inventory import store
from ec_erp.inventory.rules import availability as rules
from ec_erp.inventory.store import places
from ec_erp.inventory.types import Balance, Quota, StockKey
from ec_erp.kernel.numbers import ZERO

_BUCKETS = ("on_hand", "reserved", "unpaid", "frozen", "defective", "locked", "on_order", "in_transit")
# Functions f(SKUs) -> {key: quantity} of goods that buyers send back.
_RETURNS = "ec_erp_returns_on_the_way"


def availability(
    skus: Iterable[str], warehouses: Iterable[str] = (), group: str = "", *, split: bool = False
) -> list[dict[str, Any]]:
    """Return buckets and figures of SKUs per warehouse, combos calculated from their components.

    ``split`` adds ``places``: what is on hand by bin, batch and grade.
    """
    asked = list(dict.fromkeys(skus))
    combos = catalog_store.load_combos(asked)
    components = {code: [(part.sku, part.qty) for part in parts] for code, parts in combos.items()}
    needed = {sku for sku in asked if sku not in components} | {sku for rows in components.values() for sku, _ in rows}
    balances = store.load_balances_of(needed, warehouses)
    quotas = _by_key(store.load_quotas(balances)) if group else {}
    back = returns_on_the_way(needed)
    rows = {
        key: {**_row(key, balance, quotas.get(key, []), group), "returning": float(back.get(key, ZERO))}
        for key, balance in balances.items()
    }
    _name_owners(rows)
    if split:
        _split(rows, balances, needed)
    plain = [row for key, row in rows.items() if key.sku in set(asked)]
    return [*plain, *(_combo_row(sku, at, rows, components[sku]) for sku in components for at in _places(rows))]


def _name_owners(rows: Mapping[StockKey, dict[str, Any]]) -> None:
    owners = places.load_owners({key.warehouse for key in rows})
    for key, row in rows.items():
        row["company"] = owners.get(key.warehouse)


def _split(rows: Mapping[StockKey, dict[str, Any]], balances: Mapping[StockKey, Balance], skus: Iterable[str]) -> None:
    lying = places.load_lying(skus)
    for key, row in rows.items():
        row["places"] = [_lying(one) for one in rules.split(balances[key], lying.get(key, []))]


def _lying(one: rules.Lying) -> dict[str, Any]:
    quantities = {field: float(getattr(one, field)) for field in ("on_hand", "frozen", "allocated")}
    return {"bin": one.bin or None, "batch": one.batch or None, "grade": one.grade, **quantities}


def returns_on_the_way(skus: Iterable[str]) -> dict[StockKey, Decimal]:
    """Return what buyers send back of SKUs and has not arrived, as the areas above know it: no part of any figure."""
    found: dict[StockKey, Decimal] = {}
    wanted = sorted(set(skus))
    for method in frappe.get_hooks(_RETURNS):
        for key, qty in frappe.get_attr(method)(wanted).items():
            found[key] = found.get(key, ZERO) + qty
    return found


def _row(key: StockKey, balance: Balance, quotas: list[Quota], group: str) -> dict[str, Any]:
    figures = {
        "shippable": rules.shippable(balance),
        "available": rules.available(balance),
        "free": rules.free(balance),
        "sellable": rules.sellable(balance, quotas, group),
    }
    return {
        "sku": key.sku,
        "warehouse": key.warehouse,
        **{bucket: float(getattr(balance, bucket)) for bucket in _BUCKETS},
        **{name: float(figure.value) for name, figure in figures.items()},
        "explained": {name: _terms(figure) for name, figure in figures.items()},
    }


def _terms(figure: rules.Explained) -> list[dict[str, Any]]:
    return [{"label": frappe._(term.label), "value": float(term.value)} for term in figure.terms]


def _combo_row(
    combo: str, warehouse: str, rows: Mapping[StockKey, dict[str, Any]], components: list[tuple[str, Decimal]]
) -> dict[str, Any]:
    sellable = {key.sku: Decimal(str(row["sellable"])) for key, row in rows.items() if key.warehouse == warehouse}
    value = rules.combo_sellable(components, sellable)
    terms = [{"label": f"{sku} ÷ {qty}", "value": float(sellable.get(sku, ZERO) / qty)} for sku, qty in components]
    return {"sku": combo, "warehouse": warehouse, "sellable": float(value), "explained": {"sellable": terms}}


def _places(rows: Mapping[StockKey, Any]) -> list[str]:
    return sorted({key.warehouse for key in rows})


def _by_key(quotas: Iterable[Quota]) -> dict[StockKey, list[Quota]]:
    grouped: dict[StockKey, list[Quota]] = {}
    for quota in quotas:
        grouped.setdefault(quota.key, []).append(quota)
    return grouped
