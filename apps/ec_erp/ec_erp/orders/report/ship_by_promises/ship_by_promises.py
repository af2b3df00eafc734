"""Ship-By Promises: orders that are still to leave, late ones and those at risk first (发货时限)."""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.kernel.problems import N_
from ec_erp.orders.flows import promises

TITLE = N_("Ship-By Promises")  # the report's name, as menus translate it
_COLUMNS = (
    ("order", N_("Sales Order"), "Link", "Sales Order", 160),
    ("urgency", N_("Urgency"), "Data", "", 90),
    ("ship_by", N_("Ship By"), "Datetime", "", 150),
    ("hours_left", N_("Hours Left"), "Float", "", 100),
    ("status", N_("Status"), "Data", "", 110),
    ("held_by", N_("Held By"), "Data", "", 220),
    ("warehouse", N_("Warehouse"), "Link", "Warehouse", 140),
    ("shop", N_("Shop"), "Link", "Shop", 140),
    ("customer", N_("Customer"), "Link", "Customer", 160),
)


def execute(filters: dict[str, Any] | None = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return columns and rows; filters: shop, warehouse, urgency."""
    frappe.has_permission("Sales Order", "read", throw=True)
    columns = [
        {"fieldname": name, "label": frappe._(label), "fieldtype": kind, "options": options, "width": width}
        for name, label, kind, options, width in _COLUMNS
    ]
    return columns, [_told(row) for row in promises.promises(filters or {})]


def _told(row: dict[str, Any]) -> dict[str, Any]:
    held = ", ".join(frappe._(code) for code in row["held_by"])
    return {**row, "urgency": frappe._(row["urgency"]), "status": frappe._(row["status"]), "held_by": held}
