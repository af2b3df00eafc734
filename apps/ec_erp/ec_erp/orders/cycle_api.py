"""Actions on orders that are delivered in turns. Dotted paths and parameters are a public contract."""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.documents.requests import day_in, names_in
from ec_erp.orders.flows import cycles


@frappe.whitelist(methods=["POST"])
def skip_delivery(name: str, number: int, note: str = "") -> str:
    """Leave a delivery of a Delivery Cycle out. Returns the day on which its goods come instead (ISO)."""
    _allowed([name])
    return cycles.skip_turn(name, int(number), note).isoformat()


@frappe.whitelist(methods=["POST"])
def postpone_delivery(name: str, number: int, day: str, note: str = "") -> str:
    """Have a delivery of a Delivery Cycle due on another day. Returns that day (ISO)."""
    _allowed([name])
    due = day_in(day, "Date")
    cycles.postpone_turn(name, int(number), due, note)
    return str(due.isoformat())


@frappe.whitelist(methods=["POST"])
def stop_deliveries(name: str, note: str) -> dict[str, Any]:
    """Deliver nothing more of a Delivery Cycle. Returns ``{refund}``: what the buyer gets back of what they have paid."""
    _allowed([name])
    return {"refund": float(cycles.stop_cycle(name, note))}


@frappe.whitelist(methods=["POST"])
def make_deliveries(names: str | list[str]) -> list[str]:
    """Make the orders of Delivery Cycles that are due, as the scheduler does. Returns the new orders."""
    return cycles.make_due(_allowed(names))


@frappe.whitelist(methods=["POST"])
def make_refund(name: str) -> str:
    """Make the draft of the Payment Entry that pays back what a stopped Delivery Cycle owes. Returns its name."""
    frappe.has_permission("Payment Entry", "create", throw=True)
    frappe.get_doc("Delivery Cycle", name).check_permission("read")
    return str(cycles.pay_back(name).name)


def _allowed(names: str | list[str]) -> list[str]:
    """Return the names, once the user's right on the order of each cycle is clear: who may submit it may change its turns."""
    wanted = names_in(names)
    for name in wanted:
        order = frappe.get_doc("Delivery Cycle", name).sales_order
        frappe.get_doc("Sales Order", order).check_permission("submit")
    return wanted
