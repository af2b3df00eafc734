"""Suggestions: calculating what to buy or transfer, calculating one again by hand, and making them into documents.

Invariant: a SKU in a warehouse has at most one open suggestion; what a person changed on it stays when it is calculated anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents import sentences
from ec_erp.documents.errors import refuse
from ec_erp.documents.sets import insert_many
from ec_erp.inventory import flows as inventory
from ec_erp.inventory.rules.demand import daily_sales
from ec_erp.kernel.numbers import ZERO, decimal_of, plain
from ec_erp.kernel.problems import N_, problem
from ec_erp.purchasing.errors import PurchaseRefused
from ec_erp.purchasing.flows import common
from ec_erp.purchasing.rules import pricing, scoring, suggesting
from ec_erp.purchasing.store import masters
from ec_erp.purchasing.store import planning as store
from ec_erp.purchasing.store import prices as price_store
from ec_erp.purchasing.types import (
    NO_OVERRIDES,
    Advice,
    Arrival,
    Overrides,
    Policy,
    Position,
    SkuPlace,
    SupplierTerms,
    Term,
)

HISTORY_DAYS = 365  # of receipts, for lead times
_CHUNK = 500


@dataclass(frozen=True)
class _Facts:
    """All that was loaded for a calculation."""

    goods: Mapping[str, Mapping[str, Any]]
    companies: Mapping[str, str]
    policies: Sequence[Policy]
    suppliers: Mapping[str, Sequence[SupplierTerms]]
    supplier_days: Mapping[str, int]
    arrivals: Mapping[tuple[str, str], Sequence[Arrival]]
    sales: Mapping[store.Key, Mapping[date, Decimal]]
    changes: Mapping[store.Key, Mapping[date, Decimal]]
    balances: Mapping[store.Key, Mapping[str, Any]]
    backorders: Mapping[store.Key, Decimal]
    returns: Mapping[store.Key, Decimal]
    planned: Mapping[store.Key, Decimal]


def check_policy(doc: Any) -> None:
    """Refuse a policy whose windows weigh nothing or whose dates run backwards."""
    wrong = [row.idx for row in doc.windows if int(row.days or 0) <= 0 or decimal_of(row.weight) < 0]
    refuse([problem(N_("Row {0}: days and weight must be above zero"), idx) for idx in wrong], PurchaseRefused)
    if doc.windows and not any(decimal_of(row.weight) for row in doc.windows):
        refuse([problem(N_("At least one window must have a weight"))], PurchaseRefused)
    backwards = [row.idx for row in (*doc.seasons, *doc.events) if str(row.to_date) < str(row.from_date)]
    refuse([problem(N_("Row {0}: it ends before it begins"), idx) for idx in backwards], PurchaseRefused)


def calculate(
    company: str | None = None,
    warehouses: Collection[str] = (),
    skus: Collection[str] = (),
    suppliers: Collection[str] = (),
) -> list[str]:
    """Calculate suggestions for a scope (empty: everything) and put them in place of the open ones; return their names.

    SKUs are done in chunks, with the same number of queries for each.
    """
    names: list[str] = []
    for goods, companies in goods_in_chunks(company, warehouses, {"name": ("in", sorted(skus))} if skus else {}):
        names += _calculate_chunk(goods, companies, suppliers)
    return names


def goods_in_chunks(
    company: str | None, warehouses: Collection[str], filters: Mapping[str, Any]
) -> Iterator[tuple[dict[str, Mapping[str, Any]], Mapping[str, str]]]:
    """Yield the SKUs that are bought again, by some hundreds, with the warehouses (and their companies) they are bought for."""
    companies = store.load_warehouses(company, warehouses)
    goods = store.load_goods(filters)
    wanted = sorted(goods)
    for start in range(0, len(wanted), _CHUNK):
        yield {sku: goods[sku] for sku in wanted[start : start + _CHUNK]}, companies


def present_places(
    goods: Mapping[str, Mapping[str, Any]], companies: Mapping[str, str], suppliers: Collection[str], today: date
) -> list[SkuPlace]:
    """Return what is known of SKUs in warehouses, with what people changed on open suggestions; nothing is written."""
    known = store.load_open_suggestions(goods.keys(), companies.keys())
    overrides = {key: _overrides_of(row) for key, row in known.items()}
    places = _places(_load(goods, companies, today), overrides, today)
    return [place for place in places if _supplied_by(place, suppliers)]


def _calculate_chunk(
    goods: Mapping[str, Mapping[str, Any]], companies: Mapping[str, str], suppliers: Collection[str]
) -> list[str]:
    today = common.day_of(None)
    known = store.load_open_suggestions(goods.keys(), companies.keys())
    overrides = {key: _overrides_of(row) for key, row in known.items()}
    facts = _load(goods, companies, today)
    places = [place for place in _places(facts, overrides, today) if _supplied_by(place, suppliers)]
    advice = suggesting.advise(places, today)
    done = {(place.sku, place.warehouse) for place in places}
    store.drop_suggestions({row["name"] for key, row in known.items() if key in done})
    docs = [doc for one in advice for doc in _documents(one, today)]
    insert_many(docs)
    return [doc.name for doc in docs]


def fill_suggestion(doc: Any) -> None:
    """Give a suggestion made by hand its company and moment."""
    doc.company = doc.company or masters.load_company_of_warehouse(doc.warehouse)
    doc.currency = doc.currency or masters.load_company_currency(doc.company)
    doc.as_of = doc.as_of or frappe.utils.now_datetime()


def check_suggestion(doc: Any) -> None:
    """Calculate an open suggestion again where a person made it or changed its parameters."""
    if doc.flags.calculated or doc.status != "Open":
        return
    before = doc.get_doc_before_save()
    fields = (*store.OVERRIDE_FIELDS, "supplier")
    if before is None or any(doc.get(field) != before.get(field) for field in fields):
        _calculate_again(doc)


def _calculate_again(doc: Any) -> None:
    today = common.day_of(None)
    companies = store.load_warehouses(doc.company, ())
    companies.setdefault(doc.warehouse, doc.company)
    goods = store.load_goods({"name": doc.sku})
    if not goods:
        refuse([problem(N_("{0} is not bought: it is disabled, discontinued or a combo"), doc.sku)], PurchaseRefused)
    overrides = {(doc.sku, doc.warehouse): _overrides_of(doc)}
    places = _places(_load(goods, companies, today), overrides, today, supplier=doc.supplier)
    advice = next(one for one in suggesting.advise(places, today) if one.place.warehouse == doc.warehouse)
    values = _values(advice, today)
    doc.set("terms", [])
    for term in values.pop("terms"):
        doc.append("terms", term)
    doc.update(values)
    doc.override = int(_overrides_of(doc) != NO_OVERRIDES)


def _load(goods: Mapping[str, Mapping[str, Any]], companies: Mapping[str, str], today: date) -> _Facts:
    skus, warehouses = goods.keys(), companies.keys()
    policies = store.load_policies()
    first = today - timedelta(days=_longest_window(policies))
    suppliers = price_store.load_terms_of_skus(skus)
    named = {terms.supplier for group in suppliers.values() for terms in group}
    arrivals: dict[tuple[str, str], list[Arrival]] = {}
    history = datetime.combine(today - timedelta(days=HISTORY_DAYS), time())
    for supplier, rows in store.load_arrivals(history, named, skus).items() if named else ():
        for row in rows:
            arrivals.setdefault((supplier, row.sku), []).append(row)
    return _Facts(
        goods=goods,
        companies=companies,
        policies=policies,
        suppliers=suppliers,
        supplier_days=masters.load_lead_days(named),
        arrivals=arrivals,
        sales=store.load_sales(skus, warehouses, first),
        changes=store.load_stock_changes(skus, warehouses, first),
        balances=store.load_balances(skus, warehouses),
        backorders=store.load_backorders(skus, warehouses),
        returns={(key.sku, key.warehouse): qty for key, qty in inventory.returns_on_the_way(skus).items()},
        planned=store.load_planned_transfers(skus, warehouses),
    )


def _longest_window(policies: Sequence[Policy]) -> int:
    windows = [window.days for policy in (*policies, suggesting.DEFAULT_POLICY) for window in policy.demand.windows]
    return max(windows)


def _places(
    facts: _Facts, overrides: Mapping[store.Key, Overrides], today: date, *, supplier: str | None = None
) -> list[SkuPlace]:
    """Return what is known of every SKU in every warehouse where it was ever sold, stocked or ordered."""
    days = store.days_back(today, _longest_window(facts.policies))
    keys = sorted(set(facts.balances) | set(facts.sales) | set(facts.backorders) | set(overrides))
    return [_place(facts, key, days, overrides.get(key, NO_OVERRIDES), supplier) for key in keys]


def _place(facts: _Facts, key: store.Key, days: Sequence[date], said: Overrides, supplier: str | None) -> SkuPlace:
    sku, warehouse = key
    goods, balance = facts.goods[sku], facts.balances.get(key, {})
    known = facts.suppliers.get(sku, ())
    terms = next((one for one in known if one.supplier == supplier), None) or (known[0] if known else None)
    scope = {
        "sku": sku,
        "category": goods["category"],
        "supplier": terms.supplier if terms else None,
        "warehouse": warehouse,
        "company": facts.companies[warehouse],
    }
    own = facts.arrivals.get((terms.supplier, sku), ()) if terms else ()
    return SkuPlace(
        sku=sku,
        warehouse=warehouse,
        company=facts.companies[warehouse],
        category=goods["category"],
        sales=daily_sales(
            facts.sales.get(key, {}), facts.changes.get(key, {}), decimal_of(balance.get("on_hand")), days
        ),
        position=Position(
            available=decimal_of(balance.get("available")),
            on_order=decimal_of(balance.get("on_order")),
            transfer_in=decimal_of(balance.get("in_transit")) + facts.planned.get(key, ZERO),
            returns=facts.returns.get(key, ZERO),
            backorders=facts.backorders.get(key, ZERO),
        ),
        policy=suggesting.choose_policy(facts.policies, scope),
        supplier=terms,
        supplier_days=Decimal(facts.supplier_days.get(terms.supplier, 0)) if terms else ZERO,
        score=scoring.score_of(own) if own else None,
        safety_stock=decimal_of(goods["safety_stock"]),
        overrides=said,
    )


def _supplied_by(place: SkuPlace, suppliers: Collection[str]) -> bool:
    return not suppliers or (place.supplier is not None and place.supplier.supplier in suppliers)


def _overrides_of(row: Any) -> Overrides:
    return Overrides(
        growth_percent=store.optional(row, "growth_percent"),
        daily_sales=store.optional(row, "daily_sales"),
        lead_days=store.optional(row, "lead_time_days"),
        review_days=store.optional(row, "review_days"),
        safety_days=store.optional(row, "safety_days"),
    )


def _documents(advice: Advice, today: date) -> list[Any]:
    """Return the suggestions of an advice: one for each transfer, one for what is to be bought."""
    result = []
    for move in advice.transfers:
        values = _values(advice, today)
        values.update(kind="Transfer", from_warehouse=move.source, qty=float(move.qty), suggested_qty=float(move.qty))
        values.update(supplier=None, rate=0.0, amount=0.0)
        result.append(_suggestion(advice, values))
    if advice.qty > 0:
        result.append(_suggestion(advice, _values(advice, today)))
    return result


def _suggestion(advice: Advice, values: Mapping[str, Any]) -> Any:
    place = advice.place
    said = {
        "growth_percent": place.overrides.growth_percent,
        "daily_sales": place.overrides.daily_sales,
        "lead_time_days": place.overrides.lead_days,
        "review_days": place.overrides.review_days,
        "safety_days": place.overrides.safety_days,
    }
    head = {"sku": place.sku, "warehouse": place.warehouse, "company": place.company, "status": "Open"}
    own = {field: float(value) for field, value in said.items() if value is not None}
    doc = frappe.get_doc({"doctype": "Purchase Suggestion", **head, **own, "override": int(bool(own)), **values})
    doc.flags.calculated = True
    return doc


def _values(advice: Advice, today: date) -> dict[str, Any]:
    place, dates = advice.place, advice.dates
    supplier = place.supplier
    price = (pricing.price_for(supplier, advice.qty, today)[0] if supplier else None) or ZERO
    return {
        "kind": "Purchase",
        "supplier": supplier.supplier if supplier else None,
        "qty": float(advice.qty),
        "suggested_qty": float(advice.qty),
        "policy": place.policy.name or None,
        "rate": float(price),
        "amount": float(price * advice.qty),
        "cover_days": float(dates.cover_days) if dates.cover_days is not None else None,
        "stock_out_date": dates.stock_out,
        "order_by": dates.order_by,
        "arrival_date": today + timedelta(days=int(advice.supply.lead_days)),
        "as_of": frappe.utils.now_datetime(),
        **_in_short(advice),
        "terms": [_term(term) for term in advice.terms],
    }


def _in_short(advice: Advice) -> dict[str, str | None]:
    """Return an advice in one line: in words, and as JSON for readers of other languages."""
    plan, position = advice.plan, advice.place.position
    message = N_("Position {0} ≤ reorder point {1}; level {2}; {3} per day; {4} days of cover")
    if position.total > plan.reorder_point or plan.reorder_point <= 0:
        message = N_("Position {0} > reorder point {1}: nothing to do; level {2}; {3} per day; {4} days of cover")
    cover = plain(advice.dates.cover_days) if advice.dates.cover_days is not None else "∞"
    values = (plain(position.total), plain(plan.reorder_point), plain(plan.level), plain(plan.demand), cover)
    text, kept = sentences.write_note(problem(message, *values), 500)
    return {"explanation": text, "explanation_terms": kept}


_WORDS = ("term", "unit", "origin")


def _term(term: Term) -> dict[str, Any]:
    """Return the row of a term: in the writer's words, and with their sources for readers of other languages."""
    sources = {word: getattr(term, word) for word in _WORDS}
    words = {word: frappe._(text) if text else "" for word, text in sources.items()}
    return {**words, "value": float(term.value), "sources": frappe.as_json(sources, indent=None)}


