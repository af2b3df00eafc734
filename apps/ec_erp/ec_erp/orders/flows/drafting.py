"""Orders before they are accepted: completing, checking, pricing.

Invariant: a saved order is complete and adds up; lines without a SKU are only those that a platform has sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.accounting import store as accounting_store
from ec_erp.catalog import flows as catalog
from ec_erp.catalog.types import SkuFacts
from ec_erp.documents.defaults import fill_company_of, fill_currency, fill_moment
from ec_erp.documents.errors import refuse, refuse_with
from ec_erp.documents.kept_up import is_same
from ec_erp.documents.lines import line_terms, set_floats, total_of, write_price
from ec_erp.inventory import flows as inventory
from ec_erp.inventory import store as inventory_store
from ec_erp.kernel.money import round_money
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.pricing import line_problems, price_lines
from ec_erp.kernel.problems import N_, problem, words
from ec_erp.kernel.tax import NOTHING, TaxSplit, split_price
from ec_erp.orders import store
from ec_erp.orders.errors import DuplicateOrder, EditRefused
from ec_erp.orders.flows import carriers, cycles, instalments, list_prices
from ec_erp.orders.flows.addresses import fill_address
from ec_erp.orders.flows.context import order_settings
from ec_erp.orders.rules import blocks, editing, machine, merging, payment
from ec_erp.orders.rules.terms import order_problems, order_totals, presale_problems
from ec_erp.orders.types import SALE, ShopTerms

# Where orders come from that their buyers have made already: they are taken as they are.
FROM_ELSEWHERE = ("Channel", "Merge", "Split", "Import", "Restore")
RECEIVER_PARTS = ("name", "phone", "country", "province", "city", "district", "address")


def prefetch(docs: Sequence[Any]) -> None:
    """Load what checking these orders will ask for."""
    catalog.prefetch_skus(docs)
    list_prices.prefetch(docs)
    shops = store.load_shops({doc.shop for doc in docs if doc.shop})
    named = {row.warehouse for doc in docs for row in doc.items if row.warehouse} | {doc.warehouse for doc in docs}
    inventory_store.load_warehouses(filter(None, named | {shop.default_warehouse for shop in shops.values()}))
    accounting_store.load_charge_roles({row.charge_type for doc in docs for row in doc.charges if row.charge_type})
    named_ids = [doc for doc in docs if doc.shop and doc.platform_order_id and not doc.name]
    store.load_orders_by_platform_key(store.platform_key(doc.shop, doc.platform_order_id) for doc in named_ids)


def fill_order(doc: Any) -> None:
    """Give an order what nobody said: company, currency, customer, warehouse, times, payment."""
    shop = shop_of(doc)
    company = fill_company_of(doc, shop.company if shop else None)
    fill_currency(doc, company)
    fill_moment(doc, "order_datetime")
    doc.customer = doc.customer or (shop and shop.default_customer) or company.default_customer
    _note_named_warehouse(doc)
    if not doc.warehouse:
        doc.warehouse = doc.flags.filled_warehouse = (shop and shop.default_warehouse) or company.default_warehouse
    doc.prices_include_tax = company.prices_include_tax
    doc.platform_order_id = doc.platform_order_id or None
    doc.platform_key = (
        store.platform_key(doc.shop, doc.platform_order_id) if doc.shop and doc.platform_order_id else None
    )
    _fill_agreements(doc)
    _fill_payment(doc, shop)
    fill_address(doc)
    doc.merge_key = None if doc.cycle_times else merge_key_of(doc, shop)
    catalog.convert_rows(doc)
    list_prices.fill_rates(doc)
    catalog.expand_combos(doc)
    _fill_lines(doc, company)


def _note_named_warehouse(doc: Any) -> None:
    """Mark an order whose warehouse somebody has named, on its head or a line: it is not chosen again."""
    if doc.warehouse_by_hand or (doc.origin or _ENTERED) != _ENTERED:
        return
    before = None if doc.is_new() else doc.get_doc_before_save()
    if not doc.is_new() and before is None:
        return
    filled = before.warehouse if before else doc.flags.filled_warehouse  # a new one may be completed twice
    named = {doc.warehouse, *(row.warehouse for row in doc.items)} - {filled, None, ""}
    doc.warehouse_by_hand = int(bool(named))


_ENTERED = "Manual"


def _fill_agreements(doc: Any) -> None:
    """Complete what an order says of several deliveries, and of when it is paid."""
    if doc.cycle_times:
        cycles.fill(doc)
    if instalments.has_terms(doc) and (doc.order_type or SALE) == SALE:
        instalments.fill(doc)
    elif doc.instalment_state:
        doc.instalment_state = None


def _fill_payment(doc: Any, shop: ShopTerms | None) -> None:
    doc.payment_type = payment.payment_type(doc.payment_type or "", shop, paid=bool(doc.paid_datetime))
    doc.payment_state = payment.payment_state(
        doc.payment_type, paid=bool(doc.paid_datetime), deposit_paid=bool(doc.deposit_datetime)
    )
    if doc.payment_type == payment.COD:  # the carrier collects one amount for one parcel
        doc.sealed = 1


def merge_key_of(doc: Any, shop: ShopTerms | None) -> str | None:
    """Return what an order shares with those it may be merged with."""
    group = (shop.merge_group or shop.name) if shop else ""
    receiver = [getattr(doc, f"receiver_{part}") for part in RECEIVER_PARTS]
    buyer = doc.buyer_key or doc.customer
    terms = instalments.terms_key(doc)
    return merging.merge_key(doc.company, group, buyer or "", doc.payment_type + terms, receiver)


def check_order(doc: Any) -> None:
    """Refuse an order that breaks a rule; price its lines and add it up."""
    if not doc.customer:
        refuse([problem(N_("{0} is missing"), words("Customer"))], frappe.MandatoryError)
    _check_shop(doc)
    _check_lines_named(doc)
    skus = catalog.skus_of_rows(mapped_rows(doc))
    _fill_rates(doc, skus)
    catalog.show_unit_rates(doc)
    inventory.check_serving(doc.company, [row.warehouse for row in doc.items])
    carriers.refuse_switched_off(doc.carrier)
    add_up(doc) if doc.flags.keep_prices else price_order(doc, skus)
    _fill_deposit(doc)


def settle_order(doc: Any) -> None:
    """Refuse an order that its platform has sent before, whose presale, turns or instalments can't be; begin its progress anew."""
    _check_presale(doc)
    _refuse_duplicate(doc)
    if doc.cycle_times:
        cycles.check(doc)
    if doc.instalment_state and doc.docstatus == 0:
        instalments.check(doc)
    summarise_blocks(doc)
    _start_anew(doc)
    if doc.docstatus == 0:
        doc.status = machine.DRAFT


