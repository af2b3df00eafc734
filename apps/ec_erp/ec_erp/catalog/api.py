"""What forms and other systems ask of the catalog. Dotted paths and parameters are a public contract."""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.catalog import store


@frappe.whitelist()
def get_units(sku: str) -> list[dict[str, Any]]:
    """Return the units of a SKU, the stock unit first: ``{uom, ratio, for_purchase, for_sale}``."""
    frappe.has_permission("SKU", "read", doc=sku, throw=True)
    facts = store.load_skus([sku]).get(sku.casefold())
    if facts is None:
        return []
    first = {"uom": facts.stock_uom, "ratio": 1.0, "for_purchase": False, "for_sale": False}
    units = store.load_units([facts.name]).get(facts.name.casefold(), {})
    return [first] + [
        {
            "uom": unit.uom,
            "ratio": float(unit.ratio),
            "for_purchase": unit.for_purchase,
            "for_sale": unit.for_sale,
        }
        for unit in units.values()
    ]
