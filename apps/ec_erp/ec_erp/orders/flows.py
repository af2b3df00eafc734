"""Orders: completing, pricing, accepting, cancelling, and following their deliveries, for lists of orders.

Invariant: an order that is to be shipped has its stock put aside in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.accounting import store as accounting_store
from ec_erp.catalog import flows as catalog
from ec_erp.catalog import store as catalog_store
from ec_erp.catalog.types import SkuFacts
from ec_erp.documents import memo
from ec_erp.documents.defaults import fill_company_of, fill_currency, fill_moment
from ec_erp.documents.errors import refuse, refuse_with
from ec_erp.documents.lines import line_terms, set_floats, total_of, write_price
from ec_erp.inventory import flows as inventory
from ec_erp.inventory import store as inventory_store
from ec_erp.inventory.types import Balance, Reservation, ReservationRequest, StockKey
from ec_erp.kernel.money import round_money
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.pricing import line_problems, price_lines
from ec_erp.kernel.problems import N_, problem
from ec_erp.kernel.tax import TaxSplit, split_price
from ec_erp.orders import store
from ec_erp.orders.errors import DuplicateOrder, OrderNotReady
from ec_erp.orders.rules import machine, progress
from ec_erp.orders.rules.terms import order_problems, order_totals
from ec_erp.orders.types import OrderHead, OrderLine, OrderProgress, ShopTerms

SHORTAGE = "Shortage"


def prefetch(docs: Sequence[Any]) -> None:
    """Load what checking these orders will ask for."""
    catalog.prefetch_skus(docs)
    shops = store.load_shops({doc.shop for doc in docs if doc.shop})
    named = {row.warehouse for doc in docs for row in doc.items if row.warehouse} | {doc.warehouse for doc in docs}
    inventory_store.load_warehouses(filter(None, named | {shop.default_warehouse for shop in shops.values()}))
    accounting_store.load_charge_roles({row.charge_type for doc in docs for row in doc.charges if row.charge_type})


def fill_order(doc: Any) -> None:
    """Give an order what nobody said: company, currency, customer, warehouse, times."""
    shop = shop_of(doc)
    company = fill_company_of(doc, shop.company if shop else None)
    fill_currency(doc, company)
    fill_moment(doc, "order_datetime")
    doc.customer = doc.customer or (shop and shop.default_customer) or company.default_customer
    doc.warehouse = doc.warehouse or (shop and shop.default_warehouse) or company.default_warehouse
    doc.prices_include_tax = company.prices_include_tax
    doc.platform_order_id = doc.platform_order_id or None
    doc.platform_key = (
        store.platform_key(doc.shop, doc.platform_order_id) if doc.shop and doc.platform_order_id else None
    )
    _fill_lines(doc, company)


def check_order(doc: Any) -> None:
    """Refuse an order that breaks a rule; price its lines and add it up."""
    if not doc.customer:
        refuse([problem(N_("{0} is missing"), frappe._("Customer"))], frappe.MandatoryError)
    _check_shop(doc)
    skus = catalog.skus_of_rows(doc.items)
    _fill_rates(doc, skus)
    inventory.check_warehouses(doc.company, [row.warehouse for row in doc.items])
    price_order(doc, skus)
    _refuse_duplicate(doc)
    if doc.docstatus == 0:
        doc.status = machine.DRAFT


def price_order(doc: Any, skus: Mapping[str, SkuFacts]) -> None:
    """Price the lines and charges of an order and write the totals."""
    currency, includes_tax = doc.currency, bool(doc.prices_include_tax)
    terms = [line_terms(row, whole_units=skus[row.sku.casefold()].whole_units) for row in doc.items]
    refuse(found for line in terms for found in line_problems(line, currency))
    discount, fee = decimal_of(doc.discount_amount), decimal_of(doc.shipping_fee)
    goods = sum(
        (round_money(line.qty * line.rate, currency) - round_money(line.discount, currency) for line in terms), ZERO
    )
    refuse(order_problems(len(terms), len(doc.charges), goods, discount, fee))
    priced = price_lines(terms, round_money(discount, currency), currency, includes_tax=includes_tax)
    for row, line in zip(doc.items, priced, strict=True):
        write_price(row, line)
        row.discount_share, row.paid_amount = float(line.discount_share), float(line.price.gross)
    totals = order_totals(priced, shipping_split(doc), charge_splits(doc))
    set_floats(
        doc,
        {
            "total_qty": total_of(doc.items, "qty"),
            "goods_total": totals.goods,
            "charges_total": totals.charges,
            "total_tax": totals.tax,
            "grand_total": totals.grand,
        },
    )


def shipping_split(doc: Any) -> TaxSplit:
    """Return the shipping fee of an order or delivery with its tax, at the company's default rate."""
    rate = accounting_store.load_books(doc.company).default_tax_rate
    includes_tax = bool(frappe.get_cached_value("Company", doc.company, "prices_include_tax"))
    return split_price(decimal_of(doc.shipping_fee), rate, doc.currency, includes_tax=includes_tax)


