"""Stock As Of: quantity and value of everything that was in stock at a moment (时点库存)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from ec_erp.inventory.flows import history
from ec_erp.kernel.problems import N_
from ec_erp.kernel.times import moment_of

TITLE = N_("Stock As Of")  # the report's name, as menus translate it


def execute(filters: dict[str, Any] | None = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return columns and rows. Filters: ``moment`` (now when left out), ``company``, ``warehouse``, ``sku``."""
    wanted = frappe._dict(filters or {})
    moment = moment_of(frappe.utils.get_datetime(wanted.moment or frappe.utils.now_datetime()))
    named = {"warehouses": [wanted.warehouse] if wanted.warehouse else [], "skus": [wanted.sku] if wanted.sku else []}
    return _columns(), history.stock_as_of(moment, company=wanted.company or "", **named)


def _columns() -> list[dict[str, Any]]:
    return [
        {"fieldname": "sku", "label": _("SKU"), "fieldtype": "Link", "options": "SKU", "width": 160},
        {"fieldname": "warehouse", "label": _("Warehouse"), "fieldtype": "Link", "options": "Warehouse", "width": 160},
        {"fieldname": "qty", "label": _("Quantity"), "fieldtype": "Float", "width": 110},
        {"fieldname": "value", "label": _("Value"), "fieldtype": "Currency", "width": 130},
        # Unit costs do not add up.
        {"fieldname": "unit_cost", "label": _("Unit Cost"), "fieldtype": "Currency", "width": 110, "disable_total": 1},
    ]
