"""Endpoints of stock; their dotted paths are a public contract."""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.documents.requests import moment_in, names_in, number_in
from ec_erp.inventory.flows import asking, history, quotas
from ec_erp.kernel.numbers import plain
from ec_erp.kernel.problems import N_


@frappe.whitelist()
def get_availability(
    skus: str | list[str],
    warehouses: str | list[str] | None = None,
    channel_group: str | None = None,
    split: int = 0,
) -> list[dict[str, Any]]:
    """Return what there is of SKUs per warehouse, with the terms of each figure, and what a channel group may sell.

    ``skus`` and ``warehouses`` are lists (or their JSON); without warehouses all are shown that have a balance. Each row has
    sku, warehouse, company (whose goods they are), the buckets (returning: sent back by buyers and not arrived, part of no figure),
    shippable, available, free, sellable and ``explained`` (figure → list of label and value); with ``split`` also ``places``:
    ``{bin, batch, grade, on_hand, frozen, allocated}`` each, which add up to what is on hand.
    """
    frappe.has_permission("Stock Balance", "read", throw=True)
    return asking.availability(
        _list(skus), _list(warehouses), channel_group or "", split=bool(frappe.utils.cint(split))
    )


@frappe.whitelist()
def get_stock_as_of(
    moment: str,
    company: str | None = None,
    warehouses: str | list[str] | None = None,
    skus: str | list[str] | None = None,
) -> list[dict[str, Any]]:
    """Return quantity, value and unit cost of everything that was in stock at a moment, by event time.

    Value and cost are left out for those who may not see costs.
    """
    frappe.has_permission("Stock Ledger Entry", "read", throw=True)
    asked = moment_in(moment, "Date")
    rows = history.stock_as_of(asked, company=company or "", warehouses=_list(warehouses), skus=_list(skus))
    if frappe.has_permission("GL Entry", "read"):
        return rows
    return [{field: row[field] for field in ("sku", "warehouse", "qty")} for row in rows]


@frappe.whitelist(methods=["POST"])
def move_quota(source: str, target: str, qty: float) -> dict[str, float]:
    """Move units that a Stock Quota has left to another one of the same goods. Returns ``{name: what each has left}``."""
    names = _quotas([source, target])
    moved = number_in(qty, "Quantity")
    quotas.move_quota(source, target, moved)
    return _told(names, N_("{0} moved from {1} to {2}"), plain(moved), source, target)


@frappe.whitelist(methods=["POST"])
def release_quotas(names: str | list[str]) -> dict[str, float]:
    """Give back what Stock Quotas have left and end them. Returns ``{name: what each has left}``."""
    wanted = _quotas(_list(names))
    quotas.end_quotas(wanted, "Released")
    return _told(wanted, N_("Released"))


def _quotas(names: list[str]) -> list[str]:
    for name in names:
        frappe.get_doc("Stock Quota", name).check_permission("write")
    return names


def _told(names: list[str], text: str, *values: str) -> dict[str, float]:
    """Write into the quotas' history what was done, for their quantities change without a save; return what they have left."""
    left = {}
    for name in names:
        doc = frappe.get_doc("Stock Quota", name)
        doc.add_comment("Info", frappe._(text).format(*values))
        left[name] = float(doc.left_qty or 0) if doc.status == quotas.ACTIVE else 0.0
    return left


def _list(value: str | list[str] | None) -> list[str]:
    return names_in(value)
