"""Actions on purchase orders for the desk and for other systems. Dotted paths and parameters are a public contract."""

from __future__ import annotations

import frappe

from ec_erp.purchasing.flows import order


@frappe.whitelist(methods=["POST"])
def stop_orders(names: str | list[str]) -> dict[str, str]:
    """Stop waiting for the rest of purchase orders. Returns ``{name: status}``."""
    wanted = list(frappe.parse_json(names))
    for name in wanted:
        frappe.get_doc("Purchase Order", name).check_permission("submit")
    return order.stop_orders(wanted)
