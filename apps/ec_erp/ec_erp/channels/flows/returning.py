"""What is on its way back from buyers, as a bucket of stock.

Invariant: reads only; a set of SKUs costs as many statements as one, but for the shops whose goods come back.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import frappe

from ec_erp.channels import store
from ec_erp.channels.flows.following import units_per_item
from ec_erp.channels.rules import returning as rules
from ec_erp.channels.rules.pushed import PushedRefund
from ec_erp.channels.store import returns
from ec_erp.inventory.types import StockKey
from ec_erp.kernel.times import moment_of


def returns_on_the_way(skus: Iterable[str]) -> dict[StockKey, Decimal]:
    """Return what buyers have sent back, or will, and what has not arrived, by SKU and the warehouse it had left."""
    lines = returns.load_back_lines(skus, moment_of(frappe.utils.now_datetime()))
    units: dict[str, Decimal] = {}
    for shop in sorted({line.origin["shop"] for line in lines if line.items is not None}):
        rows = [frappe._dict(line.origin, name=line.line) for line in lines if line.origin["shop"] == shop]
        units |= units_per_item(shop, rows)
    return {StockKey(*at): qty for at, qty in rules.returning(lines, units).items()}


def look_again(shop: str, refund: PushedRefund) -> None:
    """Have listings looked at again whose goods a refund brings back, or no longer does."""
    if refund.goods_back:
        skus = returns.load_returning_skus(shop, refund.order_id)
        store.forget_looks({"sku": ("in", skus or [""])})
