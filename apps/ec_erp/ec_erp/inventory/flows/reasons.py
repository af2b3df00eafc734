"""The stock ledger as people read it: every movement with its document, its reason, and what there was before and after.

Invariant: reads only, one query however many movements are asked for; costs are shown to those who may see them.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe

from ec_erp.inventory.rules.reasons import reason_of
from ec_erp.inventory.store import reasons as store
from ec_erp.inventory.store.asked import Asked
from ec_erp.kernel.numbers import decimal_of

Row = dict[str, Any]
AT_MOST = 5000


def movements(asked: Asked, first: date, last: date, *, reason: str = "", voucher_type: str = "") -> list[Row]:
    """Return movements of a span of days (event time), the latest first, no more than ``AT_MOST``.

    ``reason`` narrows to a Stock Reason. Rows have what the ledger has, qty_before, and reason in the reader's language.
    """
    costs = bool(frappe.has_permission("GL Entry", "read"))
    rows = store.load_movements(asked, first, last, reason=reason, voucher_type=voucher_type, limit=AT_MOST)
    return [_shown(row, costs=costs) for row in rows]


def _shown(row: Row, *, costs: bool) -> Row:
    before = decimal_of(row["qty_after"]) - decimal_of(row["qty_change"])
    hidden = () if costs else ("value_change", "value_after")
    return {**row, "qty_before": float(before), "reason": _reason(row), **dict.fromkeys(hidden)}


def _reason(row: Row) -> str:
    undone = bool(row["is_reversal"])
    text = frappe._(
        reason_of(row["voucher_type"], decimal_of(row["qty_change"]), row["stock_reason"], is_reversal=undone)
    )
    return str(frappe._("Cancelled: {0}").format(text) if undone else text)


def show_reason(entry: Any) -> None:
    """Show on the form of a ledger entry why it moved goods."""
    entry.set_onload("reason", _reason({**entry.as_dict(), "stock_reason": store.load_reason(entry)}))
