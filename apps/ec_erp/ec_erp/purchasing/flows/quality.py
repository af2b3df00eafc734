"""Standing checks of what is bought: a cost and a supplier's price for every SKU.

Invariant: proposals are prices that somebody has stated or paid.
"""

from __future__ import annotations

from ec_erp.catalog.rules.quality import Check, Finding, missing
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.purchasing.rules.pricing import price_before_tax
from ec_erp.purchasing.store import prices as prices_store
from ec_erp.purchasing.store import quality as store


def purchasing_checks() -> list[Check]:
    """Return the checks of purchasing."""
    return [
        Check(N_("Missing Cost"), N_("Take the last price of the first supplier"), _costs),
        Check(N_("No Supplier Price"), N_("Keep the price of the last receipt as the supplier's"), _supplier_prices),
    ]


def _costs() -> list[Finding]:
    names = [row.name for row in store.load_bought(without="purchase_rate")]
    known = prices_store.load_terms_of_skus(names)
    first = {sku: terms[0] for sku, terms in known.items() if terms}
    prices = {sku: float(terms.last_price or terms.price or 0) for sku, terms in first.items()}
    return missing(names, prices, "purchase_rate", _no_cost)


def _no_cost(name: str) -> Problem:
    return problem(N_("{0} has no purchase price"), name)


def _supplier_prices() -> list[Finding]:
    names = [row.name for row in store.load_bought()]
    known = prices_store.load_terms_of_skus(names)
    lacking = [name for name in names if not any(terms.price or terms.tiers for terms in known.get(name, ()))]
    last = store.load_last_receipts([name for name in lacking if name not in known])
    return [
        Finding("SKU", name, problem(N_("No supplier has a price for {0}"), name), insert=_new(last.get(name)))
        for name in lacking
    ]


def _new(receipt: dict[str, object] | None) -> dict[str, object]:
    if receipt is None:
        return {}
    rate, tax = decimal_of(receipt["rate"]), decimal_of(receipt["tax_rate"])
    price = price_before_tax(rate, tax, includes_tax=bool(receipt["prices_include_tax"]))
    return {
        "doctype": "Supplier SKU",
        "supplier": receipt["supplier"],
        "sku": receipt["sku"],
        "price": float(price),
        "currency": receipt["currency"],
    }
