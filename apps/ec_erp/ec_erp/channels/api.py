"""What own shops and bridges to platforms call. Dotted paths, parameters and answers are a public contract.

The shape of orders and refunds is described in docs/concepts/channels.md.
"""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.channels.flows import masking, pushing, refunding


@frappe.whitelist(methods=["POST"])
def push_orders(shop: str, orders: str | list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Take orders of a shop, new and changed ones; pushing one again changes nothing.

    Returns ``{id, state, sales_orders, message}`` per order; state is created, updated, unchanged or failed.
    """
    _check_right()
    return [
        {"id": one.order_id, "state": one.state, "sales_orders": one.sales_orders, "message": one.message}
        for one in pushing.push_orders(shop, _listed(orders))
    ]


@frappe.whitelist(methods=["POST"])
def push_refunds(shop: str, refunds: str | list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Take refunds of a shop. Returns ``{id, state, message}`` per refund, as for orders."""
    _check_right()
    return [
        {"id": one.order_id, "state": one.state, "message": one.message}
        for one in refunding.push_refunds(shop, _listed(refunds))
    ]


@frappe.whitelist(methods=["POST"])
def reveal_receiver(order: str, why: str) -> dict[str, str]:
    """Return the receiver of an order in plain text; who asked and why is kept in its history."""
    frappe.only_for(["Warehouse Staff", "Customer Service", "EC Manager", "System Manager"])
    frappe.get_doc("Sales Order", order).check_permission("read")
    return masking.reveal(order, why)


def _check_right() -> None:
    frappe.has_permission("Sales Order", "create", throw=True)


def _listed(values: str | list[dict[str, Any]]) -> list[Any]:
    found = frappe.parse_json(values)
    if not isinstance(found, list):
        frappe.throw(frappe._("A list is needed"), frappe.ValidationError)
    return list(found)
