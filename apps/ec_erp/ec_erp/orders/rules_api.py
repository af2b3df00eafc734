"""Actions on the rules of orders. Dotted paths and parameters are a public contract."""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.orders.flows import condition_fields, rehearsing, ruling
from ec_erp.orders.rules import conditions

ADMINS = ("EC Manager", "System Manager")


@frappe.whitelist(methods=["POST"])
def publish_rules(note: str = "") -> str:
    """Make the enabled rules, as they are now, the ones that orders follow. Returns the name of the version."""
    frappe.only_for(ADMINS, message=True)
    return ruling.publish(note)


@frappe.whitelist(methods=["POST"])
def roll_back_rules(version: str) -> str:
    """Make the rules of an earlier version the ones that orders follow. Returns the name of the new version."""
    frappe.only_for(ADMINS, message=True)
    return ruling.roll_back(version)


@frappe.whitelist(methods=["GET", "POST"])
def get_pending_changes() -> list[str]:
    """Return what publishing the rules would change now, a sentence for each; a publication is of all rules together."""
    frappe.only_for(ADMINS, message=True)
    return ruling.pending_changes()


@frappe.whitelist(methods=["GET", "POST"])
def get_condition_fields() -> dict[str, dict[str, str]]:
    """Return what conditions may look at: scope → field → its label in the user's language, custom fields included."""
    frappe.has_permission("Order Rule", throw=True)
    return condition_fields.labels_of_fields()


@frappe.whitelist(methods=["GET", "POST"])
def search_condition_fields(txt: str = "", scope: str = conditions.ORDER) -> list[dict[str, str]]:
    """Return the fields of a scope whose label or name has a text in it, as ``{value, label, description}``."""
    frappe.has_permission("Order Rule", throw=True)
    return condition_fields.fields_like(txt, scope) if scope in conditions.SCOPES else []


@frappe.whitelist(methods=["GET", "POST"])
def try_rules(order: str, version: str | None = None) -> dict[str, Any]:
    """Return what the rules as they are now (or a version's) decide about one order: a row per part, with the reasons."""
    frappe.get_doc("Sales Order", order).check_permission("read")
    return rehearsing.try_order(order, version)


@frappe.whitelist(methods=["POST"])
def rehearse_rules(days: int = 7, shop: str | None = None) -> dict[str, Any]:
    """Ask the published rules and those as they are now about the orders of the last days.

    Returns ``{orders, changed, outcomes: [{part, outcome, before, after}], rows: [{order, part, before, after}]}``: how many orders
    come out how, and every difference.
    """
    frappe.only_for(ADMINS, message=True)
    rehearsal = rehearsing.rehearse(int(days), shop)
    outcomes = [
        {"part": part, "outcome": rehearsing.tell(outcome), "before": before, "after": after}
        for part, outcome, before, after in rehearsal.outcomes()
    ]
    rows = [one.told() for one in rehearsal.found]
    return {
        "orders": rehearsal.order_count,
        "changed": rehearsal.changed_count,
        "outcomes": outcomes,
        "rows": rows,
    }
