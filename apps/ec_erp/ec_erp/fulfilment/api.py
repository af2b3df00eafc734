"""Documents that follow from others, for the desk and for other systems. Dotted paths and parameters are a public contract."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.mapper import get_mapped_doc
from frappe.utils import flt

_SUBMITTED = {"docstatus": ["=", 1]}


@frappe.whitelist()
def make_delivery_note(source_name: str, target_doc: Any = None) -> Any:
    """Return an unsaved Delivery Note with everything that is open of a Sales Order."""
    return get_mapped_doc(
        "Sales Order",
        source_name,
        {
            "Sales Order": {"doctype": "Delivery Note", "validation": _SUBMITTED, "field_map": {"name": "sales_order"}},
            "Sales Order Item": {
                "doctype": "Delivery Note Item",
                "field_map": {"name": "sales_order_item"},
                "condition": lambda row: flt(row.delivered_qty) < flt(row.qty),
                "postprocess": _take_open_of_order,
            },
        },
        target_doc,
    )


@frappe.whitelist()
def make_return(source_name: str, target_doc: Any = None) -> Any:
    """Return an unsaved return with everything of a Delivery Note that has not come back."""
    return get_mapped_doc(
        "Delivery Note",
        source_name,
        {
            "Delivery Note": {
                "doctype": "Delivery Note",
                "validation": _SUBMITTED,
                "field_map": {"name": "return_against"},
                "field_no_map": ["shipping_fee", "carrier", "naming_series"],
            },
            "Delivery Note Item": {
                "doctype": "Delivery Note Item",
                "field_map": {"name": "return_against_item"},
                "condition": lambda row: flt(row.returned_qty) < flt(row.qty),
                "postprocess": _take_open_of_delivery,
            },
        },
        target_doc,
        postprocess=_as_return,
    )


def _take_open_of_order(source: Any, target: Any, _parent: Any) -> None:
    target.qty = flt(source.qty) - flt(source.delivered_qty)


def _take_open_of_delivery(source: Any, target: Any, _parent: Any) -> None:
    target.qty = flt(source.qty) - flt(source.returned_qty)


def _as_return(_source: Any, target: Any) -> None:
    """Goods come back; what was charged beside them is given back only when somebody adds it."""
    target.is_return = 1
    target.charges = []
