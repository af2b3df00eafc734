"""Warehouses, bins and the terms on which stock is kept in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe

from ec_erp.catalog.store import load_skus
from ec_erp.documents.memo import read_through
from ec_erp.documents.store import load_masters, load_rows
from ec_erp.inventory.types import PLAIN_TERMS, StockKey, StockTerms

Row = dict[str, Any]

_WAREHOUSE_FIELDS = (
    "name",
    "company",
    "disabled",
    "warehouse_type",
    "has_bins",
    "allow_negative_stock",
    "receiving_bin",
    "return_bin",
    "defective_bin",
)


def load_warehouses(names: Iterable[str]) -> dict[str, Row]:
    """Return what movements need to know of warehouses, by case-folded name."""
    return read_through("Warehouse", names, _load_warehouses)


def _load_warehouses(names: list[str]) -> dict[str, Row]:
    return {row["name"]: row for row in load_masters("Warehouse", names, _WAREHOUSE_FIELDS)}


def has_stock(warehouse: str) -> bool:
    """Tell whether anything lies in a warehouse."""
    return bool(frappe.db.exists("Stock Balance", {"warehouse": warehouse, "on_hand": ("!=", 0)}))


# What a bin takes; an empty one is no limit.
LIMIT_FIELDS = ("capacity_qty", "capacity_volume_cm3", "capacity_weight_g", "fixed_sku", "single_sku", "single_batch")


def load_bins(names: Iterable[str]) -> dict[str, Row]:
    """Return warehouse, kind of zone, route and limits of bins, by case-folded name."""
    return read_through("Storage Bin", names, _load_bins)


def _load_bins(names: list[str]) -> dict[str, Row]:
    fields = ("name", "bin_code", "warehouse", "zone", "zone_type", "route_order", "disabled")
    rows = load_rows("Storage Bin", names, (*fields, *LIMIT_FIELDS))
    zones = load_rows("Warehouse Zone", {row["zone"] for row in rows}, ["name", "priority", "disabled"])
    by_zone = {zone["name"]: zone for zone in zones}
    return {row["name"]: {**row, "zone_priority": by_zone.get(row["zone"], {}).get("priority") or 0} for row in rows}


def load_terms(keys: Iterable[StockKey]) -> dict[StockKey, StockTerms]:
    """Return how keys are kept; plain ones (moving average, nothing tracked) are left out."""
    wanted = list(keys)
    skus = load_skus(key.sku for key in wanted)
    warehouses = load_warehouses({key.warehouse for key in wanted})
    terms = {}
    for key in wanted:
        sku, warehouse = skus.get(key.sku.casefold()), warehouses.get(key.warehouse.casefold(), {})
        found = StockTerms(
            method=sku.valuation_method if sku else PLAIN_TERMS.method,
            has_batch=bool(sku and sku.has_batch),
            serials=sku.serials if sku else "",
            has_bins=bool(warehouse.get("has_bins")),
            allow_negative=bool(warehouse.get("allow_negative_stock")),
            receiving_bin=warehouse.get("receiving_bin") or "",
            return_bin=warehouse.get("return_bin") or "",
            defective_bin=warehouse.get("defective_bin") or "",
        )
        if found != PLAIN_TERMS:
            terms[key] = found
    return terms


def load_only_warehouse() -> str | None:
    """Return the enabled warehouse of a site that has one, else None."""
    names = frappe.get_all("Warehouse", filters={"disabled": 0}, pluck="name", limit=2)
    return str(names[0]) if len(names) == 1 else None


def load_zone(name: str | None) -> Row:
    """Return warehouse and kind of a zone; nothing where there is no such zone."""
    rows = load_rows("Warehouse Zone", [name] if name else [], ["warehouse", "zone_type", "disabled"])
    return rows[0] if rows else {}


def zone_holds_goods(zone: str) -> bool:
    """Tell whether anything lies in the bins of a zone."""
    bins = frappe.get_all("Storage Bin", filters={"zone": zone}, pluck="name")
    return bool(bins) and bool(frappe.db.exists("Bin Balance", {"bin": ("in", bins)}))


def write_kind_of_bins(zone: str, kind: str) -> None:
    """Hand the kind of a zone on to its bins."""
    frappe.db.set_value("Storage Bin", {"zone": zone}, "zone_type", kind, update_modified=False)
