"""Estimating what an order earns, before it is shipped.

Invariant: an estimate never stops an order by itself; rules that hold loss-making orders look at it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ec_erp.catalog import store as catalog_store
from ec_erp.catalog.types import SkuFacts
from ec_erp.inventory.types import Balance, StockKey
from ec_erp.kernel.money import round_money
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.orders.flows.context import Run
from ec_erp.orders.flows.working import WorkingOrder
from ec_erp.orders.rules import machine


def estimate_profit(orders: Sequence[WorkingOrder], run: Run) -> None:
    """Write the estimated profit of orders that have their stock put aside."""
    skus = catalog_store.load_skus({row.sku for order in orders for row in order.lines if row.sku})
    for order in orders:
        if machine.reserves(order.status, run.terms(order)):
            order.profit_known = True
            order.put(estimated_profit=float(_estimate(order, run.balances, skus)))


def _estimate(order: WorkingOrder, balances: Mapping[StockKey, Balance], skus: Mapping[str, SkuFacts]) -> Decimal:
    """Net sales (lines, shipping and charges without their tax) − expected cost."""
    net = order.decimal("grand_total") - order.decimal("total_tax")
    cost = sum((_cost(row, balances, skus) for row in order.lines if row.sku), ZERO)
    return round_money(net - cost, order.currency)


def _cost(row: Any, balances: Mapping[StockKey, Balance], skus: Mapping[str, SkuFacts]) -> Decimal:
    key = StockKey(row.sku, row.warehouse)
    return decimal_of(row.qty) * expected_cost(balances.get(key), skus[key.sku.casefold()])


def expected_cost(balance: Balance | None, sku: SkuFacts) -> Decimal:
    """Return the unit cost to expect: today's average, else the latest cost, else the SKU's purchase price, else zero."""
    if balance and balance.on_hand > 0:
        return balance.value / balance.on_hand
    if balance and balance.last_cost is not None:
        return balance.last_cost
    return sku.purchase_rate or ZERO