def charge_splits(doc: Any) -> list[TaxSplit]:
    """Return the charges of an order or delivery with their tax."""
    includes_tax = bool(frappe.get_cached_value("Company", doc.company, "prices_include_tax"))
    return [
        split_price(decimal_of(row.amount), decimal_of(row.tax_rate), doc.currency, includes_tax=includes_tax)
        for row in doc.charges
    ]


def fill_charges(doc: Any) -> None:
    """Give charges their description and the company's tax rate."""
    default_rate = float(accounting_store.load_books(doc.company).default_tax_rate)
    known = accounting_store.load_charge_roles(row.charge_type for row in doc.charges)
    for row in doc.charges:
        facts = known.get((row.charge_type or "").casefold())
        row.description = row.description or (facts["charge_name"] if facts else None)
        if row.get("tax_rate") is None:
            row.tax_rate = default_rate


def accept_orders(docs: Sequence[Any]) -> None:
    """Accept submitted orders: decide their status, and put stock aside for those that are to be shipped."""
    with memo.remembering():
        prefetch(docs)
        _enter(docs, {doc.name: machine.next_status(machine.DRAFT, _acceptance(doc)) for doc in docs})


def pay_orders(docs: Sequence[Any]) -> None:
    """Let unpaid orders go on, because their payment has come."""
    _move(docs, machine.PAY)


def audit_orders(docs: Sequence[Any]) -> None:
    """Let orders go on that a person has looked at. Raises ``OrderNotReady`` while a block holds one back."""
    _move(docs, machine.AUDIT)


def reserve_missing(docs: Sequence[Any]) -> None:
    """Try again to put stock aside for orders that are short."""
    _enter([doc for doc in docs if machine.reserves(doc.status)], {doc.name: doc.status for doc in docs})


def cancel_orders(docs: Sequence[Any]) -> None:
    """Cancel orders: free their stock and their platform order ids. Raises ``OrderNotReady`` for delivered ones."""
    for doc in docs:
        doc.status = _next(doc, machine.CANCEL)
    delivered = [
        doc for doc in docs if doc.charges_delivered or any(decimal_of(row.delivered_qty) for row in doc.items)
    ]
    message = N_("{0} has been delivered; cancel its deliveries first")
    refuse([problem(message, doc.name) for doc in delivered], OrderNotReady)
    inventory.release([row.name for doc in docs for row in doc.items])
    store.forget_platform_keys([doc.name for doc in docs])
    _write_states(docs, {})


def lock_orders(names: Iterable[str]) -> dict[str, OrderHead]:
    """Lock orders for a delivery. Raises ``OrderNotReady`` for orders that are not submitted."""
    wanted = sorted({name for name in names if name})
    orders = store.lock_orders(wanted)
    message = N_("The order {0} is not submitted")
    refuse([problem(message, name) for name in wanted if name not in orders], OrderNotReady)
    return orders


