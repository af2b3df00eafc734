"""Goods that buyers send back: what refunds say is on its way, and has not arrived.

Invariant: reads only; a refund that has not moved for two months brings nothing back any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import frappe

from ec_erp.channels.rules.returning import BackLine
from ec_erp.documents.store import load_rows
from ec_erp.kernel.numbers import decimal_of

LONGEST_WAY = timedelta(days=60)
_ON_THE_WAY = ("Agreed", "Success")


def load_back_lines(skus: Iterable[str], now: datetime) -> list[BackLine]:
    """Return the delivered lines of SKUs whose goods refunds bring back."""
    rows = _delivered(skus, now)
    named = _refund_lines(rows)
    wanted = {(row["parent"], row["platform_line_id"]): decimal_of(row["qty"]) for row in named}
    listed = {row["parent"] for row in named}
    return [
        BackLine(
            row["line"],
            row["sku"],
            row["warehouse"],
            # a refund that names no lines is of the whole order
            wanted.get((row["refund"], row["platform_line_id"])) if row["refund"] in listed else None,
            decimal_of(row["delivered_qty"]),
            decimal_of(row["returned_qty"]),
            row,
        )
        for row in rows
        if row["refund"] not in listed or (row["refund"], row["platform_line_id"]) in wanted
    ]


def _delivered(skus: Iterable[str], now: datetime) -> list[Any]:
    refund, order = frappe.qb.DocType("Platform Refund"), frappe.qb.DocType("Sales Order")
    line = frappe.qb.DocType("Sales Order Item")
    query = (
        frappe.qb.from_(refund)
        .inner_join(order)
        .on((order.platform_order_id == refund.platform_order_id) & (order.shop == refund.shop))
        .inner_join(line)
        .on(line.parent == order.name)
        .select(
            refund.name.as_("refund"), line.name.as_("line"), line.sku, line.warehouse, line.qty, line.delivered_qty
        )
        .select(line.returned_qty, line.platform_line_id, line.platform_item_id, line.platform_sku_id, line.combo_sku)
        .select(order.shop)
        .where(refund.goods_back == 1)
        .where(refund.platform_status.isin(list(_ON_THE_WAY)))
        .where(refund.platform_modified > now - LONGEST_WAY)
        .where(order.docstatus == 1)
        .where(line.delivered_qty > line.returned_qty)
        .where(line.sku.isin(sorted(set(skus)) or [""]))
        .orderby(refund.name)
        .orderby(line.name)
    )
    return list(query.run(as_dict=True))


def _refund_lines(rows: Iterable[Any]) -> list[Any]:
    fields = ("parent", "platform_line_id", "qty")
    return load_rows("Platform Refund Line", {row["refund"] for row in rows}, fields, key="parent")


def load_returning_skus(shop: str, order_id: str) -> list[str]:
    """Return the SKUs of a platform's order."""
    order, line = frappe.qb.DocType("Sales Order"), frappe.qb.DocType("Sales Order Item")
    query = frappe.qb.from_(line).inner_join(order).on(order.name == line.parent).select(line.sku).distinct()
    rows = query.where(order.shop == shop).where(order.platform_order_id == order_id).where(line.sku.isnotnull()).run()
    return [str(row[0]) for row in rows]
