"""Pricing orders again whose lines have changed after they were accepted.

Invariant: what the head shows is the sum of its lines, its shipping fee and its charges; only the lines are priced again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ec_erp.catalog import store as catalog_store
from ec_erp.documents.errors import refuse
from ec_erp.documents.lines import line_terms
from ec_erp.kernel.money import round_money
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.pricing import PricedLine, line_problems, price_lines
from ec_erp.orders.flows.working import WorkingOrder, sums_of
from ec_erp.orders.rules.terms import order_problems


def reprice(orders: Sequence[WorkingOrder]) -> None:
    """Price the lines of orders again and follow up their totals. Raises ``DocumentRefused`` for impossible lines."""
    skus = catalog_store.load_skus({row.sku for order in orders for row in order.lines if row.sku})
    for order in orders:
        whole = {row.name: bool(row.sku) and skus[row.sku.casefold()].whole_units for row in order.lines}
        terms = [line_terms(row, whole_units=whole[row.name]) for row in order.lines]
        discount = round_money(order.decimal("discount_amount"), order.currency)
        priced = price_lines(terms, discount, order.currency, includes_tax=bool(order.prices_include_tax))
        refuse(found for line in terms for found in line_problems(line, order.currency))
        goods = sum((line.amount for line in priced), ZERO)
        refuse(
            order_problems(len(terms), int(bool(order.charges_total)), goods, discount, order.decimal("shipping_fee"))
        )
        for row, line in zip(order.lines, priced, strict=True):
            put_price(order, row, line)
        follow_totals(order)


def put_price(order: WorkingOrder, row: Any, line: PricedLine) -> None:
    """Write a priced line into its row."""
    order.put_line(
        row,
        amount=float(line.amount),
        discount_share=float(line.discount_share),
        paid_amount=float(line.price.gross),
        net_amount=float(line.price.net),
        tax_amount=float(line.price.tax),
    )


def follow_totals(order: WorkingOrder) -> None:
    """Write the totals of a head whose lines have changed since they were read; shipping and charges stay as they are."""
    (old_paid, old_tax), (paid, tax) = order.line_sums, sums_of(order.lines)
    order.put(
        total_qty=float(sum((decimal_of(row.qty) for row in order.lines), ZERO)),
        goods_total=float(sum((decimal_of(row.amount) for row in order.lines), ZERO)),
        total_tax=float(order.decimal("total_tax") - old_tax + tax),
        grand_total=float(order.decimal("grand_total") - old_paid + paid),
    )
    order.line_sums = (paid, tax)
