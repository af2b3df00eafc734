"""Delivery Notes before they are posted: completing them from their order or delivery, checking, pricing.

Invariant: what is calculated on a draft is a preview; posting calculates it again on locked rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.accounting import store as accounting_store
from ec_erp.catalog import flows as catalog
from ec_erp.catalog import store as catalog_store
from ec_erp.documents.defaults import fill_company_of, fill_currency, fill_moment
from ec_erp.documents.errors import refuse
from ec_erp.documents.lines import line_terms, set_floats, tax_totals, total_of
from ec_erp.documents.sets import SUBMITTED
from ec_erp.fulfilment import store
from ec_erp.fulfilment.errors import DeliveryRefused, OverDelivery, OverReturn
from ec_erp.fulfilment.rules import delivering
from ec_erp.fulfilment.store import masters
from ec_erp.fulfilment.types import DeliveredLine, DeliveredNote, WantedLine
from ec_erp.inventory import flows as inventory
from ec_erp.inventory import store as inventory_store
from ec_erp.kernel.matching import match_line
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.pricing import line_problems, price_lines
from ec_erp.kernel.problems import N_, problem
from ec_erp.kernel.tax import TaxSplit
from ec_erp.orders import flows as orders
from ec_erp.orders import store as orders_store
from ec_erp.orders.types import OrderHead, OrderLine

SERIES, RETURN_SERIES = "DN-.YY.MM.DD.-.#####", "RT-.YY.MM.DD.-.#####"


def prefetch(docs: Sequence[Any]) -> None:
    """Load what checking these notes will ask for, and choose their series."""
    for doc in docs:
        choose_series(doc)
    prefetch_masters(docs)
    heads = orders_store.load_orders({doc.sales_order for doc in docs if doc.sales_order})
    catalog_store.load_skus({line.sku for head in heads.values() for line in head.lines})
    store.load_notes({doc.return_against for doc in docs if doc.return_against})
    orders_store.load_shops({doc.shop for doc in docs if doc.shop})
    named = {row.warehouse for doc in docs for row in doc.items} | {doc.warehouse for doc in docs}
    inventory_store.load_warehouses(filter(None, named))


def prefetch_masters(docs: Sequence[Any]) -> None:
    """Load the SKUs and charge types that notes name."""
    catalog.prefetch_skus(docs)
    accounting_store.load_charge_roles({row.charge_type for doc in docs for row in doc.charges if row.charge_type})


def choose_series(doc: Any) -> None:
    """Number returns in a series of their own."""
    if not doc.naming_series or doc.naming_series == SERIES:
        doc.naming_series = RETURN_SERIES if doc.is_return else SERIES


def fill_note(doc: Any) -> None:
    """Complete a note from its order (a delivery) or its delivery (a return), then from shop and company."""
    if doc.is_return:
        _fill_from_delivery(doc)
    elif doc.sales_order:
        _fill_from_order(doc)
    shop = orders.shop_of(doc)
    company = fill_company_of(doc, shop.company if shop else None)
    fill_currency(doc, company)
    fill_moment(doc, "posting_datetime")
    doc.customer = doc.customer or (shop and shop.default_customer) or company.default_customer
    doc.warehouse = doc.warehouse or (shop and shop.default_warehouse) or company.default_warehouse
    for row in doc.items:
        row.warehouse = row.warehouse or doc.warehouse or inventory.pick_warehouse(company.default_warehouse)
    orders.fill_charges(doc)


def check_note(doc: Any) -> None:
    """Refuse a note that breaks a rule; price it."""
    if not doc.customer:
        refuse([problem(N_("{0} is missing"), frappe._("Customer"))], frappe.MandatoryError)
    if not doc.items and not doc.charges and not decimal_of(doc.shipping_fee):
        refuse([problem(N_("Add at least one item or charge"))], DeliveryRefused)
    skus = catalog.skus_of_rows(doc.items)
    _fill_rates(doc, skus)
    inventory.check_warehouses(doc.company, [row.warehouse for row in doc.items])
    _refuse_quantities(doc, skus)
    _price(doc)
    if doc.docstatus == 0:
        doc.status = "Draft"


def wanted_lines(doc: Any) -> list[WantedLine]:
    """Return a note's rows as rules see them."""
    return [
        WantedLine(
            row=row.idx,
            line=row.name or "",
            sku=row.sku,
            warehouse=row.warehouse,
            qty=decimal_of(row.qty),
            against=(row.return_against_item if doc.is_return else row.sales_order_item) or None,
        )
        for row in doc.items
    ]


