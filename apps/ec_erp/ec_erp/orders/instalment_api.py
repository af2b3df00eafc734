"""Instalments of orders on account. Dotted paths and parameters are a public contract."""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.documents.requests import day_in, figures_in, number_in, rows_in
from ec_erp.orders.flows import instalments


@frappe.whitelist(methods=["GET", "POST"])
def get_instalments(name: str) -> list[dict[str, Any]]:
    """Return the instalments of an order; of a draft, what they will be.

    Each: number, due_date (None: so many days after the shipment), after_shipment_days, amount, paid_amount,
    outstanding_amount, status, overdue_days.
    """
    doc = frappe.get_doc("Sales Order", name)
    doc.check_permission("read")
    return instalments.schedule_of(doc)


@frappe.whitelist(methods=["POST"])
def agree_instalments(name: str, rows: str | list[dict[str, Any]], note: str = "") -> list[dict[str, Any]]:
    """Give an order on account other instalments: ``rows`` [{due_date, amount}] that come to what is due of it.

    Returns them as ``get_instalments`` does. Raises ``OrderNotReady`` where they do not come to the order's amount.
    """
    frappe.only_for(["Accountant", "EC Manager", "System Manager"])
    frappe.get_doc("Sales Order", name).check_permission("read")
    wanted = [
        (day_in(row["due_date"], "Due Date") if row.get("due_date") else None, number_in(row.get("amount"), "Amount"))
        for row in rows_in(rows)
    ]
    return instalments.agree(name, wanted, note)


@frappe.whitelist(methods=["GET", "POST"])
def list_overdue(filters: str | dict[str, Any] | None = None, limit: int = 500) -> list[dict[str, Any]]:
    """Return instalments that are not paid, the oldest first, with ``overdue_days`` and ``age``; filters: customer, shop,
    company, as_of (a day; left out: today), with_not_due.
    """
    return instalments.overdue(figures_in(filters), int(limit))
