"""Reading the listings that the standing checks look at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe

from ec_erp.catalog.rules.quality import ListingRow
from ec_erp.documents.store import load_rows
from ec_erp.kernel.numbers import decimal_of

_FIELDS = ["name", "outer_code", "platform_sku_id", "sku", "multiplier", "title"]


def load_listings_for_checks(*, mapped: bool) -> list[ListingRow]:
    """Return the listings with or without a SKU."""
    filters = {"sku": ("is", "set" if mapped else "not set")}
    return [
        _row(row) for row in frappe.get_all("Listing", filters=filters, fields=_FIELDS, order_by="name asc", limit=0)
    ]


def _row(row: Any) -> ListingRow:
    codes = (row.outer_code or "", row.platform_sku_id or "", row.sku or "")
    return ListingRow(row.name, *codes, decimal_of(row.multiplier or 1), row.title or "")


def load_skus_of_codes(codes: Iterable[str]) -> dict[str, str]:
    """Return the SKU in use that a SKU code or barcode stands for, by case-folded code."""
    wanted = {code for code in codes if code}
    barcodes = {
        row["barcode"]: row["parent"] for row in load_rows("SKU Barcode", wanted, ["barcode", "parent"], key="barcode")
    }
    named = load_rows("SKU", wanted | set(barcodes.values()), ["name", "disabled"])
    usable = {row["name"] for row in named if not row["disabled"]}
    found = {barcode.casefold(): sku for barcode, sku in barcodes.items() if sku in usable}
    return found | {name.casefold(): name for name in usable}
