"""Prices of orders: what lines without a price cost, and whether an order is sold too low.

Invariant: a price that was given is never replaced; one that was not is explained in its line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.accounting.store import load_books
from ec_erp.catalog import flows as catalog
from ec_erp.catalog import store as catalog_store
from ec_erp.catalog.rules.prices import Quote
from ec_erp.catalog.types import SkuFacts
from ec_erp.documents import sentences
from ec_erp.inventory.types import StockKey
from ec_erp.kernel.numbers import decimal_of, is_number
from ec_erp.kernel.problems import Problem
from ec_erp.kernel.times import moment_of
from ec_erp.orders import store
from ec_erp.orders.flows.context import Run
from ec_erp.orders.flows.profit import expected_cost
from ec_erp.orders.flows.working import WorkingOrder
from ec_erp.orders.rules import floors
from ec_erp.orders.rules.floors import FloorPolicy, SoldLine

_SOURCE = "price"


def prefetch(docs: Sequence[Any]) -> None:
    """Load the lists that may hold for orders with lines without a price, and the prices of those lines' SKUs."""
    asking = [doc for doc in docs if _rateless(doc.items)]
    if not asking:
        return
    store.load_buyer_lists(doc.customer for doc in asking if doc.customer)
    lists = {name for doc in asking for name in _candidates(doc) if name}
    catalog.prefetch_rates(lists, {row.sku for doc in asking for row in _rateless(doc.items)})


def fill_rates(doc: Any) -> None:
    """Give lines of an order that name no price the one of the list that holds, and say where it comes from."""
    rows = _rateless(doc.items)
    if not rows:
        return
    quotes = quote(doc, [(row.sku, decimal_of(row.qty)) for row in rows])
    for row, found in zip(rows, quotes, strict=True):
        if found:
            row.update({"rate": float(found.rate), **origin_of(found)})


def origin_of(found: Quote) -> dict[str, str | None]:
    """Return where a price comes from as fields of a line: in words, and as JSON for readers of other languages."""
    text, kept = sentences.write_note(found.why)
    return {"price_origin": text, "price_terms": kept}


def tell_origins(rows: Iterable[Any]) -> None:
    """Say in the user's language where the prices of lines come from; nothing is saved."""
    for row in rows:
        if row.price_origin and row.get("price_terms"):
            row.price_origin = sentences.read_note(row.price_origin, row.price_terms)


def quote(head: Any, wanted: Sequence[tuple[str, Decimal]]) -> list[Quote | None]:
    """Return what each (SKU, quantity) costs in an order: by the order's own list, the customer's, the level's, the shop's."""
    return catalog.list_rates(wanted, _candidates(head), head.currency, _day(head.order_datetime))


def _rateless(rows: Iterable[Any]) -> list[Any]:
    return [row for row in rows if row.sku and row.get("rate") is None and not row.is_gift and is_number(row.qty)]


def _candidates(head: Any) -> list[str | None]:
    own, level = store.load_buyer_lists([head.customer]).get((head.customer or "").casefold(), (None, None))
    shop = store.load_shops([head.shop]).get(head.shop.casefold()) if head.shop else None
    return [head.price_list or None, own, level, shop.price_list if shop else None]


def _day(moment: Any) -> date:
    return moment_of(frappe.utils.get_datetime(moment or frappe.utils.now_datetime())).date()


def watch_floors(orders: Sequence[WorkingOrder], run: Run) -> None:
    """Stop or flag orders that are sold below minimum prices or cost; take the reason off those that are not any more."""
    policy = FloorPolicy(
        run.settings.get("below_minimum") or floors.BLOCK, run.settings.get("below_cost") or floors.IGNORE
    )
    sales = [order for order in orders if (order.order_type or "Sale") == "Sale"]
    named = {code for order in sales for row in order.lines for code in (row.sku, row.get("combo_sku")) if code}
    skus = catalog_store.load_skus(named)
    for order in sales:
        lines = _sold(order, skus, run) if _in_own_currency(order) else []
        _follow(order, floors.findings(lines, policy), run)


def _in_own_currency(order: WorkingOrder) -> bool:
    return bool(order.currency == load_books(order.company).currency)


def _sold(order: WorkingOrder, skus: Mapping[str, SkuFacts], run: Run) -> list[SoldLine]:
    return [_line(row, skus, run) for row in order.lines if row.sku and not row.get("is_gift")]


def _line(row: Any, skus: Mapping[str, SkuFacts], run: Run) -> SoldLine:
    facts, qty = skus[row.sku.casefold()], decimal_of(row.qty)
    combo = skus.get((row.get("combo_sku") or "").casefold())
    cost = expected_cost(run.balances.get(StockKey(row.sku, row.warehouse)), facts)
    return SoldLine(
        sku=row.sku,
        qty=qty,
        paid=decimal_of(row.amount) - decimal_of(row.discount_share),
        net=decimal_of(row.net_amount),
        cost=cost * qty,
        minimum=combo.minimum_rate if combo else facts.minimum_rate,
        combo=combo.name if combo else "",
        combo_qty=decimal_of(row.get("combo_qty")),
    )


def _follow(order: WorkingOrder, found: Sequence[floors.Finding], run: Run) -> None:
    notes: dict[str, list[Problem]] = {}
    for one in found:
        notes.setdefault(one.code, []).append(one.why)
    mine = {row.code for row in order.blocks if row.code in floors.FLOOR_CODES and row.get("source") == _SOURCE}
    for code in sorted(mine - set(notes)):
        order.unblock(code)
    for code, why in notes.items():
        order.block_unless_cleared(code, _SOURCE, why, run.now)
