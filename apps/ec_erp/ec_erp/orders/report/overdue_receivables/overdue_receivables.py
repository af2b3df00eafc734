"""Overdue Receivables: instalments of orders on account that are not paid, by how long they have been overdue (逾期应收)."""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.kernel.problems import N_
from ec_erp.orders.flows import instalments

TITLE = N_("Overdue Receivables")  # the report's name, as menus translate it
MOST = 5000
_COLUMNS = (
    ("customer", N_("Customer"), "Link", "Customer", 180),
    ("sales_order", N_("Sales Order"), "Link", "Sales Order", 160),
    ("number", N_("Number"), "Data", "", 70),
    ("due_date", N_("Due"), "Date", "", 110),
    ("overdue_days", N_("Days Overdue"), "Data", "", 110),
    ("age", N_("Age"), "Data", "", 110),
    ("amount", N_("Amount"), "Currency", "currency", 120),
    ("paid_amount", N_("Paid"), "Currency", "currency", 120),
    ("outstanding_amount", N_("Outstanding"), "Currency", "currency", 120),
    ("shop", N_("Shop"), "Link", "Shop", 140),
    ("company", N_("Company"), "Link", "Company", 160),
)


def execute(filters: dict[str, Any] | None = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return columns and rows; filters: customer, shop, company, as_of, with_not_due."""
    columns = [
        {"fieldname": name, "label": frappe._(label), "fieldtype": kind, "options": options, "width": width}
        for name, label, kind, options, width in _COLUMNS
    ]
    rows = instalments.overdue(filters or {}, MOST)
    return columns, [{**row, "age": frappe._(row["age"])} for row in rows]