def _fill_deposit(doc: Any) -> None:
    """Give an order with a deposit the share of its total that its shop asks for, else the settings, where nobody said how much."""
    if doc.payment_type != payment.DEPOSIT or decimal_of(doc.deposit_amount):
        return
    shop = shop_of(doc)
    percent = (shop.deposit_percent if shop else ZERO) or decimal_of(order_settings().deposit_percent)
    if percent:
        doc.deposit_amount = float(round_money(decimal_of(doc.grand_total) * percent / 100, doc.currency))


def _check_presale(doc: Any) -> None:
    """Refuse a presale that can't be. What comes from elsewhere may have a deposit of which nobody has told the amount."""
    needs_deposit = doc.payment_type == payment.DEPOSIT and doc.origin not in FROM_ELSEWHERE
    deposit, total = deposit_of(doc), decimal_of(doc.grand_total)
    refuse(presale_problems(doc.presale_release or "", doc.presale_date, deposit, total, needs_deposit=needs_deposit))


def deposit_of(doc: Any) -> Decimal:
    """Return what is paid of an order before the rest; zero where it is paid otherwise."""
    return decimal_of(doc.deposit_amount) if doc.payment_type == payment.DEPOSIT else ZERO


def _start_anew(doc: Any) -> None:
    """Forget progress that somebody gave: an order that is not accepted yet has none."""
    for part, fields in ((doc, _PROGRESS), *((row, _PROGRESS_OF_LINE) for row in doc.items)):
        values = vars(part)  # where documents keep their values
        for field, start in fields.items():
            if values.get(field) not in (None, start):
                part.set(field, start)


