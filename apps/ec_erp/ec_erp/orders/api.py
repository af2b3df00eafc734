"""Actions on orders for the desk and for other systems. Dotted paths and parameters are a public contract."""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.orders import flows


@frappe.whitelist(methods=["POST"])
def pay_orders(names: str | list[str], paid_datetime: str | None = None) -> dict[str, Any]:
    """Mark orders as paid; unpaid ones go on to be shipped. Returns ``{name: status}``."""
    docs = _load(names)
    for doc in docs:
        doc.db_set("paid_datetime", frappe.utils.get_datetime(paid_datetime or frappe.utils.now_datetime()))
    flows.pay_orders(docs)
    return _statuses(docs)


@frappe.whitelist(methods=["POST"])
def audit_orders(names: str | list[str]) -> dict[str, Any]:
    """Release orders that wait for an audit. Returns ``{name: status}``."""
    docs = _load(names)
    flows.audit_orders(docs)
    return _statuses(docs)


@frappe.whitelist(methods=["POST"])
def reserve_missing(names: str | list[str]) -> dict[str, Any]:
    """Try again to put stock aside for orders that are short. Returns ``{name: stock_state}``."""
    docs = _load(names)
    flows.reserve_missing(docs)
    return {doc.name: doc.stock_state for doc in docs}


def _load(names: str | list[str]) -> list[Any]:
    docs = [frappe.get_doc("Sales Order", name) for name in frappe.parse_json(names)]
    for doc in docs:
        doc.check_permission("submit")
    return docs


def _statuses(docs: list[Any]) -> dict[str, Any]:
    return {doc.name: doc.status for doc in docs}
