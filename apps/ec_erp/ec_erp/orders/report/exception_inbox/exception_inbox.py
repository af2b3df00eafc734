"""Exception Inbox: everything that waits for somebody (异常中心)."""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.kernel.problems import N_
from ec_erp.orders.flows import inbox

TITLE = N_("Exception Inbox")  # the report's name, as menus translate it
_COLUMNS = (
    ("reference_name", N_("Document"), "Dynamic Link", "reference_doctype", 150),
    ("kind", N_("Kind"), "Data", "", 100),
    ("code", N_("Code"), "Data", "", 140),
    ("blocking", N_("Stops the Order"), "Check", "", 70),
    ("overdue", N_("Overdue"), "Check", "", 70),
    ("suggestion", N_("Suggested"), "Data", "", 320),
    ("owner_role", N_("Owner"), "Data", "", 130),
    ("assigned_to", N_("Assigned To"), "Link", "User", 140),
    ("since", N_("Since"), "Datetime", "", 150),
    ("due", N_("Due"), "Datetime", "", 150),
    ("note", N_("Note"), "Data", "", 200),
    ("status", N_("Status"), "Data", "", 110),
    ("shop", N_("Shop"), "Link", "Shop", 120),
)


def execute(filters: dict[str, Any] | None = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return columns and rows; filters as the inbox has them."""
    frappe.has_permission("Sales Order", "read", throw=True)
    columns = [
        {"fieldname": name, "label": frappe._(label), "fieldtype": kind, "options": options, "width": width}
        for name, label, kind, options, width in _COLUMNS
    ]
    rows = inbox.exceptions(filters or {}, inbox.MOST)
    return columns, [
        {
            **row,
            "kind": frappe._(row["reference_doctype"]),
            "reason": row["code"],
            "code": frappe._(row["code"]),
            "owner_role": frappe._(row["owner_role"]),
            "status": frappe._(row["status"] or ""),
        }
        for row in rows
    ]
