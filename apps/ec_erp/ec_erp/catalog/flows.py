"""Catalog: completing and checking SKUs, and the SKUs that other documents name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import frappe

from ec_erp.catalog import store
from ec_erp.catalog.errors import DisabledSku, NotAvailableYet, UnknownSku
from ec_erp.catalog.rules import sku as rules
from ec_erp.catalog.types import SkuFacts
from ec_erp.documents.errors import DocumentRefused, refuse
from ec_erp.kernel.problems import N_, Problem, problem

DEFAULT_UNIT = "Piece"
# How goods are kept, which can't change once they have moved.
_KEPT = ("valuation_method", "has_batch", "has_serial")
_LATER = {
    "is_combo": N_("Combos are not available in this version"),
}


def fill_sku(doc: Any) -> None:
    """Give a new SKU its name, unit and tax rate where nobody said."""
    doc.sku_name = doc.sku_name or doc.sku_code
    doc.stock_uom = doc.stock_uom or DEFAULT_UNIT
    if doc.get("tax_rate") is None:
        company = frappe.defaults.get_global_default("company")
        doc.tax_rate = frappe.get_cached_value("Company", company, "default_tax_rate") if company else 0


def check_sku(doc: Any) -> None:
    """Refuse a SKU whose code, barcodes or options can't work."""
    refuse(rules.code_problems(doc.sku_code))
    refuse(_kept_otherwise(doc), DocumentRefused)
    refuse([problem(message) for field, message in _LATER.items() if doc.get(field)], NotAvailableYet)
    barcodes = [(row.barcode, bool(row.is_main)) for row in doc.barcodes]
    refuse(rules.barcode_problems(barcodes))
    owners = store.load_barcode_owners([barcode for barcode, _ in barcodes], besides=doc.name)
    taken = [problem(N_("The barcode {0} belongs to {1}"), *pair) for pair in sorted(owners.items())]
    refuse(taken, DocumentRefused)


def skus_of_rows(rows: Sequence[Any]) -> dict[str, SkuFacts]:
    """Return the SKUs that document rows name; rows get the code as the catalog spells it.

    Raises ``UnknownSku`` or ``DisabledSku`` naming every such row.
    """
    skus = store.load_skus(row.sku for row in rows)
    named = [(row.idx, row.sku) for row in rows]
    refuse(rules.unknown_problems(named, skus), UnknownSku)
    refuse(rules.disabled_problems(named, skus), DisabledSku)
    for row in rows:
        facts = skus[row.sku.casefold()]
        row.sku, row.sku_name, row.stock_uom = facts.name, facts.sku_name, facts.stock_uom
    return skus


def prefetch_skus(documents: Iterable[Any], table: str = "items") -> None:
    """Load the SKUs of many documents into the batch's memory."""
    store.load_skus({row.sku for doc in documents for row in doc.get(table) or [] if row.sku})


def _kept_otherwise(doc: Any) -> list[Problem]:
    """Return what may not change about a SKU because goods of it have moved."""
    before = doc.get_doc_before_save()
    changed = [field for field in _KEPT if before and (before.get(field) or None) != (doc.get(field) or None)]
    if not changed or not frappe.db.exists("Stock Ledger Entry", {"sku": doc.name}):
        return []
    message = N_("{0} of {1} stays as it is, because goods have moved")
    return [problem(message, frappe._(doc.meta.get_label(field)), doc.name) for field in changed]
