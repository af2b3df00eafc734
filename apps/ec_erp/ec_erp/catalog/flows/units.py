"""Rows entered in a unit of their own, and the units of SKUs.

Invariant: only rows that name a unit cost a query, one for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ec_erp.catalog import store
from ec_erp.catalog.rules import units as rules
from ec_erp.catalog.rules.units import Entered, UnitTerms
from ec_erp.documents.errors import DocumentRefused, refuse
from ec_erp.kernel.numbers import ZERO, decimal_of, is_number, optional_decimal
from ec_erp.kernel.problems import N_, Problem, problem

_NUMBERS = ("uom_qty", "uom_rate", "qty", "rate")


def convert_rows(doc: Any) -> None:
    """Convert rows that were entered in another unit to the stock unit: quantity and price.

    Raises ``DocumentRefused`` for units that a SKU does not have. Rows of unknown SKUs and rows with text for numbers are left
    to the checks that come later.
    """
    rows = [row for row in doc.items if row.sku and row.get("uom") and all(is_number(row.get(one)) for one in _NUMBERS)]
    if not rows:
        return
    skus, known = store.load_skus(row.sku for row in rows), store.load_units(row.sku for row in rows)
    saved = doc.get_doc_before_save()
    before = {row.name: row for row in saved.items} if saved else {}
    missing: list[Problem] = []
    for row in rows:
        facts = skus.get(row.sku.casefold())
        ratio = ratio_of(row.uom, facts.stock_uom, known.get(facts.name.casefold(), {})) if facts else None
        if ratio:
            _write(row, ratio, before.get(row.name))
        elif facts:
            missing.append(problem(N_("Row {0}: {1} has no unit {2}"), row.idx, row.sku, row.uom))
    refuse(missing, DocumentRefused)


def ratio_of(uom: str, stock_uom: str, units: Mapping[str, UnitTerms]) -> Decimal | None:
    """Return how many stock units a unit is, None where the SKU does not have it."""
    if uom.casefold() == stock_uom.casefold():
        return Decimal(1)
    found = units.get(uom.casefold())
    return found.ratio if found else None


def _write(row: Any, ratio: Decimal, before: Any) -> None:
    found = rules.convert(_entered(row), ratio, _entered(before) if before else None)
    row.uom, row.uom_qty = found.uom or None, None if found.uom_qty is None else float(found.uom_qty)
    row.uom_ratio = float(ratio) if found.uom else None
    row.qty = None if found.qty is None else float(found.qty)
    if found.rate is not None:
        row.rate = float(found.rate)


def _entered(row: Any) -> Entered:
    return Entered(row.get("uom") or "", *(optional_decimal(row.get(one)) for one in _NUMBERS))


def show_unit_rates(doc: Any) -> None:
    """Show what one of the row's unit costs, once rates are filled."""
    for row in doc.items:
        ratio = decimal_of(row.get("uom_ratio")) if row.get("uom") else ZERO
        if ratio:
            row.uom_rate = float(rules.unit_rate(decimal_of(row.rate), ratio))
        elif row.get("uom_rate"):
            row.uom_rate = None


def check_units(doc: Any) -> None:
    """Refuse units of a SKU that can't be; give barcodes of a unit its quantity."""
    terms = [store.unit_terms(row) for row in doc.units]
    whole = bool(store.load_whole_units([doc.stock_uom]))
    refuse(rules.unit_problems(doc.stock_uom, terms, whole_units=whole), DocumentRefused)
    known = {unit.uom.casefold(): unit for unit in terms}
    missing: list[Problem] = []
    for row in doc.barcodes:
        if row.get("uom"):
            ratio = ratio_of(row.uom, doc.stock_uom, known)
            row.qty = float(ratio) if ratio else row.qty
            missing += [] if ratio else [problem(N_("Row {0}: {1} has no unit {2}"), row.idx, doc.sku_code, row.uom)]
    refuse(missing, DocumentRefused)
