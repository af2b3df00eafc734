"""Ledger entries with the reasons that their documents name: joined when they are read, so that postings write nothing more.

Invariant: reads only.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import frappe

from ec_erp.inventory.store.asked import Asked

Row = dict[str, Any]


def load_movements(
    asked: Asked, first: date, last: date, *, reason: str = "", voucher_type: str = "", limit: int
) -> list[Row]:
    """Return ledger entries of a span of days, the latest first, with the SKU's name and the reason of a Stock Entry."""
    narrowed, values = asked.conditions("e")
    for column, wanted in (("s.`reason`", reason), ("e.`voucher_type`", voucher_type)):
        if wanted:
            narrowed, values = f"{narrowed} AND {column} = %s", [*values, wanted]
    query = (
        "SELECT e.`name`, e.`posting_datetime`, e.`sku`, k.`sku_name`, e.`warehouse`, e.`bin`, e.`batch`, e.`grade`, e.`voucher_type`,"  # noqa: S608
        " e.`voucher_no`, e.`is_reversal`, e.`qty_change`, e.`qty_after`, e.`value_change`, e.`value_after`, e.`owner`,"
        " s.`reason` AS stock_reason, s.`remarks` FROM `tabStock Ledger Entry` e JOIN `tabSKU` k ON k.`name` = e.`sku`"
        " LEFT JOIN `tabStock Entry` s ON e.`voucher_type` = 'Stock Entry' AND s.`name` = e.`voucher_no`"
        f" WHERE e.`posting_datetime` >= %s AND e.`posting_datetime` < %s{narrowed}"
        f" ORDER BY e.`posting_datetime` DESC, e.`name` DESC LIMIT {int(limit)}"
    )
    span = [datetime.combine(first, time.min), datetime.combine(last + timedelta(days=1), time.min)]
    return list(frappe.db.sql(query, [*span, *values], as_dict=True))


def load_reason(entry: Any) -> str | None:
    """Return the reason of the Stock Entry that an entry comes from, None for other documents."""
    if entry.voucher_type != "Stock Entry":
        return None
    found = frappe.db.get_value("Stock Entry", entry.voucher_no, "reason")
    return str(found) if found else None