def refuse_blocked(orders: Iterable[OrderHead]) -> None:
    """Raise ``OrderNotReady`` for orders that a block holds back or that are not to be shipped."""
    problems = []
    for order in orders:
        if order.blocking:
            codes = ", ".join(frappe._(code) for code in order.blocking)
            problems.append(problem(N_("The order {0} is blocked: {1}"), order.name, codes))
        elif (order.status, machine.DELIVER_PART) not in machine.TRANSITIONS and order.status != machine.SHIPPED:
            problems.append(
                problem(N_("The order {0} cannot be shipped: it is {1}"), order.name, frappe._(order.status))
            )
    refuse(problems, OrderNotReady)


def record_deliveries(
    orders: Mapping[str, OrderHead],
    lines: Mapping[str, OrderLine],
    charges_delivered: Mapping[str, bool],
    *,
    undoing: bool = False,
) -> None:
    """Write the progress of locked orders whose ``lines`` (by name) have changed by deliveries or their cancelling."""
    if not orders:
        return
    memo.forget("Sales Order")
    heads = {name: store.with_progress(order, lines.values()) for name, order in orders.items()}
    everything = [line for head in heads.values() for line in head.lines]
    held = {
        line: known.held for line, known in inventory_store.load_reservations(row.line for row in everything).items()
    }
    reserved = {line.line: held.get(line.line, ZERO) for line in everything}
    states = {
        line.line: progress.line_stock_state(line.qty, reserved[line.line], line.delivered) for line in everything
    }
    follow = progress.progress_after_undoing if undoing else progress.progress_after_delivery
    shown: dict[str, OrderProgress] = {
        name: follow(head, [states[line.line] for line in head.lines], charges_delivered=charges_delivered[name])
        for name, head in heads.items()
    }
    store.write_line_progress(everything, reserved, states)
    store.write_progress(shown, charges_delivered)


def record_returns(names: Iterable[str], quantities: Mapping[str, Decimal]) -> None:
    """Add quantities that came back (negative: a return was cancelled) to the order lines they belong to."""
    memo.forget("Sales Order")
    store.add_returned({line: float(qty) for line, qty in quantities.items()}, names)


def shop_of(doc: Any) -> ShopTerms | None:
    """Return the terms of a document's shop, None without one."""
    return store.load_shops([doc.shop]).get(doc.shop.casefold()) if doc.shop else None


def _fill_lines(doc: Any, company: Any) -> None:
    fill_charges(doc)
    for row in doc.items:
        row.warehouse = row.warehouse or doc.warehouse or inventory.pick_warehouse(company.default_warehouse)


def _fill_rates(doc: Any, skus: Mapping[str, SkuFacts]) -> None:
    for row in doc.items:
        facts = skus[row.sku.casefold()]
        if row.get("tax_rate") is None:
            row.tax_rate = float(facts.tax_rate)
        if row.get("rate") is None:
            row.rate = 0.0 if row.is_gift else float(facts.standard_rate)


def _check_shop(doc: Any) -> None:
    shop = shop_of(doc)
    if shop is None:
        return
    found = []
    if not shop.enabled:
        found.append(problem(N_("The shop {0} is disabled"), shop.name))
    if shop.company != doc.company:
        found.append(problem(N_("The shop {0} belongs to {1}, not to {2}"), shop.name, shop.company, doc.company))
    refuse(found)


def _refuse_duplicate(doc: Any) -> None:
    if not doc.platform_key or not doc.is_new():
        return
    known = store.load_orders_by_platform_key([doc.platform_key])
    if known:
        found = problem(N_("{0} has the order {1} already: {2}"), doc.shop, doc.platform_order_id, *known.values())
        refuse_with([found], DuplicateOrder)


def _acceptance(doc: Any) -> str:
    return machine.acceptance(shop_of(doc), paid=bool(doc.paid_datetime))


def _move(docs: Sequence[Any], event: str) -> None:
    blocked = [doc for doc in docs if machine.blocking([row.code for row in doc.blocks])]
    message = N_("The order {0} is blocked: {1}")
    refuse([problem(message, doc.name, ", ".join(row.code for row in doc.blocks)) for doc in blocked], OrderNotReady)
    _enter(docs, {doc.name: _next(doc, event) for doc in docs})


