"""Counts that pickers ask for: a bin held less than the books say.

Invariant: a place is listed by at most one count that a picker has asked for and nobody has posted.
"""

from __future__ import annotations

from collections.abc import Iterable

import frappe

from ec_erp.stockroom import store
from ec_erp.stockroom.flows import counts
from ec_erp.stockroom.rules.counting import TO_COUNT


def ask_for_count(warehouse: str, places: Iterable[tuple[str, str, str]], task: str) -> str | None:
    """List places (SKU, bin, batch) on a count for the pick task that found too little; return it, None where they are listed."""
    listed = store.load_places_to_count(warehouse)
    new = [place for place in places if place not in listed]
    if not new:
        return None
    rows = [{"sku": sku, "bin": bin_name, "batch": batch or None} for sku, bin_name, batch in new]
    values = {"warehouse": warehouse, "scope": "Listed", "blind": 1, "reference_no": task, "items": rows}
    doc = frappe.get_doc({"doctype": counts.DOCTYPE, **values})
    doc.flags.ignore_permissions = True  # who picks may say that a bin has to be counted
    doc.insert()
    store.write_heads(counts.DOCTYPE, {doc.name: {"status": TO_COUNT}})
    return str(doc.name)
