"""Prices of suppliers: what a row of an order costs, how it compares with the last purchase, what a receipt teaches.

Invariant: a rate that was given is never replaced; only compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import frappe

from ec_erp.catalog import flows as catalog
from ec_erp.documents import sentences
from ec_erp.documents.defaults import default_company
from ec_erp.documents.errors import refuse, text_of
from ec_erp.documents.kept_up import is_same
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, Problem, problem, words
from ec_erp.purchasing.errors import PurchaseRefused
from ec_erp.purchasing.flows import common
from ec_erp.purchasing.rules import pricing
from ec_erp.purchasing.store import masters
from ec_erp.purchasing.store import prices as store
from ec_erp.purchasing.types import LearnedPrices, SupplierTerms

_LEARNED = ("last_price", "previous_price", "lowest_price", "last_purchase_date")
_ORIGINS = {pricing.LIST_PRICE: N_("List Price {0}"), pricing.TIER_PRICE: N_("Tier Price {0}")}


def fill_supplier_sku(doc: Any) -> None:
    """Give a supplier's SKU its currency and the key that makes the pair unique."""
    if not doc.currency:
        asked = masters.load_supplier_currency(doc.supplier)
        doc.currency = asked or masters.load_company_currency(default_company())
    doc.pair_key = store.pair_key(doc.supplier or "", doc.sku or "")


def check_supplier_sku(doc: Any) -> None:
    """Refuse a second price of the same supplier for the same SKU, tiers that contradict, and learned prices that are typed."""
    twin = store.load_twin(doc.pair_key, doc.name or "")
    if twin:
        refuse([problem(N_("{0} has a price for {1} already: {2}"), doc.supplier, doc.sku, twin)], PurchaseRefused)
    refuse(pricing.tier_problems([store.tier_of(row.as_dict()) for row in doc.tiers]), PurchaseRefused)
    refuse_learned(doc)


def learn_of_new(doc: Any) -> None:
    """Give a supplier's SKU that is new here what earlier receipts teach of it."""
    _relearn({(doc.supplier, doc.sku)})


def keep_one_primary(doc: Any) -> None:
    """Let a SKU have one primary supplier: the one that was marked last."""
    if doc.is_primary:
        store.clear_other_primaries(doc.sku, doc.name)


def prefetch(docs: Sequence[Any]) -> None:
    """Load the suppliers' terms of all rows of orders at once."""
    store.load_terms({(doc.supplier, row.sku) for doc in docs for row in doc.items if doc.supplier and row.sku})


def fill_rates(doc: Any) -> None:
    """Give rows of an order without a rate the supplier's price for their quantity and day."""
    terms = _terms_of(doc)
    day = common.day_of(doc.order_datetime)
    taxes: Mapping[str, Any] | None = None
    for row in doc.items:
        known = terms.get(store.pair_key(doc.supplier or "", row.sku or ""))
        if row.get("rate") is not None or known is None:
            continue
        price, origin = pricing.price_for(known, decimal_of(row.qty), day)
        if price is None:
            continue
        taxes = taxes or catalog.skus_of_rows(doc.items)
        if row.get("tax_rate") is None:
            row.tax_rate = float(known.tax_rate or taxes[row.sku.casefold()].tax_rate)
        rate = pricing.stated_rate(price, decimal_of(row.tax_rate), includes_tax=bool(doc.prices_include_tax))
        row.rate = float(rate)
        row.price_origin, row.price_terms = sentences.write_note(problem(_ORIGINS[origin], known.name))


def tell_origins(rows: Iterable[Any]) -> None:
    """Say in the user's language where the prices of rows come from; nothing is saved."""
    for row in rows:
        row.price_origin = sentences.read_note(row.price_origin, row.get("price_terms")) or None


def compare_rates(doc: Any) -> None:
    """Show how far the rates of an order lie above the last purchase, per row and at most."""
    terms = _with_last_bought(doc)
    warnings: list[Problem] = []
    worst, most = ZERO, _most_percent()
    for row in doc.items:
        known = terms.get(store.pair_key(doc.supplier, row.sku))
        reference = (known.last_price or known.price) if known else None
        deviation = pricing.deviation_percent(_before_tax(doc, row), reference)
        row.last_price, row.price_deviation = float(reference or ZERO), float(deviation)
        worst = max(worst, deviation)
        if known and doc.docstatus == 0:
            above = pricing.price_warning(row.idx, row.sku, deviation, most, known)
            warnings += [above] if above else []
            warnings += pricing.quantity_warnings(row.idx, decimal_of(row.qty), known)
    doc.max_deviation = float(worst)
    told = [text_of(one) for one in warnings]
    if told:
        frappe.msgprint("<br>".join(told), indicator="orange", alert=True)


def _most_percent() -> Decimal:
    """Return from how many percent above the last price on a buyer is warned: ten, where nobody has said."""
    settings = frappe.get_cached_doc("Purchase Settings")
    said = settings.warn_above_last_percent if settings.get("modified") else None
    return Decimal(10) if said is None else decimal_of(said)