def _next(doc: Any, event: str) -> str:
    try:
        return machine.next_status(doc.status, event)
    except machine.NoTransition as refused:
        found = problem(N_("The order {0} is {1}: this cannot be done now"), doc.name, frappe._(refused.status))
        refuse_with([found], OrderNotReady)


def _enter(docs: Sequence[Any], status_of: Mapping[str, str]) -> None:
    """Give orders a status; put stock aside for those that it asks it of."""
    for doc in docs:
        doc.status = status_of[doc.name]
    reserving = [doc for doc in docs if machine.reserves(doc.status)]
    requests = [request for doc in reserving for request in _requests(doc)]
    orders = {
        row.name: {"company": doc.company, "voucher_type": doc.doctype, "voucher_no": doc.name}
        for doc in reserving
        for row in doc.items
    }
    reservations, balances = inventory.reserve(requests, orders) if requests else ({}, {})
    for doc in reserving:
        doc.estimated_profit = float(_estimated_profit(doc, balances))
    _write_states(docs, reservations)
    _write_shortage_blocks(reserving)


def _requests(doc: Any) -> list[ReservationRequest]:
    shop = shop_of(doc)
    partial = bool(shop and shop.allow_partial)
    return [
        ReservationRequest(doc.name, row.name, StockKey(row.sku, row.warehouse), decimal_of(row.qty), partial)
        for row in doc.items
    ]


def _write_states(docs: Sequence[Any], reservations: Mapping[str, Reservation]) -> None:
    rows: dict[str, dict[str, Any]] = {}
    for doc in docs:
        for row in doc.items:
            held = reservations[row.name].held if row.name in reservations else ZERO
            row.reserved_qty = float(held)
            row.stock_state = _line_state(doc, row, held)
            rows[row.name] = {"reserved_qty": row.reserved_qty, "stock_state": row.stock_state}
        doc.stock_state = progress.order_stock_state([row.stock_state for row in doc.items])
    heads = {
        doc.name: {
            "status": doc.status,
            "stock_state": doc.stock_state,
            "estimated_profit": doc.estimated_profit or 0.0,
        }
        for doc in docs
    }
    store.write_acceptance(heads, rows)


def _line_state(doc: Any, row: Any, held: Decimal) -> str:
    if not machine.reserves(doc.status):
        return "None"
    return progress.line_stock_state(decimal_of(row.qty), held, decimal_of(row.delivered_qty))


def _write_shortage_blocks(docs: Sequence[Any]) -> None:
    short = [doc.name for doc in docs if any(row.stock_state in ("Short", "Part Reserved") for row in doc.items)]
    had = [doc.name for doc in docs if doc.name not in short and any(row.code == SHORTAGE for row in doc.blocks)]
    if short:
        store.insert_blocks(short, SHORTAGE, frappe._("Stock is short for some lines"))
    if had:
        store.delete_blocks(had, SHORTAGE)


def _estimated_profit(doc: Any, balances: Mapping[StockKey, Balance]) -> Decimal:
    """Net sales − expected cost: today's average, else the latest cost, else the SKU's purchase price."""
    skus = catalog_store.load_skus(row.sku for row in doc.items)
    net = sum((decimal_of(row.net_amount) for row in doc.items), ZERO) + shipping_split(doc).net
    net += sum((charge.net for charge in charge_splits(doc)), ZERO)
    cost = sum(
        (
            decimal_of(row.qty)
            * _expected_cost(balances.get(StockKey(row.sku, row.warehouse)), skus[row.sku.casefold()])
            for row in doc.items
        ),
        ZERO,
    )
    return round_money(net - cost, doc.currency)


def _expected_cost(balance: Balance | None, sku: SkuFacts) -> Decimal:
    if balance and balance.on_hand > 0:
        return balance.value / balance.on_hand
    if balance and balance.last_cost is not None:
        return balance.last_cost
    return sku.purchase_rate or ZERO
