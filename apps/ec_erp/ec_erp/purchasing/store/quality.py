"""Reading what the standing checks of purchasing look at."""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.documents.store import load_rows

_MOST = 1000


def load_bought(without: str = "") -> list[Any]:
    """Return the SKUs in use that are bought, those without a value in a field where one is named."""
    filters = {"disabled": 0, "is_combo": 0, "status": ("!=", "Discontinued")}
    fields = ["name", *([without] if without else [])]
    rows = frappe.get_all("SKU", filters=filters, fields=fields, order_by="name asc", limit=0)
    return [row for row in rows if not without or not row.get(without)]


def load_last_receipts(skus: list[str]) -> dict[str, Any]:
    """Return supplier, rate, tax rate, currency and way of stating prices of the last receipt of each SKU."""
    rows = load_rows("Purchase Receipt Item", skus, ["sku", "parent", "rate", "tax_rate"], key="sku")
    fields = ["name", "supplier", "currency", "posting_datetime", "prices_include_tax", "docstatus"]
    heads = {row["name"]: row for row in load_rows("Purchase Receipt", {row["parent"] for row in rows}, fields)}
    posted = [{**heads[row["parent"]], **row} for row in rows if heads[row["parent"]]["docstatus"] == 1 and row["rate"]]
    return {row["sku"]: row for row in sorted(posted, key=lambda row: str(row["posting_datetime"]))}
