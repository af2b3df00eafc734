"""What forms and other systems ask of the catalog. Dotted paths and parameters are a public contract."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import frappe

from ec_erp.catalog import store
from ec_erp.catalog.flows import quality
from ec_erp.documents.requests import names_in


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


@frappe.whitelist(methods=["POST"])
def mend_data(
    check: str, names: str | list[str] | None = None, preview: bool | int | str = False
) -> list[dict[str, Any]]:
    """Mend what a check of the data-quality board has found, or show it. Returns ``{doctype, name, done, changed, message}``.

    Without ``names`` all findings with a proposal. Every document is saved with the user's rights on it.
    """
    frappe.has_permission("SKU", "write", throw=True)
    wanted = names_in(names)
    return [asdict(one) for one in quality.mend(check, wanted, only_preview=bool(frappe.utils.cint(preview)))]


@frappe.whitelist()
def count_data_problems() -> dict[str, Any]:
    """Return the number of findings of all checks, as a number card shows it."""
    frappe.has_permission("SKU", "read", throw=True)
    return {"value": quality.count_findings(), "fieldtype": "Int", "route": ["query-report", "Data Quality"]}
