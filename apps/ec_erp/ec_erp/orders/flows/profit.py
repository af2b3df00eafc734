"""Estimating what an order earns, before it is shipped.

Invariant: an estimate never stops an order by itself; rules that hold loss-making orders look at it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ec_erp.catalog import store as catalog_store
from ec_erp.catalog.types import SkuFacts
from ec_erp.inventory.types import Balance, StockKey
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.orders.flows.context import Run
from ec_erp.orders.flows.working import WorkingOrder
from ec_erp.orders.rules import machine
from ec_erp.orders.rules.earning import Earning, estimate


def estimate_profit(orders: Sequence[WorkingOrder], run: Run) -> None:
    """Write the estimated profit of orders that have their stock put aside, with its terms."""
    skus = catalog_store.load_skus({row.sku for order in orders for row in order.lines if row.sku})
    for order in orders:
        if machine.reserves(order.status, run.terms(order)):
            order.profit_known = True
            earning = _estimate(order, run, skus)
            order.put(estimated_profit=float(earning.profit), profit_terms=json.dumps(earning.terms()))


def _estimate(order: WorkingOrder, run: Run, skus: Mapping[str, SkuFacts]) -> Earning:
    """Net sales (lines, shipping and charges without their tax) − goods, freight of the chosen carrier, the shop's fees."""
    shop = run.terms(order)
    return estimate(
        paid=order.decimal("grand_total"),
        tax=order.decimal("total_tax"),
        goods_cost=sum((_cost(row, run.balances, skus) for row in order.lines if row.sku), ZERO),
        freight=order.decimal("estimated_freight"),
        commission_percent=shop.commission_percent if shop else ZERO,
        payment_fee_percent=shop.payment_fee_percent if shop else ZERO,
        currency=order.currency,
    )


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
