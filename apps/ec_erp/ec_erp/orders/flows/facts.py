"""What rules look at, loaded for a set of orders: only what their conditions name.

Invariant: one query per DocType that the conditions name, none where they name nothing of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ec_erp.catalog import store as catalog_store
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.orders import store
from ec_erp.orders.flows import trees
from ec_erp.orders.flows.context import Run
from ec_erp.orders.flows.working import WorkingOrder
from ec_erp.orders.rules import auditing, conditions
from ec_erp.orders.rules.auditing import AuditFacts
from ec_erp.orders.rules.conditions import OrderFacts


def facts_of(orders: Sequence[WorkingOrder], run: Run) -> dict[str, OrderFacts]:
    """Return what the rules of the run's book look at, by order."""
    wanted = run.book.conditions()
    sku_fields = {one.field for one in wanted if one.scope in (conditions.ANY_SKU, conditions.EVERY_SKU)}
    customer_fields = {one.field for one in wanted if one.scope == conditions.CUSTOMER}
    skus = store.load_fields("SKU", {row.sku for order in orders for row in order.lines if row.sku}, sku_fields)
    customers = store.load_fields("Customer", {order.customer for order in orders}, customer_fields)
    above = trees.nodes_above(wanted)
    return {
        order.name: OrderFacts(
            order=order.head,
            lines=order.lines,
            skus=[skus.get((row.sku or "").casefold(), {"name": row.sku}) for row in order.lines],
            customer=customers.get((order.customer or "").casefold(), {"name": order.customer}),
            calculated=_calculated(order, run),
            above=above,
        )
        for order in orders
    }


def _calculated(order: WorkingOrder, run: Run) -> dict[str, Any]:
    moment = order.moment("paid_datetime") or order.moment("order_datetime") or run.now
    return {
        "line_count": len(order.lines),
        "sku_count": len({row.sku for row in order.lines if row.sku}),
        "total_qty": sum((decimal_of(row.qty) for row in order.lines), ZERO),
        "weight_g": weight_of(order),
        "discount_percent": auditing.discount_percent(audit_facts(order)),
        "hour": moment.hour,
        "weekday": moment.isoweekday(),
        "remarks": "\n".join(filter(None, (order.buyer_message, order.seller_remark))),
    }


def weight_of(order: WorkingOrder) -> Decimal:
    """Return what the goods of an order weigh in grams, as far as their SKUs say."""
    skus = catalog_store.load_skus({row.sku for row in order.lines if row.sku})
    return sum((decimal_of(row.qty) * skus[row.sku.casefold()].weight_g for row in order.lines if row.sku), ZERO)


def audit_facts(order: WorkingOrder) -> AuditFacts:
    """Return what the rules of the audit look at."""
    own = sum((decimal_of(row.get("discount_amount")) for row in order.lines), ZERO)
    return AuditFacts(
        total=order.decimal("grand_total"),
        goods_before_discount=order.decimal("goods_total") + own,
        discount=own + order.decimal("discount_amount"),
        profit=order.decimal("estimated_profit") if order.profit_known else None,
        is_sale=(order.order_type or "Sale") == "Sale",
    )
