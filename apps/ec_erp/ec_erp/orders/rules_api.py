"""Actions on the rules of orders. Dotted paths and parameters are a public contract."""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.orders.flows import rehearsing, ruling

ADMINS = ("EC Manager", "System Manager")


@frappe.whitelist(methods=["POST"])
def publish_rules(note: str = "") -> str:
    """Make the enabled rules, as they are now, the ones that orders follow. Returns the name of the version."""
    frappe.only_for(ADMINS)
    return ruling.publish(note)


@frappe.whitelist(methods=["POST"])
def roll_back_rules(version: str) -> str:
    """Make the rules of an earlier version the ones that orders follow. Returns the name of the new version."""
    frappe.only_for(ADMINS)
    return ruling.roll_back(version)


@frappe.whitelist(methods=["GET", "POST"])
def try_rules(order: str, version: str | None = None) -> dict[str, Any]:
    """Return what the rules as they are now (or a version's) decide about one order: a row per part, with the reasons."""
    frappe.get_doc("Sales Order", order).check_permission("read")
    return rehearsing.try_order(order, version)


@frappe.whitelist(methods=["POST"])
def rehearse_rules(days: int = 7, shop: str | None = None) -> dict[str, Any]:
    """Ask the published rules and those as they are now about the orders of the last days; return every difference."""
    frappe.only_for(ADMINS)
    count, found = rehearsing.rehearse(int(days), shop)
    rows = [one.told() for one in found]
    return {"orders": count, "changed": len({one.order for one in found}), "rows": rows}