def tell_suggestion(doc: Any) -> None:
    """Say in the user's language why something is suggested; nothing is saved."""
    doc.explanation = sentences.read_note(doc.explanation, doc.explanation_terms) or None
    for row in doc.terms:
        sources = frappe.parse_json(row.sources) if row.sources else {}
        row.update({word: frappe._(text) if text else "" for word, text in sources.items()})


def make_requests(names: Iterable[str]) -> list[str]:
    """Make open purchase suggestions into one submitted request per company; return their names."""
    suggestions = _open(names, "Purchase")
    made: dict[str, Any] = {}
    for company in sorted({doc.company for doc in suggestions}):
        own = [doc for doc in suggestions if doc.company == company]
        items = [
            {
                "sku": doc.sku,
                "qty": doc.qty,
                "warehouse": doc.warehouse,
                "supplier": doc.supplier,
                "schedule_date": doc.arrival_date,
                "purchase_suggestion": doc.name,
                "reason": doc.explanation,
            }
            for doc in own
        ]
        request = frappe.get_doc({"doctype": "Purchase Request", "company": company, "items": items})
        insert_many([request], submit=True)
        made.update({doc.name: request for doc in own})
    store.write_made({name: ("Requested", "Purchase Request", request.name) for name, request in made.items()})
    return sorted({request.name for request in made.values()})


