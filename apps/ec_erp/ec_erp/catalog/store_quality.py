"""Reading what the standing checks of the catalog look at: rows that may be wrong, and what siblings say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import frappe

from ec_erp.catalog.rules.quality import SHORTEST_MONTH_DAYS, BarcodeRow, ShelfLife, agreed
from ec_erp.documents.store import load_rows

MOST = 1000
_SOLD = {"disabled": 0, "is_combo": 0, "status": ("!=", "Discontinued")}


def load_doubled_barcodes() -> list[BarcodeRow]:
    """Return the rows of barcodes that more than one SKU carries."""
    rows = frappe.get_all("SKU Barcode", fields=["name", "barcode", "parent"], order_by="barcode asc")
    owners: dict[str, set[str]] = {}
    for row in rows:
        owners.setdefault(row.barcode.casefold(), set()).add(row.parent)
    doubled = [row for row in rows if len(owners[row.barcode.casefold()]) > 1]
    facts = {
        row["name"]: row for row in load_rows("SKU", {row.parent for row in doubled}, ["name", "disabled", "creation"])
    }
    return [
        BarcodeRow(
            row.name, row.barcode, row.parent, bool(facts[row.parent]["disabled"]), str(facts[row.parent]["creation"])
        )
        for row in doubled
        if row.parent in facts
    ]


def load_lacking(field: str) -> list[Any]:
    """Return the SKUs in use without a value in a field, with product and category."""
    rows = frappe.get_all(
        "SKU", filters=_SOLD, fields=["name", "product", "category", field], order_by="name asc", limit=0
    )
    return [row for row in rows if not row.get(field)][:MOST]


def load_of_siblings(rows: Collection[Any], field: str) -> dict[str, Any]:
    """Return, by SKU, the value that the other SKUs of its product agree on, None where they do not."""
    products = {row.product for row in rows if row.product}
    values: dict[str, list[Any]] = {}
    for row in load_rows("SKU", products, ["product", field], key="product"):
        values.setdefault(row["product"], []).append(row[field])
    return {row.name: agreed(values.get(row.product, ())) for row in rows}


def load_of_categories(rows: Collection[Any]) -> dict[str, Any]:
    """Return, by SKU, the tax class of its category."""
    classes = load_rows("Product Category", {row.category for row in rows if row.category}, ["name", "tax_class"])
    known = {row["name"]: row["tax_class"] for row in classes}
    return {row.name: known.get(row.category) for row in rows}


def load_all_combos() -> tuple[dict[str, set[str]], set[str]]:
    """Return the components of the combos in use, and the SKUs that may be sold."""
    usable = set(frappe.get_all("SKU", filters={"disabled": 0}, pluck="name", limit=0))
    combos = frappe.get_all("SKU", filters={"disabled": 0, "is_combo": 1}, pluck="name", limit=0)
    found: dict[str, set[str]] = {combo: set() for combo in combos}
    for row in load_rows("SKU Component", combos, ["parent", "sku"], key="parent"):
        found[row["parent"]].add(row["sku"])
    return found, usable


def load_shelf_lives() -> tuple[list[ShelfLife], Mapping[str, int | None]]:
    """Return SKUs with batches, and the shelf life that their siblings agree on."""
    fields = ["name", "product", "shelf_life_days", "shelf_life_months", "sale_limit_days", "receive_limit_days"]
    rows = frappe.get_all("SKU", filters={**_SOLD, "has_batch": 1}, fields=fields, order_by="name asc", limit=0)
    limits = [
        ShelfLife(
            row.name,
            (row.shelf_life_months or 0) * SHORTEST_MONTH_DAYS or row.shelf_life_days or 0,
            row.sale_limit_days or 0,
            row.receive_limit_days or 0,
        )
        for row in rows
    ]
    return limits, load_of_siblings(rows, "shelf_life_days")
