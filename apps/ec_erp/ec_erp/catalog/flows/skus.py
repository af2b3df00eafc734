"""Catalog: completing and checking SKUs, and the SKUs that other documents name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import prod
from typing import Any

import frappe

from ec_erp.catalog import store
from ec_erp.catalog.errors import DisabledSku, UnknownSku
from ec_erp.catalog.flows import taxes, units
from ec_erp.catalog.rules import combo, variants
from ec_erp.catalog.rules import sku as rules
from ec_erp.catalog.rules.combo import Component
from ec_erp.catalog.types import SkuFacts
from ec_erp.documents.errors import DocumentRefused, refuse
from ec_erp.documents.in_use import refuse_disabling
from ec_erp.documents.sets import insert_many
from ec_erp.kernel.money import round_money
from ec_erp.kernel.numbers import decimal_of, is_number
from ec_erp.kernel.problems import N_, Problem, problem

DEFAULT_UNIT = "Piece"
# How goods are kept, which can't change once they have moved.
_KEPT_OF_ROWS = (
    "warehouse",
    "tax_rate",
    "price_origin",
    "price_terms",
    "is_gift",
    "is_presale",
    "gift_rule",
    "platform_line_id",
    "platform_order_id",
    "platform_item_id",
    "platform_sku_id",
)
_KEPT = ("valuation_method", "has_batch", "has_serial", "is_combo")


def fill_sku(doc: Any) -> None:
    """Give a new SKU its name, unit and tax rate where nobody said."""
    doc.sku_name = doc.sku_name or doc.sku_code
    doc.stock_uom = doc.stock_uom or DEFAULT_UNIT
    taxes.fill_tax(doc)
    _fill_volume(doc)
    if doc.get("tax_rate") is None:
        company = frappe.defaults.get_global_default("company")
        doc.tax_rate = store.load_default_tax_rate(company) if company else 0


def _fill_volume(doc: Any) -> None:
    sides = [doc.get(side) for side in ("length_cm", "width_cm", "height_cm")]
    if not doc.get("volume_cm3") and all(sides) and all(is_number(side) for side in sides):
        doc.volume_cm3 = float(prod(decimal_of(side) for side in sides))


def check_sku(doc: Any) -> None:
    """Refuse a SKU whose code, barcodes or options can't work."""
    refuse(rules.code_problems(doc.sku_code))
    refuse(_kept_otherwise(doc), DocumentRefused)
    refuse_disabling(doc)
    _check_combo(doc)
    units.check_units(doc)
    barcodes = [(row.barcode, bool(row.is_main)) for row in doc.barcodes]
    refuse(rules.barcode_problems(barcodes))
    owners = store.load_barcode_owners([barcode for barcode, _ in barcodes], besides=doc.name)
    taken = [problem(N_("The barcode {0} belongs to {1}"), *pair) for pair in sorted(owners.items())]
    refuse(taken, DocumentRefused)


def skus_of_rows(rows: Sequence[Any]) -> dict[str, SkuFacts]:
    """Return the SKUs that document rows name; rows get the code as the catalog spells it.

    Raises ``UnknownSku`` or ``DisabledSku`` naming every such row, and ``DocumentRefused`` for combos, which have no stock.
    """
    skus = store.load_skus(row.sku for row in rows)
    named = [(row.idx, row.sku) for row in rows]
    refuse(rules.unknown_problems(named, skus), UnknownSku)
    refuse(rules.disabled_problems(named, skus), DisabledSku)
    refuse(rules.combo_row_problems(named, skus), DocumentRefused)
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
    if not changed or not store.has_moved(doc.name):
        return []
    message = N_("{0} of {1} stays as it is, because goods have moved")
    return [problem(message, frappe._(doc.meta.get_label(field)), doc.name) for field in changed]


