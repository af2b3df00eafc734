"""What purchase orders and receipts have in common: company, warehouse, rates, prices.

Invariant: a rate that was given is never replaced.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.catalog import flows as catalog
from ec_erp.catalog.types import SkuFacts
from ec_erp.documents.defaults import fill_company, fill_currency
from ec_erp.documents.errors import refuse
from ec_erp.documents.lines import line_terms, set_floats, total_of, write_price
from ec_erp.documents.requests import day_in
from ec_erp.inventory import flows as inventory
from ec_erp.kernel.matching import Open, match_line
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.pricing import line_problems, price_lines
from ec_erp.purchasing.store import masters


def fill_head(doc: Any) -> None:
    """Give a purchase document its company, currency and way of stating prices."""
    company = fill_company(doc)
    fill_currency(doc, company)
    doc.warehouse = doc.get("warehouse") or company.default_warehouse
    if doc.get("prices_include_tax") is None:
        doc.prices_include_tax = company.purchase_prices_include_tax


def fill_rows(doc: Any) -> None:
    """Give rows their warehouse."""
    for row in doc.items:
        row.warehouse = row.warehouse or doc.get("warehouse") or inventory.pick_warehouse(None)


def check_rows(doc: Any, *, qty_field: str = "qty") -> dict[str, SkuFacts]:
    """Refuse unknown SKUs, foreign warehouses and impossible numbers; fill rates; price the document."""
    inventory.check_warehouses(doc.company, [row.warehouse for row in doc.items])
    return price_rows(doc, qty_field=qty_field)


def price_rows(doc: Any, *, qty_field: str = "qty") -> dict[str, SkuFacts]:
    """Refuse unknown SKUs and impossible numbers; fill rates; price the document."""
    skus = catalog.skus_of_rows(doc.items)
    for row in doc.items:
        facts = skus[row.sku.casefold()]
        row.rate = float(facts.purchase_rate or 0) if row.get("rate") is None else row.rate
        row.tax_rate = float(facts.tax_rate) if row.get("tax_rate") is None else row.tax_rate
    catalog.show_unit_rates(doc)
    terms = [line_terms(row, whole_units=skus[row.sku.casefold()].whole_units) for row in doc.items]
    refuse(found for line in terms for found in line_problems(line, doc.currency))
    price_document(doc, skus, qty_field=qty_field)
    return skus


def price_document(doc: Any, skus: Mapping[str, SkuFacts], *, qty_field: str) -> None:
    """Price the rows (for the quantity in ``qty_field``) and add the document up."""
    terms = [
        line_terms(row, whole_units=skus[row.sku.casefold()].whole_units, qty_field=qty_field) for row in doc.items
    ]
    priced = price_lines(terms, ZERO, doc.currency, includes_tax=bool(doc.prices_include_tax))
    for row, line in zip(doc.items, priced, strict=True):
        write_price(row, line)
    write_totals(doc, qty_field)


def write_totals(doc: Any, qty_field: str = "qty") -> None:
    """Add up a purchase document from its rows."""
    net, tax = total_of(doc.items, "net_amount"), total_of(doc.items, "tax_amount")
    totals = {"total_qty": total_of(doc.items, qty_field), "net_total": net, "total_tax": tax, "grand_total": net + tax}
    set_floats(doc, totals)


def match_rows(doc: Any, lines: Sequence[Open], link: str) -> list[tuple[Any, Open | None]]:
    """Tie the rows of a document to the lines of the one it belongs to; return the pairs."""
    used: dict[str, Decimal] = {}
    by_name = {line.line: line for line in lines}
    pairs: list[tuple[Any, Open | None]] = []
    for row in doc.items:
        line = by_name.get(row.get(link) or "") or match_line(row.sku or "", decimal_of(row.qty), lines, used)
        row.set(link, line.line if line else None)
        if line is not None:
            used[line.line] = used.get(line.line, ZERO) + decimal_of(row.qty)
        pairs.append((row, line))
    return pairs


def tolerance_of(company: str) -> Decimal:
    """Return how much more than ordered a company may receive, in percent."""
    return masters.load_over_receipt_tolerance(company)


def day_of(value: Any) -> date:
    """Return the day of a date, datetime or text; today where there is none."""
    return day_in(value or frappe.utils.now_datetime(), "Date")


def names(values: Iterable[str | None]) -> set[str]:
    """Return the names that are given."""
    return {value for value in values if value}