def make_orders(names: Iterable[str]) -> list[str]:
    """Make open purchase suggestions into draft orders, one per supplier, company and warehouse; return their names.

    Raises ``PurchaseRefused`` where one has no supplier.
    """
    suggestions = _open(names, "Purchase")
    homeless = [doc for doc in suggestions if not doc.supplier]
    message = N_("{0} of {1} has no supplier: name one, or add a Supplier SKU")
    refuse([problem(message, doc.sku, doc.name) for doc in homeless], PurchaseRefused)
    groups: dict[tuple[str, str, str], list[Any]] = {}
    for doc in suggestions:
        groups.setdefault((doc.company, doc.supplier, doc.warehouse), []).append(doc)
    orders = {key: _order(key, group) for key, group in sorted(groups.items())}
    insert_many(list(orders.values()))
    store.write_made(
        {doc.name: ("Ordered", "Purchase Order", orders[key].name) for key, group in groups.items() for doc in group}
    )
    return [order.name for order in orders.values()]


def make_transfers(names: Iterable[str]) -> list[str]:
    """Make open transfer suggestions into draft transfers, one per pair of warehouses; return their names."""
    groups: dict[tuple[str, str, str], list[Any]] = {}
    for doc in _open(names, "Transfer"):
        groups.setdefault((doc.company, doc.from_warehouse, doc.warehouse), []).append(doc)
    transfers = {key: _transfer(key, group) for key, group in sorted(groups.items())}
    insert_many(list(transfers.values()))
    store.write_made(
        {
            doc.name: ("Transferred", "Stock Transfer", transfers[key].name)
            for key, group in groups.items()
            for doc in group
        }
    )
    return [transfer.name for transfer in transfers.values()]