_PROGRESS: Mapping[str, Any] = {
    "stock_state": "Not Reserved",
    "books_state": "Not Posted",
    "sync_state": "None",
    "delivered_percent": 0.0,
    "refunded_amount": 0.0,
    **dict.fromkeys(("charges_delivered", "printed", "picked", "sorted", "checked", "weighed", "handed_over"), 0),
}
_PROGRESS_OF_LINE: Mapping[str, Any] = {
    "stock_state": "None",
    **dict.fromkeys(("reserved_qty", "delivered_qty", "delivered_amount", "returned_qty", "refunded_qty"), 0.0),
}


def mapped_rows(doc: Any) -> list[Any]:
    """Return the lines of an order whose SKU is known."""
    return [row for row in doc.items if row.sku]


def follow_edit(doc: Any) -> None:
    """Follow what a person changed on a submitted order through its form: rights, blocks, history.

    Raises ``frappe.PermissionError`` for a change that the person's roles do not allow.
    """
    before = doc.get_doc_before_save()
    now = frappe.utils.now_datetime()
    summarise_blocks(doc)
    known = {row.code for row in before.blocks} if before else set()
    codes = {row.code for row in doc.blocks}
    message = N_("{0} is for finance to decide")
    kept = [code for code in sorted(known - codes) if not blocks.may_clear(code, frappe.get_roles(), handles=True)]
    refuse([problem(message, words(code)) for code in kept], frappe.PermissionError)
    cleared = [code for code in (doc.cleared_reasons or "").split("\n") if code]
    doc.cleared_reasons = "\n".join(dict.fromkeys([*cleared, *sorted(known - codes)])) or None
    changes = [("Block", code) for code in sorted(codes - known)] + [
        ("Unblock", code) for code in sorted(known - codes)
    ]
    rows = [{"sales_order": doc.name, "kind": kind, "code": code, "moment": now} for kind, code in changes]
    store.append_log(rows + [{**row, "sales_order": doc.name, "moment": now} for row in _edits_since(doc, before)])


def _edits_since(doc: Any, before: Any) -> list[dict[str, Any]]:
    """Return the entries of the history for fields that were edited in the form. Raises ``frappe.PermissionError``."""
    message = N_("{0} of a submitted order cannot be edited")
    paid = [field for field in editing.PAYMENT if before and not is_same("Datetime", before.get(field), doc.get(field))]
    refuse([problem(message, words(doc.meta.get_label(field))) for field in paid], EditRefused)
    edits: dict[str, dict[str, Any]] = {}
    for field, kind in editing.KIND_OF_FIELD.items():
        old, new = (before.get(field) if before else None), doc.get(field)
        if (old or None) != (new or None):
            edits.setdefault(kind.code, {})[field] = [old, new]
    roles = frappe.get_roles()
    refused = [code for code in edits if not editing.may(editing.KINDS[code], roles)]
    refuse([problem(N_("You are not allowed to edit: {0}"), words(code)) for code in refused], frappe.PermissionError)
    late = [code for code in edits if before and before.status not in editing.KINDS[code].statuses]
    message = N_("{0} cannot be edited while the order {1} is {2}; recall it from the warehouse first")
    refuse([problem(message, words(code), doc.name, words(before.status)) for code in late], EditRefused)
    return [{"kind": "Edit", "code": code, "details": details} for code, details in edits.items()]


def summarise_blocks(doc: Any) -> None:
    """Write what the blocks of a document come to into its head."""
    for row in doc.blocks:
        row.blocking = int(blocks.is_blocking(row.code))
        row.set_by = row.set_by or frappe.session.user
        row.since = row.since or frappe.utils.now_datetime()
    codes = [row.code for row in doc.blocks]
    doc.exceptions, doc.is_blocked = blocks.summary(codes) or None, int(bool(blocks.blocking(codes)))


