"""Stock Movements: each movement with its document, its reason, and what there was before and after (库存变动记录)."""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.inventory.flows import reasons, watching
from ec_erp.inventory.flows.report_columns import Column, columns_of
from ec_erp.kernel.problems import N_

TITLE = N_("Stock Movements")  # the report's name, as menus translate it
DAYS = 7
_COLUMNS: tuple[Column, ...] = (
    ("posting_datetime", N_("Event Time"), "Datetime", "", 150),
    ("sku", N_("SKU"), "Link", "SKU", 140),
    ("sku_name", N_("SKU Name"), "Data", "", 160),
    ("warehouse", N_("Warehouse"), "Link", "Warehouse", 140),
    ("reason", N_("Reason"), "Data", "", 150),
    ("qty_before", N_("Quantity Before"), "Float", "", 110),
    ("qty_change", N_("Quantity Change"), "Float", "", 110),
    ("qty_after", N_("Quantity After"), "Float", "", 110),
    ("voucher_type", N_("Document Type"), "Data", "", 120),
    ("voucher_no", N_("Document"), "Dynamic Link", "voucher_type", 160),
    ("remarks", N_("Remarks"), "Data", "", 160),
    ("bin", N_("Bin"), "Link", "Storage Bin", 110),
    ("batch", N_("Batch"), "Link", "Batch", 110),
    ("grade", N_("Grade"), "Data", "", 80),
    ("owner", N_("Entered By"), "Link", "User", 140),
)
_VALUE: Column = ("value_change", N_("Change of Value"), "Currency", "", 120)


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
    """Return columns, rows, and a message where not all are shown.

    Filters: ``from_date`` (a week ago when left out), ``to_date`` (today), company, warehouse, category, sku, ``reason``,
    ``voucher_type``.
    """
    wanted = frappe._dict(filters or {})
    last = frappe.utils.getdate(wanted.to_date or frappe.utils.nowdate())
    first = frappe.utils.getdate(wanted.from_date or frappe.utils.add_days(last, 1 - DAYS))
    asked = watching.asked_of(wanted)
    narrow = {"reason": wanted.reason or "", "voucher_type": wanted.voucher_type or ""}
    rows = reasons.movements(asked, first, last, **narrow) if asked else []
    for row in rows:
        row["grade"] = frappe._(row["grade"])
    cut = frappe._("Only the latest {0} movements are shown").format(reasons.AT_MOST)
    columns = (*_COLUMNS, _VALUE) if frappe.has_permission("GL Entry", "read") else _COLUMNS
    return columns_of(columns), rows, cut if len(rows) == reasons.AT_MOST else None