def price_against_order(
    doc: Any, lines: Mapping[str, OrderLine], tolerance: Decimal
) -> tuple[dict[str, OrderLine], list[TaxSplit]]:
    """Take a note's rows from its order lines; return the lines afterwards and each row's price.

    Raises ``OverDelivery`` naming every row that asks for more than is open.
    """
    state, prices, problems = dict(lines), [], []
    for wanted in wanted_lines(doc):
        line = state.get(wanted.against or "")
        found = delivering.delivery_problem(wanted, line, tolerance)
        if found or line is None:
            problems.append(found)
            continue
        state[line.line], price = delivering.deliver(line, wanted.qty, doc.currency)
        prices.append(price)
    refuse(filter(None, problems), OverDelivery)
    return state, prices


def price_return(
    doc: Any, lines: Mapping[str, DeliveredLine]
) -> tuple[dict[str, DeliveredLine], list[TaxSplit], list[Decimal | None]]:
    """Take a return's rows from delivered lines; return the lines afterwards, each row's price and cost.

    Rows that belong to no delivery keep their own price and have no cost of their own (None). Raises ``OverReturn``
    naming every row that brings back more than was delivered.
    """
    state, problems = dict(lines), []
    prices, costs = free_prices(doc), list[Decimal | None]([None] * len(doc.items))
    for at, wanted in enumerate(wanted_lines(doc)):
        if wanted.against is None and not doc.return_against:
            continue
        line = state.get(wanted.against or "")
        found = delivering.return_problem(wanted, line)
        if found or line is None:
            problems.append(found)
            continue
        state[line.line], prices[at], costs[at] = delivering.take_back(line, wanted.qty, doc.currency)
    refuse(filter(None, problems), OverReturn)
    return state, prices, costs


def free_prices(doc: Any) -> list[TaxSplit]:
    """Return the prices of a note without order or delivery: its own rates."""
    skus = catalog.skus_of_rows(doc.items)
    terms = [line_terms(row, whole_units=skus[row.sku.casefold()].whole_units) for row in doc.items]
    refuse(found for line in terms for found in line_problems(line, doc.currency))
    includes_tax = masters.prices_include_tax(doc.company)
    return [line.price for line in price_lines(terms, ZERO, doc.currency, includes_tax=includes_tax)]


def write_prices(doc: Any, prices: Sequence[TaxSplit]) -> None:
    """Put prices into a note's rows and add it up."""
    for row, price in zip(doc.items, prices, strict=True):
        row.amount, row.net_amount, row.tax_amount = float(price.gross), float(price.net), float(price.tax)
    charges, shipping = orders.charge_splits(doc), orders.shipping_split(doc)
    totals = tax_totals([*prices, *charges, shipping])
    set_floats(
        doc,
        {
            "total_qty": total_of(doc.items, "qty"),
            "goods_total": tax_totals(prices).gross,
            "charges_total": tax_totals(charges).gross,
            "total_tax": totals.tax,
            "grand_total": totals.gross,
        },
    )


def tolerance_of(company: str) -> Decimal:
    """Return how much more than ordered a company may deliver, in percent."""
    return masters.load_tolerance(company)


def _price(doc: Any) -> None:
    if doc.is_return:
        originals = _deliveries_of(doc).values()
        _refuse_other_buyers(doc, originals)
        _, prices, _ = price_return(doc, {line.line: line for note in originals for line in note.lines})
    elif doc.sales_order:
        order = _order_of(doc)
        _, prices = price_against_order(doc, {line.line: line for line in order.lines}, tolerance_of(doc.company))
    else:
        prices = free_prices(doc)
    write_prices(doc, prices)


def _deliveries_of(doc: Any) -> dict[str, DeliveredNote]:
    return store.load_notes_of_lines({row.return_against_item for row in doc.items if row.return_against_item})


def _refuse_other_buyers(doc: Any, originals: Iterable[DeliveredNote]) -> None:
    message = N_("{0} was delivered to {1}, not to {2}")
    others = [note for note in originals if note.customer != doc.customer]
    refuse([problem(message, note.name, note.customer, doc.customer) for note in others], DeliveryRefused)


