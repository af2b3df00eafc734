"""Who orders: lists that warn of buyers or stop them, and the credit of those who pay later.

Invariant: customers whose credit is looked at are locked, in the order of their names, after their orders.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.accounting import store as accounting_store
from ec_erp.documents.errors import text_of
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, Problem, problem, words
from ec_erp.kernel.times import moment_of
from ec_erp.orders import store
from ec_erp.orders.flows import instalments
from ec_erp.orders.flows.context import Run
from ec_erp.orders.flows.working import WorkingOrder
from ec_erp.orders.rules import blocks, credit, machine, payment
from ec_erp.orders.rules.credit import Credit, OverduePolicy

SOURCE, _CACHE_KEY = "buyer", "ec_erp_customer_terms"
_Terms = tuple[str, float, str, int, str, int]
_NOTHING: _Terms = ("", 0.0, "", 0, "", 0)
_WATCHED = ("buyer_list", "credit_limit", "payment_terms", "payment_terms_days", "overdue_policy")
_LISTS = (blocks.BLACKLIST, blocks.GREYLIST)


def watch_buyers(orders: Sequence[WorkingOrder], run: Run) -> None:
    """Put the reasons on orders that their buyers are a reason for, and take back those that are none any more."""
    known = watched_customers() if orders else {}
    for order in orders:
        _follow_list(order, known.get(order.customer, _NOTHING)[0], run)
        if order.is_brush:
            order.block_unless_cleared(blocks.BRUSH, SOURCE, "", run.now)
    asking = [order for order in orders if _is_on_account(order)]
    for order in asking:
        if order.customer in known:
            instalments.give_terms(order, *known[order.customer][2:4])
    _follow_credit([order for order in asking if known.get(order.customer, _NOTHING)[1] > 0], run)
    if asking:
        _follow_overdue(asking, known, run)


def follow_overdue(orders: Sequence[WorkingOrder], run: Run) -> None:
    """Look again at orders that were stopped because their customers owe overdue instalments; take the reason off where it is gone."""
    for order in orders:
        if not _is_on_account(order):
            order.unblock_by(blocks.PAYMENT_OVERDUE, SOURCE, problem(N_("It is not on account any more")))
    _follow_overdue([order for order in orders if _is_on_account(order)], watched_customers(), run)


def watched_customers() -> dict[str, _Terms]:
    """Return what ``store.load_watched_customers`` does, cached until a customer changes."""
    found: dict[str, _Terms] = frappe.cache.get_value(_CACHE_KEY, store.load_watched_customers) or {}
    return found


def forget_customers(doc: Any = None, method: str | None = None) -> None:  # noqa: ARG001  the shape of a document event
    """Look again which customers are watched, because one has changed; also where that is undone."""
    if doc is None or any(doc.get(field) for field in _WATCHED) or doc.get_doc_before_save():
        _drop()
        frappe.db.after_rollback.add(_drop)


def _drop() -> None:
    frappe.cache.delete_value(_CACHE_KEY)


def _follow_list(order: WorkingOrder, listed: str, run: Run) -> None:
    for code in _LISTS:
        if code == listed:
            order.block_unless_cleared(code, SOURCE, order.customer[:140], run.now)
        else:
            order.unblock_by(code, SOURCE)


def _is_on_account(order: WorkingOrder) -> bool:
    return order.payment_state == payment.CREDIT and (order.order_type or "Sale") == "Sale"


def _follow_credit(orders: Sequence[WorkingOrder], run: Run) -> None:
    left = {}
    for company in sorted({order.company for order in orders}):
        own = [order for order in orders if order.company == company]
        left[company] = credits_of(
            company, sorted({order.customer for order in own}), {order.name for order in own}, lock=True
        )
    for order in orders:
        known = left[order.company][order.customer]
        total = order.decimal("grand_total")
        found = credit.credit_problem(known, total)
        if found is None:
            order.unblock_by(blocks.CREDIT, SOURCE)
        else:
            order.block_unless_cleared(blocks.CREDIT, SOURCE, found, run.now)
        if blocks.CREDIT not in order.codes:
            left[order.company][order.customer] = replace(known, ordered=known.ordered + total)


def _follow_overdue(orders: Sequence[WorkingOrder], known: Mapping[str, _Terms], run: Run) -> None:
    """Stop orders on account of customers who owe overdue instalments of other orders, where that is what was agreed."""
    terms = instalments.terms_of([order for order in orders if order.head.get("instalment_state")])
    policies = {order.name: _policy_of(order, terms.get(order.name), known) for order in orders}
    asking = [order for order in orders if policies[order.name].stops]
    today = run.now.date()
    unpaid = {
        company: store.load_overdue(company, sorted({one.customer for one in asking if one.company == company}), today)
        for company in sorted({order.company for order in asking})
    }
    for order in orders:
        rows = unpaid.get(order.company, {}).get(order.customer, [])
        others = [(day, amount) for name, day, amount in rows if name != order.name]
        found = credit.overdue_problem(policies[order.name], others, today)
        if found is None:
            order.unblock_by(blocks.PAYMENT_OVERDUE, SOURCE, _why_lifted(policies[order.name], others))
        else:
            order.block_unless_cleared(blocks.PAYMENT_OVERDUE, SOURCE, found, run.now)


def _why_lifted(policy: OverduePolicy, unpaid: Sequence[tuple[date, Decimal]]) -> Problem:
    if not unpaid:
        return problem(N_("Nothing of the customer's other orders is overdue any more"))
    since = min(day for day, _ in unpaid).isoformat()
    if not policy.stops:
        return problem(N_("What is overdue since {0} does not stop orders any more"), since)
    return problem(
        N_("What is overdue since {0} is within {1} days, which is what the {2} allows"),
        since,
        policy.grace_days,
        words(policy.whose),
    )


def _policy_of(order: WorkingOrder, terms: str | None, known: Mapping[str, _Terms]) -> OverduePolicy:
    """Return what holds for an order: what its customer says, else its payment terms, else its company."""
    named = [(_TERMS, terms), ("Company", order.company)]
    others = [(doctype, *store.load_overdue_policy(doctype, name)) for doctype, name in named if name]
    return credit.overdue_policy([("Customer", *known.get(order.customer, _NOTHING)[4:6]), *others])


_TERMS = "Payment Terms"


def credits_of(
    company: str, customers: Sequence[str], besides: Collection[str] = (), *, lock: bool = False
) -> dict[str, Credit]:
    """Return the credit of customers in a company; the orders in ``besides`` are not counted as ordered."""
    limits = store.load_credit_limits(customers, lock=lock)
    owed = accounting_store.load_party_balances(company, "Customer", customers)
    ordered: dict[str, Decimal] = {}
    for row in store.load_orders_on_account(company, customers, machine.LIVE):
        if row["name"] not in besides and blocks.CREDIT not in (row["exceptions"] or ""):
            due = decimal_of(row["grand_total"]) - decimal_of(row["refunded_amount"])
            part = credit.undelivered(due, decimal_of(row["delivered_percent"]))
            ordered[row["customer"]] = ordered.get(row["customer"], ZERO) + part
    return {name: Credit(limit, owed.get(name, ZERO), ordered.get(name, ZERO)) for name, limit in limits.items()}


def explain_credit(customer: str, company: str) -> dict[str, Any]:
    """Return a customer's credit in a company: limit, owed, ordered, free, what is overdue, and one sentence."""
    known = credits_of(company, [customer])[customer]
    figures = {"limit": known.limit, "owed": known.owed, "ordered": known.ordered, "free": known.free}
    told = [problem(N_("Credit limit {0}: {1} owed, {2} on order, {3} free"), *figures.values())] if known.limit else []
    rows = store.load_overdue(company, [customer], moment_of(frappe.utils.now_datetime()).date()).get(customer, [])
    overdue = sum((amount for _, _, amount in rows), ZERO)
    if rows:
        told.append(problem(N_("{0} overdue since {1}"), overdue, min(day for _, day, _ in rows).isoformat()))
    amounts = {name: float(value) for name, value in {**figures, "overdue": overdue}.items()}
    return {**amounts, "text": "; ".join(text_of(one) for one in told)}
