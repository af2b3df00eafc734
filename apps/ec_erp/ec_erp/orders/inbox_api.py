"""The inbox of exceptions and bulk operations on orders. Dotted paths and parameters are a public contract."""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.documents.requests import figures_in, names_in
from ec_erp.orders import store
from ec_erp.orders.flows import bulk, inbox


@frappe.whitelist(methods=["GET", "POST"])
def list_exceptions(filters: str | dict[str, Any] | None = None, limit: int = 200) -> dict[str, Any]:
    """Return open exceptions ``{rows, counts}``; filters: owner_role, code, shop, assigned_to, source, overdue, blocking."""
    frappe.has_permission("Sales Order", "read", throw=True)
    rows = inbox.exceptions(figures_in(filters), int(limit))
    return {"rows": rows, "counts": inbox.counts(rows)}


@frappe.whitelist(methods=["POST"])
def assign_exceptions(names: str | list[str], code: str, user: str | None = None) -> int:
    """Give an exception of orders to a person. Returns the number of rows."""
    frappe.has_permission("Sales Order", "read", throw=True)
    return inbox.assign(names_in(names), code, user)


@frappe.whitelist(methods=["POST"])
def fix_exceptions(names: str | list[str], code: str, preview: bool | int | str = False) -> list[dict[str, Any]]:
    """Do what is suggested about a reason, or show what it would do. Returns ``{order, done, changed, message}`` per order."""
    only_preview = bool(frappe.utils.cint(preview))
    return _rows(inbox.fix(names_in(names), code, only_preview=only_preview))


@frappe.whitelist(methods=["POST"])
def preview_bulk(
    action: str,
    names: str | list[str] | None = None,
    filters: str | dict[str, Any] | None = None,
    arguments: str | dict[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Show what an action would do to orders, named or found by list filters. Returns ``{order, done, changed, message}``."""
    return _rows(bulk.preview(action, _chosen(names, filters), figures_in(arguments)))


@frappe.whitelist(methods=["POST"])
def run_bulk(
    action: str,
    names: str | list[str] | None = None,
    filters: str | dict[str, Any] | None = None,
    arguments: str | dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Do it, in the background where the settings say so. Returns ``{name, status, done, failed, rows}`` of the Order Bulk Run."""
    chosen = _chosen(names, filters)
    bulk.known_action(action)
    doc = frappe.get_doc(
        {
            "doctype": "Order Bulk Run",
            "action": action,
            "arguments": frappe.as_json(figures_in(arguments), indent=None),
            "order_count": len(chosen),
            "rows": [{"sales_order": name} for name in chosen],
        }
    )
    later = bulk.in_background(len(chosen))
    if not later:
        bulk.run_document(doc)
    doc.flags.ignore_links = True  # cancelled orders have their result, too
    doc.insert(ignore_permissions=True)
    if later:
        frappe.enqueue(
            "ec_erp.orders.flows.bulk.run_in_background", queue="long", enqueue_after_commit=True, name=doc.name
        )
    rows = [
        {"order": row.sales_order, "done": row.done, "changed": row.effect, "message": row.message} for row in doc.rows
    ]
    return {"name": doc.name, "status": doc.status, "done": doc.done_count, "failed": doc.failed_count, "rows": rows}


def _chosen(names: str | list[str] | None, filters: str | dict[str, Any] | None) -> list[str]:
    """Return the orders that are named, else those that the filters find and the user may read."""
    if names:
        return names_in(names)
    wanted = figures_in(filters)
    return store.list_orders(wanted, inbox.MOST)


def _rows(results: list[bulk.Result]) -> list[dict[str, Any]]:
    return [{"order": one.order, "done": one.done, "changed": one.changed, "message": one.message} for one in results]
