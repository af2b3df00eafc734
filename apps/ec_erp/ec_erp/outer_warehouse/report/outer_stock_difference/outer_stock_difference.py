"""Outer Stock Difference: what outside providers say lies with them against our books of the same moment (外仓库存差异)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from ec_erp.kernel.problems import N_
from ec_erp.outer_warehouse.flows import comparing

TITLE = N_("Outer Stock Difference")  # the report's name, as menus translate it


def execute(filters: dict[str, Any] | None = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return columns and rows of the newest snapshots. Filters: ``provider``, ``all_rows`` (also what agrees)."""
    wanted = frappe._dict(filters or {})
    return _columns(), comparing.differences(wanted.provider or "", all_rows=bool(frappe.utils.cint(wanted.all_rows)))


def _columns() -> list[dict[str, Any]]:
    def link(field: str, label: str, doctype: str, width: int = 130) -> dict[str, Any]:
        return {"fieldname": field, "label": label, "fieldtype": "Link", "options": doctype, "width": width}

    def figure(field: str, label: str) -> dict[str, Any]:
        return {"fieldname": field, "label": label, "fieldtype": "Float", "width": 100}

    return [
        link("provider", _("Provider"), "Warehouse Provider"),
        link("sku", _("SKU"), "SKU", 150),
        {"fieldname": "sku_name", "label": _("SKU Name"), "fieldtype": "Data", "width": 180},
        {"fieldname": "grade", "label": _("Grade"), "fieldtype": "Data", "width": 80},
        figure("outer", _("Provider Has")),
        figure("own", _("Books Say")),
        figure("difference", _("Difference")),
        figure("in_flight", _("On Its Way Out")),
        figure("explained", _("Explained by It")),
        figure("to_settle", _("To Settle")),
        {"fieldname": "taken_at", "label": _("Taken at"), "fieldtype": "Datetime", "width": 150},
        link("snapshot", _("Snapshot"), "Provider Snapshot", 140),
        link("stock_count", _("Stock Count"), "Stock Count", 140),
    ]
