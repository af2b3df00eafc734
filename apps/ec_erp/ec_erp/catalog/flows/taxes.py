"""Tax classes of SKUs: given, taken over from the category, followed when a class's rate changes.

Invariant: documents take a SKU's tax rate; what is submitted keeps the rate it had.
"""

from __future__ import annotations

from typing import Any

from ec_erp.catalog import store
from ec_erp.catalog.rules import taxes
from ec_erp.documents.errors import DocumentRefused, refuse
from ec_erp.kernel.numbers import is_number, optional_decimal
from ec_erp.kernel.problems import N_, problem


def fill_tax(doc: Any) -> None:
    """Give a SKU its tax class (the category's where it has none and is new) and the rate of the class."""
    if not doc.tax_class and doc.category and doc.is_new() and is_number(doc.get("tax_rate")):
        found = taxes.class_for(optional_decimal(doc.get("tax_rate")), store.load_category_classes(doc.category))
        doc.tax_class = found.name if found else None
    if doc.tax_class:
        terms = store.load_tax_classes([doc.tax_class]).get(doc.tax_class.casefold())
        if terms:
            doc.tax_rate = float(taxes.rate_of(terms))


def check_tax_class(doc: Any) -> None:
    """Refuse codes and rates that can't be."""
    refuse(taxes.class_problems(doc.tax_code or "", store.tax_terms(doc)), DocumentRefused)


def follow_tax_class(doc: Any) -> None:
    """Give the SKUs of a class its new rate."""
    before = doc.get_doc_before_save()
    rate = taxes.rate_of(store.tax_terms(doc))
    if before and taxes.rate_of(store.tax_terms(before)) != rate:
        store.write_tax_rate(doc.name, float(rate))


def refuse_used_class(doc: Any) -> None:
    """Refuse to delete a class that SKUs have."""
    used = store.load_skus_of_class(doc.name)
    refuse([problem(N_("{0} SKUs have the tax class {1}"), len(used), doc.name)] if used else [], DocumentRefused)