def quote(head: Any, sku: str, qty: Decimal) -> dict[str, Any] | None:
    """Return what a row of an order that is being entered costs; None where neither the supplier's price nor a last one is known.

    Keys: rate, tax_rate, price_origin, price_terms, last_price.
    """
    row = frappe._dict(sku=sku, qty=float(qty), rate=None, tax_rate=None)
    doc = SimpleNamespace(
        supplier=head.get("supplier") or "",
        currency=head.get("currency") or masters.load_company_currency(head.get("company") or default_company()),
        order_datetime=head.get("order_datetime"),
        prices_include_tax=head.get("prices_include_tax"),
        items=[row],
    )
    fill_rates(doc)
    known = _with_last_bought(doc).get(store.pair_key(doc.supplier, sku))
    own = catalog.skus_of_rows([row])[sku.casefold()]
    if row.rate is None and own.purchase_rate:
        row.rate = float(own.purchase_rate)
    if row.rate is None:
        return None
    return {
        "rate": row.rate,
        "tax_rate": float(own.tax_rate if row.tax_rate is None else row.tax_rate),
        "price_origin": row.get("price_origin"),
        "price_terms": row.get("price_terms"),
        "last_price": float((known.last_price if known else None) or ZERO),
    }


def fill_dates(doc: Any) -> None:
    """Expect rows of an order for which no day is said when the supplier of the SKU usually brings them."""
    open_rows = [row for row in doc.items if not row.schedule_date]
    terms = store.load_terms({(doc.supplier, row.sku) for row in open_rows if doc.supplier and row.sku})
    for row in open_rows:
        known = terms.get(store.pair_key(doc.supplier or "", row.sku or ""))
        if known and known.lead_days:
            row.schedule_date = common.day_of(doc.order_datetime) + timedelta(days=int(known.lead_days))


def learn_from_receipts(docs: Sequence[Any]) -> None:
    """Keep the last price, the one before and the lowest of what was received, where a supplier's SKU is kept.

    A receipt that is dated before the last one changes what came before it: its prices are learned anew from all receipts.
    """
    terms = store.load_terms({(doc.supplier, row.sku) for doc in docs for row in doc.items})
    learned: dict[str, LearnedPrices] = {}
    late: set[tuple[str, str]] = set()
    for doc in docs:
        day = common.day_of(doc.posting_datetime)
        for row in doc.items:
            known = terms.get(store.pair_key(doc.supplier, row.sku))
            price = _before_tax(doc, row)
            if known is None or price <= 0 or known.currency not in ("", doc.currency):
                continue
            if known.last_day and day < known.last_day:
                late.add((doc.supplier, row.sku))
            so_far = learned.get(known.name)
            last, low = (so_far.last, so_far.low) if so_far else (known.last_price, known.lowest_price)
            learned[known.name] = LearnedPrices(price, last, pricing.lowest(low, price), day)
    if learned:
        store.write_last_prices(learned)
    _relearn(late)


def forget_receipts(docs: Sequence[Any]) -> None:
    """Forget what receipts that are cancelled now have taught."""
    _relearn({(doc.supplier, row.sku) for doc in docs for row in doc.items})


def _relearn(pairs: Iterable[tuple[str, str]]) -> None:
    """Learn the prices of (supplier, SKU) pairs anew, from all receipts that count."""
    terms = store.load_terms(set(pairs))
    if not terms:
        return
    bought = store.load_bought_prices((known.supplier, known.sku) for known in terms.values())
    learned = {}
    for key, known in terms.items():
        prices = [(day, price) for day, price, currency in bought.get(key, ()) if known.currency in ("", currency)]
        learned[known.name] = pricing.learned_from(prices)
    store.write_last_prices(learned)


def refuse_learned(doc: Any) -> None:
    """Refuse that somebody types what receipts teach: prices that call for an approval are compared with it."""
    before = doc.get_doc_before_save()
    if before is None:
        return
    fields = [doc.meta.get_field(name) for name in _LEARNED]
    changed = [
        field for field in fields if not is_same(field.fieldtype, before.get(field.fieldname), doc.get(field.fieldname))
    ]
    message = N_("{0} follows from what happens and cannot be edited")
    refuse([problem(message, words(field.label)) for field in changed], PurchaseRefused)


def _terms_of(doc: Any) -> dict[str, SupplierTerms]:
    found = store.load_terms({(doc.supplier, row.sku) for row in doc.items if doc.supplier and row.sku})
    return {key: terms for key, terms in found.items() if terms.currency in ("", doc.currency)}


def _with_last_bought(doc: Any) -> dict[str, SupplierTerms]:
    """Return the supplier's terms, and of goods for which none are kept the price of their last receipt."""
    terms = _terms_of(doc)
    pairs = {(doc.supplier, row.sku) for row in doc.items if doc.supplier and row.sku}
    unknown = {pair for pair in pairs if store.pair_key(*pair) not in terms}
    found = store.load_last_bought(unknown) if unknown else {}
    return terms | {key: last for key, last in found.items() if last.currency in ("", doc.currency)}


def _before_tax(doc: Any, row: Any) -> Decimal:
    tax = decimal_of(row.tax_rate)
    return pricing.price_before_tax(decimal_of(row.rate), tax, includes_tax=bool(doc.prices_include_tax))