def _refuse_quantities(doc: Any, skus: Mapping[str, Any]) -> None:
    terms = [line_terms(row, whole_units=skus[row.sku.casefold()].whole_units) for row in doc.items]
    refuse(found for line in terms for found in line_problems(line, doc.currency))


def _order_of(doc: Any) -> OrderHead:
    posting = doc.docstatus == SUBMITTED  # then the order is locked sooner or later: at once saves reading it again
    order = orders_store.load_orders([doc.sales_order], lock=posting).get(doc.sales_order.casefold())
    if order is None:
        refuse([problem(N_("The order {0} is not submitted"), doc.sales_order)], DeliveryRefused)
    assert order is not None
    return order


def _note_of(doc: Any) -> DeliveredNote:
    note = store.load_notes([doc.return_against]).get(doc.return_against.casefold())
    if note is None:
        message = N_("{0} is not a posted delivery, so nothing can come back for it")
        refuse([problem(message, doc.return_against)], DeliveryRefused)
    assert note is not None
    return note


def _fill_from_order(doc: Any) -> None:
    order = _order_of(doc)
    doc.sales_order = order.name
    if not doc.is_return:
        _match_rows(doc, order.lines, "sales_order_item")
        _take_charges(doc, order)
    doc.company = order.company
    for field in ("customer", "shop", "warehouse", "carrier"):
        doc.set(field, doc.get(field) or getattr(order, field))


def _fill_from_delivery(doc: Any) -> None:
    if doc.return_against:
        note = _note_of(doc)
        doc.return_against = note.name
        doc.sales_order, doc.customer, doc.shop, doc.company = note.sales_order, note.customer, note.shop, note.company
        doc.warehouse = doc.warehouse or note.warehouse
        _match_rows(doc, note.lines, "return_against_item")
    by_name = {line.line: line for note in _deliveries_of(doc).values() for line in note.lines}
    for row in doc.items:
        if row.return_against_item in by_name:
            row.sales_order_item = by_name[row.return_against_item].order_line


def _match_rows(doc: Any, lines: Sequence[Any], link: str) -> None:
    """Tie rows to the lines they are about; without rows take everything that is open."""
    if not doc.items:
        for line in lines:
            if line.open_qty > 0:
                doc.append(
                    "items",
                    {"sku": line.sku, "qty": float(line.open_qty), link: line.line},
                )
    used: dict[str, Decimal] = {}
    by_name = {line.line: line for line in lines}
    for row in doc.items:
        line = by_name.get(row.get(link) or "") or match_line(row.sku or "", decimal_of(row.qty), lines, used)
        if line is None:
            row.set(link, None)
            continue
        row.set(link, line.line)
        used[line.line] = used.get(line.line, ZERO) + decimal_of(row.qty)
        row.warehouse = row.warehouse or doc.warehouse or line.warehouse
        row.rate, row.tax_rate = float(line.rate), float(line.tax_rate)


def _take_charges(doc: Any, order: OrderHead) -> None:
    """Post an order's charges with its first delivery and not again."""
    doc.shipping_fee = 0.0 if order.charges_delivered else float(order.shipping_fee)
    wanted: list[dict[str, Any]] = []
    if order.charges_total and not order.charges_delivered:
        wanted = store.load_order_charges([order.name])[order.name]
    if [(row.charge_type, row.amount) for row in doc.charges] != [
        (row["charge_type"], row["amount"]) for row in wanted
    ]:
        doc.charges = []
        for row in wanted:
            doc.append("charges", {field: row[field] for field in ("charge_type", "description", "amount", "tax_rate")})


def _fill_rates(doc: Any, skus: Mapping[str, Any]) -> None:
    for row in doc.items:
        facts = skus[row.sku.casefold()]
        row.rate = float(facts.standard_rate) if row.get("rate") is None else row.rate
        row.tax_rate = float(facts.tax_rate) if row.get("tax_rate") is None else row.tax_rate


def charge_roles(doc: Any) -> list[tuple[str, str]]:
    """Return account role word and description of a note's charges."""
    known = accounting_store.load_charge_roles(row.charge_type for row in doc.charges)
    return [(known[row.charge_type.casefold()]["account_role"], row.description or "") for row in doc.charges]
