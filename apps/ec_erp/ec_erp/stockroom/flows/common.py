"""What documents of the stockroom share: company and time, SKUs, whole units, one row per thing.

Invariant: what is filled never overrides what was given.
"""

from __future__ import annotations

from typing import Any

from ec_erp.accounting import store as accounting_store
from ec_erp.catalog import flows as catalog
from ec_erp.documents.defaults import fill_company, fill_moment
from ec_erp.documents.errors import refuse
from ec_erp.inventory import store as inventory_store
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.pricing import LineTerms, line_problems


def fill_head(doc: Any, warehouse: str | None) -> None:
    """Give a document the company of its warehouse and an event time."""
    found = inventory_store.load_warehouses([warehouse]) if warehouse else {}
    doc.company = doc.company or next((row["company"] for row in found.values()), None)
    fill_company(doc)
    fill_moment(doc, "posting_datetime")


def check_rows(doc: Any) -> None:
    """Refuse unknown SKUs and quantities that can't be."""
    skus = catalog.skus_of_rows(doc.items)
    currency = accounting_store.load_books(doc.company).currency
    terms = [
        LineTerms(
            row.idx,
            row.sku,
            decimal_of(row.qty),
            decimal_of(0),
            whole_units=skus[row.sku.casefold()].whole_units,
        )
        for row in doc.items
    ]
    refuse(found for line in terms for found in line_problems(line, currency))