def _transfer(key: tuple[str, str, str], suggestions: Sequence[Any]) -> Any:
    company, source, target = key
    items = [{"sku": doc.sku, "qty": doc.qty} for doc in suggestions]
    head = {"doctype": "Stock Transfer", "company": company, "from_warehouse": source, "to_warehouse": target}
    return frappe.get_doc({**head, "items": items})


def dismiss(names: Iterable[str]) -> None:
    """Put open suggestions away."""
    docs = _open(names)
    store.write_made({doc.name: ("Dismissed", None, None) for doc in docs})


def _open(names: Iterable[str], kind: str | None = None) -> list[Any]:
    docs = [frappe.get_doc("Purchase Suggestion", name) for name in sorted(set(names))]
    closed = [doc.name for doc in docs if doc.status != "Open"]
    refuse([problem(N_("{0} is not open any more"), name) for name in closed], PurchaseRefused)
    other = [doc for doc in docs if kind and doc.kind != kind]
    refuse([problem(N_("{0} is a {1}"), doc.name, frappe._(doc.kind)) for doc in other], PurchaseRefused)
    return docs


def _order(key: tuple[str, str, str], suggestions: Sequence[Any]) -> Any:
    company, supplier, warehouse = key
    items = [
        {"sku": doc.sku, "qty": doc.qty, "warehouse": doc.warehouse, "purchase_suggestion": doc.name}
        for doc in suggestions
    ]
    return frappe.get_doc(
        {
            "doctype": "Purchase Order",
            "company": company,
            "supplier": supplier,
            "warehouse": warehouse,
            "schedule_date": max(common.day_of(doc.arrival_date) for doc in suggestions),
            "items": items,
        }
    )