def expand_combos(doc: Any) -> None:
    """Put a row per component in the place of each row that names a combo; amounts and discounts are split to the cent.

    New rows keep what else their row said, and the combo's code and quantity in ``combo_sku`` and ``combo_qty``.
    """
    known = store.load_skus(row.sku for row in doc.items if row.sku)
    if not any(facts.is_combo for facts in known.values()):
        return
    parts = store.load_combos(facts.name for facts in known.values() if facts.is_combo)
    skus = store.load_skus(component.sku for components in parts.values() for component in components)
    rows: list[Any] = []
    for row in list(doc.items):
        facts = known.get((row.sku or "").casefold())
        rows += (
            _component_rows(doc.currency, row, facts, parts[facts.name], skus) if facts and facts.is_combo else [row]
        )
    doc.set("items", [])
    for number, row in enumerate(rows, start=1):
        made = doc.append("items", row)
        made.idx = number


def combo_rows(row: Any, combo_sku: SkuFacts, currency: str) -> list[dict[str, Any]]:
    """Return the rows of a combo's components for a row that names it, with name, unit and tax rate of each component."""
    components = store.load_combos([combo_sku.name])[combo_sku.name]
    skus = store.load_skus(component.sku for component in components)
    rows = _component_rows(currency, row, combo_sku, components, skus)
    for made in rows:
        facts = skus[made["sku"].casefold()]
        made.update(sku_name=facts.sku_name, stock_uom=facts.stock_uom, tax_rate=float(facts.tax_rate))
    return rows


def make_variants(product: Any, prefix: str | None = None) -> list[str]:
    """Make the SKUs of a product's variants that do not exist yet; return their codes."""
    attributes = [(row.attribute, variants.values_of(row.attribute_values)) for row in product.attributes]
    wanted = {variant.code(prefix or product.name): variant for variant in variants.matrix(attributes)}
    known = store.load_skus(wanted)
    new = [code for code in wanted if code.casefold() not in known]
    fields = {"product": product.name, "brand": product.brand, "category": product.category}
    insert_many(
        [
            frappe.get_doc(
                {
                    "doctype": "SKU",
                    "sku_code": code,
                    "sku_name": wanted[code].name(product.product_name),
                    "variant": wanted[code].label,
                    "stock_uom": product.default_uom or DEFAULT_UNIT,
                    **fields,
                }
            )
            for code in new
        ]
    )
    return new


def _component_rows(
    currency: str, row: Any, facts: SkuFacts, components: Sequence[Component], skus: Mapping[str, SkuFacts]
) -> list[dict[str, Any]]:
    qty = decimal_of(row.qty)
    rate = facts.standard_rate if row.get("rate") is None else decimal_of(row.rate)
    rates = {code: known.standard_rate for code, known in skus.items()}
    amounts = combo.amounts(round_money(rate * qty, currency), qty, components, rates, currency)
    by = amounts if any(amounts) else combo.weights(components, rates)
    discounts = combo.split(round_money(decimal_of(row.get("discount_amount")), currency), by, currency)
    kept = {field: row.get(field) for field in _KEPT_OF_ROWS if row.get(field) is not None}
    return [
        {
            **kept,
            "sku": component.sku,
            "qty": float(component.qty * qty),
            "rate": float(amount / (component.qty * qty)) if qty else 0.0,
            "discount_amount": float(discount),
            "combo_sku": facts.name,
            "combo_qty": float(qty),
        }
        for component, amount, discount in zip(components, amounts, discounts, strict=True)
    ]


def _check_combo(doc: Any) -> None:
    """Refuse a combo whose components can't work, and goods of its own that it would need to keep."""
    if not doc.is_combo:
        return
    parts = [
        Component(row.sku, decimal_of(row.qty), decimal_of(row.share), decimal_of(row.fixed_rate))
        for row in doc.components
    ]
    refuse(combo.combo_problems(doc.sku_code, parts, store.load_skus(part.sku for part in parts)), DocumentRefused)
    if doc.has_batch or doc.has_serial:
        refuse([problem(N_("A combo has no stock, so no batches and no serial numbers"))], DocumentRefused)
