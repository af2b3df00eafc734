"""Price lists: which one holds for a sale, and what SKUs cost in it.

Invariant: lists, prices and SKUs are loaded once for a set of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from ec_erp.catalog import store
from ec_erp.catalog.rules import prices
from ec_erp.catalog.rules.prices import PriceSet, Quote
from ec_erp.catalog.types import SkuFacts
from ec_erp.documents.errors import DocumentRefused, refuse
from ec_erp.kernel.problems import N_, problem


def check_price_list(doc: Any) -> None:
    """Refuse a list that ends before it begins."""
    terms = store.list_terms(doc)
    refuse(prices.period_problems(terms.valid_from, terms.valid_to), DocumentRefused)


def check_sku_price(doc: Any) -> None:
    """Complete a price's key; refuse a second price for the same quantity and start, and impossible periods."""
    row = store.listed_price(doc)
    refuse(prices.period_problems(row.valid_from, row.valid_to), DocumentRefused)
    doc.price_key = store.price_key(doc)
    twin = store.find_price_twin(doc.price_key, doc.name)
    message = N_("{0} has a price for {1} from this quantity and day on already: {2}")
    refuse([problem(message, doc.price_list, doc.sku, twin)] if twin else [], DocumentRefused)


def prefetch_rates(lists: Iterable[str], skus: Iterable[str]) -> None:
    """Load lists and their prices for many orders into the batch's memory."""
    store.load_sku_prices(store.load_price_lists(lists), skus)


def list_rates(
    wanted: Sequence[tuple[str, Decimal]], candidates: Sequence[str | None], currency: str, day: date
) -> list[Quote | None]:
    """Return the price of each (SKU, quantity), None for SKUs that are not known.

    ``candidates`` are the names of the lists that may hold, in their order; the first one that can be used does. Raises
    ``DocumentRefused`` where the first name, which is the one that the order itself gives, can't be used.
    """
    known = store.load_price_lists(name for name in candidates if name)
    lists = [known.get(name.casefold()) if name else None for name in candidates]
    if lists and lists[0]:
        found = prices.list_problem(lists[0], currency, day)
        refuse([found] if found else [], DocumentRefused)
    terms = prices.choose_list(lists, currency, day)
    skus = store.load_skus(sku for sku, _ in wanted)
    listed = store.load_sku_prices([terms.name] if terms else [], [facts.name for facts in skus.values()])
    quotes: list[Quote | None] = []
    for sku, qty in wanted:
        facts = skus.get(sku.casefold())
        rows = listed.get((terms.name, facts.name), ()) if terms and facts else ()
        quotes.append(prices.quote(_own(facts), terms, rows, qty, day, currency) if facts else None)
    return quotes


def _own(facts: SkuFacts) -> PriceSet:
    return PriceSet(facts.standard_rate, facts.wholesale_rate, facts.member_rate)
