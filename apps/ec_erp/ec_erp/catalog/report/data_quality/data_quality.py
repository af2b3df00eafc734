"""Data Quality: the standing checks with their counts; with a check chosen, what it has found (数据质量)."""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.catalog.flows import quality
from ec_erp.kernel.problems import N_

_SUMMARY = (
    ("check", N_("Standing Check"), "Data", "", 200),
    ("count", N_("Findings"), "Int", "", 90),
    ("mendable", N_("With a Proposal"), "Int", "", 130),
    ("advice", N_("Suggested"), "Data", "", 420),
)
_FOUND = (
    ("kind", N_("Kind"), "Data", "", 110),
    ("reference_name", N_("Document"), "Dynamic Link", "reference_doctype", 200),
    ("why", N_("What Is Wrong"), "Data", "", 380),
    ("proposal", N_("Proposal"), "Data", "", 380),
)


def execute(filters: dict[str, Any] | None = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return columns and rows; ``filters`` may name a check."""
    frappe.has_permission("SKU", "read", throw=True)
    code = (filters or {}).get("check")
    rows = quality.rows_of(code) if code else [{**row, "check": frappe._(row["check"])} for row in quality.summary()]
    columns = [
        {"fieldname": name, "label": frappe._(label), "fieldtype": kind, "options": options, "width": width}
        for name, label, kind, options, width in (_FOUND if code else _SUMMARY)
    ]
    return columns, rows
