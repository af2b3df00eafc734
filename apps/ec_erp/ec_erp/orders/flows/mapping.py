"""Giving lines of orders their SKU, once somebody has said which item of a shop is which.

Invariant: what the buyer pays for a line is the same before and after.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.catalog import flows as catalog
from ec_erp.catalog import store as catalog_store
from ec_erp.catalog.types import SkuFacts
from ec_erp.kernel.numbers import decimal_of
from ec_erp.orders import store
from ec_erp.orders.flows.context import start_run
from ec_erp.orders.flows.going_on import go_on
from ec_erp.orders.flows.pricing import reprice
from ec_erp.orders.flows.working import WorkingOrder, lock_orders

Item = tuple[str, str]


def map_lines(names: Iterable[str], target: Mapping[Item, tuple[str, Decimal]]) -> list[WorkingOrder]:
    """Give lines without a SKU the one of their item, ``target`` being {(item, SKU on the platform): (SKU, units)}.

    Returns the orders, which go on as far as they can.
    """
    orders = lock_orders(names)
    skus = catalog_store.load_skus({sku for sku, _ in target.values()})
    for order in orders:
        for row in [line for line in order.lines if not line.sku]:
            found = target.get((row.platform_item_id or "", row.platform_sku_id or ""))
            if found:
                _map(order, row, skus[found[0].casefold()], found[1])
    reprice(orders)
    go_on(orders, start_run(orders))
    return orders


def _map(order: WorkingOrder, row: Any, sku: SkuFacts, units: Decimal) -> None:
    """Give a line its SKU; a combo's components take its place, and its amount to the cent."""
    known = {
        "sku": sku.name,
        "sku_name": sku.sku_name,
        "stock_uom": sku.stock_uom,
        "tax_rate": float(sku.tax_rate),
        "qty": float(decimal_of(row.qty) * units),
        "rate": float(unit_price(decimal_of(row.rate), units)),
    }
    own = {field: row.get(field) for field in (*store.line_columns(), "platform_title")}
    first, *others = (
        catalog.combo_rows(frappe._dict({**own, **known}), sku, order.currency) if sku.is_combo else [known]
    )
    order.put_line(row, **first)
    for values in others:
        order.add_line(**{**own, **values})
    order.log("Edit", "Items", "", {"line": row.name, "sku": [None, sku.name]})


def unit_price(price: Decimal, units: Decimal) -> Decimal:
    """Return the price of one unit of an item that is several, to nine places."""
    return price if units == 1 else (price / units).quantize(Decimal("1E-9"))
