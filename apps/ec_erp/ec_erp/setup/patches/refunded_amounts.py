"""Orders of which units were refunded before heads said so show what the buyer gets back."""

import frappe

from ec_erp.orders.flows.refunding import show_refunded
from ec_erp.orders.flows.working import lock_orders, write_orders

CHUNK = 200


def execute() -> None:
    """Fill the refunded amount of every order with refunded units."""
    refunded = {"refunded_qty": (">", 0), "parenttype": "Sales Order"}
    names = sorted(set(frappe.get_all("Sales Order Item", filters=refunded, pluck="parent")))
    for start in range(0, len(names), CHUNK):
        orders = lock_orders(names[start : start + CHUNK])
        for order in orders:
            show_refunded(order)
        write_orders(orders, frappe.utils.now_datetime())
