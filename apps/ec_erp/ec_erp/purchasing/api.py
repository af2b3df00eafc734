"""Actions on purchase documents for the desk and for other systems. Dotted paths and parameters are a public contract."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.mapper import get_mapped_doc
from frappe.utils import flt

from ec_erp.purchasing.flows import order

_SUBMITTED = {"docstatus": ["=", 1]}


@frappe.whitelist(methods=["POST"])
def stop_orders(names: str | list[str]) -> dict[str, str]:
    """Stop waiting for the rest of purchase orders. Returns ``{name: status}``."""
    wanted = list(frappe.parse_json(names))
    for name in wanted:
        frappe.get_doc("Purchase Order", name).check_permission("submit")
    return order.stop_orders(wanted)


@frappe.whitelist()
def make_purchase_receipt(source_name: str, target_doc: Any = None) -> Any:
    """Return an unsaved Purchase Receipt with everything that is open of a Purchase Order."""
    return get_mapped_doc(
        "Purchase Order",
        source_name,
        {
            "Purchase Order": {
                "doctype": "Purchase Receipt",
                "validation": _SUBMITTED,
                "field_map": {"name": "purchase_order"},
            },
            "Purchase Order Item": {
                "doctype": "Purchase Receipt Item",
                "field_map": {"name": "purchase_order_item"},
                "condition": lambda row: _open_of_order(row) > 0,
                "postprocess": _take_open_of_order,
            },
        },
        target_doc,
    )


@frappe.whitelist()
def make_purchase_return(source_name: str, target_doc: Any = None) -> Any:
    """Return an unsaved Purchase Return with everything of a Purchase Receipt that was not sent back."""
    return get_mapped_doc(
        "Purchase Receipt",
        source_name,
        {
            "Purchase Receipt": {
                "doctype": "Purchase Return",
                "validation": _SUBMITTED,
                "field_map": {"name": "purchase_receipt"},
            },
            "Purchase Receipt Item": {
                "doctype": "Purchase Return Item",
                "field_map": {"name": "purchase_receipt_item"},
                "condition": lambda row: flt(row.returned_qty) < flt(row.accepted_qty),
                "postprocess": _take_open_of_receipt,
            },
        },
        target_doc,
    )


def _open_of_order(row: Any) -> float:
    return float(flt(row.qty) - flt(row.received_qty) - flt(row.stopped_qty))


def _take_open_of_order(source: Any, target: Any, _parent: Any) -> None:
    target.qty = target.accepted_qty = _open_of_order(source)


def _take_open_of_receipt(source: Any, target: Any, _parent: Any) -> None:
    target.qty = flt(source.accepted_qty) - flt(source.returned_qty)