def price_order(doc: Any, skus: Mapping[str, SkuFacts]) -> None:
    """Price the lines and charges of an order and write the totals."""
    currency, includes_tax = doc.currency, bool(doc.prices_include_tax)
    terms = [line_terms(row, whole_units=_counts_in_whole_units(row, skus)) for row in doc.items]
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


def add_up(doc: Any) -> None:
    """Write the totals of an order whose lines were priced before: parts of others, or several of them in one."""
    charges, shipping = charge_splits(doc), shipping_split(doc)
    paid, tax = total_of(doc.items, "paid_amount"), total_of(doc.items, "tax_amount")
    set_floats(
        doc,
        {
            "total_qty": total_of(doc.items, "qty"),
            "goods_total": total_of(doc.items, "amount"),
            "charges_total": sum((charge.gross for charge in charges), ZERO),
            "total_tax": tax + shipping.tax + sum((charge.tax for charge in charges), ZERO),
            "grand_total": paid + shipping.gross + sum((charge.gross for charge in charges), ZERO),
        },
    )


def _counts_in_whole_units(row: Any, skus: Mapping[str, SkuFacts]) -> bool:
    return bool(row.sku) and skus[row.sku.casefold()].whole_units


def shipping_split(doc: Any) -> TaxSplit:
    """Return the shipping fee of an order or delivery with its tax, at the company's default rate."""
    if not doc.shipping_fee:
        return NOTHING
    books = accounting_store.load_books(doc.company)
    fee, rate = decimal_of(doc.shipping_fee), books.default_tax_rate
    return split_price(fee, rate, doc.currency, includes_tax=books.prices_include_tax)


def charge_splits(doc: Any) -> list[TaxSplit]:
    """Return the charges of an order or delivery with their tax."""
    if not doc.charges:
        return []
    includes_tax = accounting_store.load_books(doc.company).prices_include_tax
    return [
        split_price(decimal_of(row.amount), decimal_of(row.tax_rate), doc.currency, includes_tax=includes_tax)
        for row in doc.charges
    ]


def fill_charges(doc: Any) -> None:
    """Give charges their description and the company's tax rate."""
    if not doc.charges:
        return
    default_rate = float(accounting_store.load_books(doc.company).default_tax_rate)
    known = accounting_store.load_charge_roles(row.charge_type for row in doc.charges)
    for row in doc.charges:
        facts = known.get((row.charge_type or "").casefold())
        row.description = row.description or (facts["charge_name"] if facts else None)
        if row.get("tax_rate") is None:
            row.tax_rate = default_rate


def shop_of(doc: Any) -> ShopTerms | None:
    """Return the terms of a document's shop, None without one."""
    return store.load_shops([doc.shop]).get(doc.shop.casefold()) if doc.shop else None


def _fill_lines(doc: Any, company: Any) -> None:
    fill_charges(doc)
    for row in doc.items:
        row.warehouse = row.warehouse or doc.warehouse or inventory.pick_warehouse(company.default_warehouse)


def _fill_rates(doc: Any, skus: Mapping[str, SkuFacts]) -> None:
    for row in doc.items:
        facts = skus[row.sku.casefold()] if row.sku else None
        if row.get("tax_rate") is None:
            row.tax_rate = float(facts.tax_rate) if facts else 0.0
        if row.get("rate") is None:
            row.rate = 0.0 if row.is_gift or not facts else float(facts.standard_rate)


def _check_lines_named(doc: Any) -> None:
    """Refuse lines that name nothing: only what a platform has sent may wait for its SKU."""
    nameless = [row for row in doc.items if not row.sku and not row.platform_item_id]
    label = words("SKU")
    refuse([problem(N_("Row {0}: {1} is missing"), row.idx, label) for row in nameless], frappe.MandatoryError)


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
