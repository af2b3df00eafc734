"""Actions on orders for the desk and for other systems. Dotted paths and parameters are a public contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe

from ec_erp.orders import flows


@frappe.whitelist(methods=["POST"])
def pay_orders(names: str | list[str], paid_datetime: str | None = None, reference: str | None = None) -> dict[str, Any]:
    """Mark orders as paid; unpaid ones go on to be shipped. Returns ``{name: status}``."""
    paid = frappe.utils.get_datetime(paid_datetime) if paid_datetime else None
    return _statuses(flows.pay_orders(_allowed(names), paid, reference))


@frappe.whitelist(methods=["POST"])
def audit_orders(names: str | list[str], note: str = "") -> dict[str, Any]:
    """Release orders that wait for an audit. Returns ``{name: status}``."""
    return _statuses(flows.audit_orders(_allowed(names), note))


@frappe.whitelist(methods=["POST"])
def finance_audit_orders(names: str | list[str], note: str = "") -> dict[str, Any]:
    """Release orders that wait for the finance audit. Returns ``{name: status}``."""
    frappe.only_for(["Accountant", "EC Manager", "System Manager"])
    return _statuses(flows.finance_audit_orders(_allowed(names, "read"), note))


@frappe.whitelist(methods=["POST"])
def process_orders(names: str | list[str], note: str = "") -> dict[str, Any]:
    """Run the pipeline again for orders that are not released yet. Returns ``{name: status}``."""
    return _statuses(flows.process_orders(_allowed(names), note))


@frappe.whitelist(methods=["POST"])
def reserve_missing(names: str | list[str]) -> dict[str, Any]:
    """Try again to put stock aside for orders that are short. Returns ``{name: stock_state}``."""
    return {order.name: order.stock_state for order in flows.reserve_missing(_allowed(names))}


@frappe.whitelist(methods=["POST"])
def block_orders(names: str | list[str], code: str = "Manual", note: str = "") -> list[str]:
    """Stop orders with a reason of the catalogue; those the warehouse has are intercepted. Returns the changed ones."""
    return [order.name for order in flows.block_orders(dict.fromkeys(_allowed(names), note), code, "hand")]


@frappe.whitelist(methods=["POST"])
def unblock_orders(names: str | list[str], code: str = "", note: str = "") -> list[str]:
    """Take a reason (without a code: all) off orders and let them go on. Returns the changed ones."""
    return [order.name for order in flows.unblock_orders(_allowed(names), code, note)]


def _allowed(names: str | list[str], right: str = "submit") -> list[str]:
    """Return the names, once the user's right on each order is clear."""
    wanted = list(dict.fromkeys(frappe.parse_json(names)))
    for name in wanted:
        frappe.get_doc("Sales Order", name).check_permission(right)
    return wanted


def _statuses(orders: Sequence[Any]) -> dict[str, Any]:
    return {order.name: order.status for order in orders}
