"""Columns of reports about stock, from short descriptions.

Invariant: labels are translated when a report runs, not when its module is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe

from ec_erp.kernel.problems import N_

# Field name, label, field type, options, width.
Column = tuple[str, str, str, str, int]
HEAD: tuple[Column, ...] = (
    ("sku", N_("SKU"), "Link", "SKU", 140),
    ("sku_name", N_("SKU Name"), "Data", "", 180),
    ("warehouse", N_("Warehouse"), "Link", "Warehouse", 150),
)


def columns_of(columns: Iterable[Column]) -> list[dict[str, Any]]:
    """Return columns as reports give them."""
    return [
        {"fieldname": name, "label": frappe._(label), "fieldtype": kind, "options": options, "width": width}
        for name, label, kind, options, width in columns
    ]
