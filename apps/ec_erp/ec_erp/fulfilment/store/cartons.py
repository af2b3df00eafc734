"""Packing materials, and parcels whose carton is still to be taken out of stock."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.memo import read_through
from ec_erp.documents.store import load_rows, lock_rows, update_rows
from ec_erp.fulfilment.rules.cartons import Carton, Sides
from ec_erp.inventory import store as inventory_store
from ec_erp.inventory.types import StockKey
from ec_erp.kernel.numbers import decimal_of

Row = dict[str, Any]
_CARTON_FIELDS = ("name", "length_cm", "width_cm", "height_cm", "max_load_g", "weight_g", "packing_class")
_PARCEL_FIELDS = ("delivery_note", "warehouse", "package", "package_entry", "status")


def load_cartons() -> list[Carton]:
    """Return the packing materials that may be used, by name."""
    return read_through("Carton", ["*"], _load_cartons)["*"]


def _load_cartons(_keys: list[str]) -> dict[str, list[Carton]]:
    filters = {"is_package": 1, "disabled": 0, "status": ("!=", "Discontinued")}
    rows = frappe.get_all("SKU", filters=filters, fields=list(_CARTON_FIELDS), order_by="name asc")
    return {"*": [_carton(row) for row in rows]}


def _carton(row: Any) -> Carton:
    return Carton(
        row.name, sides_of(row), decimal_of(row.max_load_g), decimal_of(row.weight_g), row.packing_class or ""
    )


def sides_of(row: Any) -> Sides:
    """Return the three sides of a SKU in cm; for a packing material its inner ones."""
    return decimal_of(row["length_cm"]), decimal_of(row["width_cm"]), decimal_of(row["height_cm"])


def load_free(cartons: Iterable[str], warehouses: Iterable[str]) -> dict[StockKey, Decimal]:
    """Return how many of each packing material are free in each warehouse."""
    found = inventory_store.load_balances_of(cartons, warehouses)
    return {key: balance.free for key, balance in found.items()}


def load_pack_facts(skus: Iterable[str]) -> dict[str, Row]:
    """Return weight, volume, sides and classes of SKUs."""
    fields = ("name", "weight_g", "volume_cm3", "length_cm", "width_cm", "height_cm", "packing_class", "split_class")
    return {row["name"]: row for row in load_rows("SKU", skus, fields)}


def lock_parcels(names: Iterable[str]) -> dict[str, Row]:
    """Lock parcels and return which carton each has, and the entry that took it out of stock."""
    return lock_rows("Parcel", names, _PARCEL_FIELDS)


def load_companies(warehouses: Iterable[str]) -> dict[str, str]:
    """Return the company of warehouses."""
    return {row["name"]: row["company"] for row in load_rows("Warehouse", warehouses, ["name", "company"])}


def load_unbooked() -> list[str]:
    """Return the parcels whose carton is still to be taken out of stock."""
    filters = {"package": ("is", "set"), "package_entry": ("is", "not set"), "status": ("!=", "Cancelled")}
    return list(frappe.get_all("Parcel", filters=filters, pluck="name", order_by="name asc", limit=1000))


def write_parcels(changes: dict[str, Row]) -> None:
    """Write fields of parcels."""
    update_rows("Parcel", changes)
