"""Orders on account with a day of payment, or several: their instalments follow their totals, states and payments.

Invariants: instalments are made and changed while their order is locked, in the transaction that changes it; what is paid of an
order is spread over them anew from what payments say, so that nothing drifts. Orders without terms read and write nothing here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import frappe

from ec_erp.documents.errors import refuse
from ec_erp.documents.requests import day_in
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, problem
from ec_erp.kernel.times import moment_of
from ec_erp.orders import store
from ec_erp.orders.errors import OrderNotReady
from ec_erp.orders.flows.events import announce
from ec_erp.orders.rules import instalments as rules
from ec_erp.orders.rules import machine, payment
from ec_erp.orders.rules.cycles import MONTHS, Rhythm
from ec_erp.orders.rules.instalments import Instalment, TermsRow
from ec_erp.posting import store as posting_store
from ec_erp.posting.rules.payment import OpenDocument

# What an order says of when it is paid.
TERMS = ("payment_terms", "credit_days", "instalment_parts", "instalment_every", "instalment_period")
EASED = "ec_erp_debts_eased"
_SALE = "Sales Order"
_GONE = (machine.CANCELLED, machine.MERGED, machine.SPLIT)
_MADE = (rules.OPEN, rules.PART_PAID, rules.PAID)


def has_terms(doc: Any) -> bool:
    """Tell whether an order says when it is paid."""
    return bool(doc.payment_terms or doc.credit_days or doc.instalment_parts)


def terms_key(doc: Any) -> str:
    """Return what orders must share of their terms to be merged; empty for one without."""
    return "".join(f"|{doc.get(field) or ''}" for field in TERMS) if has_terms(doc) else ""


def fill(doc: Any) -> None:
    """Give an order that says when it is paid what nobody said: on account, in parts of a month each."""
    doc.payment_type = doc.payment_type or payment.ON_ACCOUNT
    doc.instalment_state = rules.PLANNED
    if doc.instalment_parts:
        doc.instalment_every = doc.instalment_every or 1
        doc.instalment_period = doc.instalment_period or MONTHS


def check(doc: Any) -> None:
    """Refuse an order that is not on account, or that says in two ways when it is paid."""
    found = []
    if doc.payment_type != payment.ON_ACCOUNT:
        found.append(problem(N_("Only orders on account have instalments")))
    if doc.payment_terms and doc.instalment_parts:
        found.append(problem(N_("Choose payment terms or a number of instalments, not both")))
    if doc.instalment_parts:
        every, period = int(doc.instalment_every or 0), doc.instalment_period or ""
        found += rules.parts_problems(int(doc.instalment_parts), every, period)
    refuse(found)


def check_terms(doc: Any) -> None:
    """Refuse payment terms whose shares do not come to the whole."""
    refuse(
        rules.terms_problems(
            [TermsRow(decimal_of(row.portion_percent), int(row.due_days or 0), row.due_after) for row in doc.terms]
        )
    )


def give_terms(order: Any, terms: str | None, days: int) -> None:
    """Give an order on account the terms of its customer, where it has none of its own."""
    if (terms or days) and not order.head.get("instalment_state"):
        order.put(payment_terms=terms or None, credit_days=0 if terms else days, instalment_state=rules.PLANNED)


def terms_of(orders: Sequence[Any]) -> dict[str, str]:
    """Return the payment terms that orders name, by order."""
    missing = [order.name for order in orders if not order.is_document and "payment_terms" not in order.head]
    heads = store.load_heads(missing, TERMS) if missing else {}
    found = {order.name: (heads.get(order.name) or order.head).get("payment_terms") for order in orders}
    return {name: terms for name, terms in found.items() if terms}


def follow(orders: Sequence[Any], now: datetime) -> None:
    """Make, change or take away the instalments of orders (working ones, with terms) as their states and totals ask."""
    gone = [order.name for order in orders if order.status in _GONE]
    store.delete_instalments(gone)
    _eased(gone)
    for order in orders:
        if order.status in _GONE:
            order.put(instalment_state=rules.CANCELLED, next_due_date=None)
    here = [order for order in orders if order.status not in _GONE]
    _make([order for order in here if order.head.instalment_state not in _MADE and _is_on_account(order)], now)
    _resize([order for order in here if order.head.instalment_state in _MADE and _has_new_total(order)])


def _is_on_account(order: Any) -> bool:
    return bool(order.payment_state == payment.CREDIT)


def _has_new_total(order: Any) -> bool:
    return not {"grand_total", "refunded_amount"}.isdisjoint(order.changed)


def _make(orders: Sequence[Any], now: datetime) -> None:
    if not orders:
        return
    restored = [order.name for order in orders if order.head.instalment_state == rules.CANCELLED]
    settled = _settled(restored)
    missing = [order.name for order in orders if not order.is_document]
    heads = store.load_heads(missing, TERMS) if missing else {}
    terms = {order.name: heads.get(order.name) or order.head for order in orders}
    templates = store.load_payment_terms({row.payment_terms for row in terms.values() if row.payment_terms})
    rows: list[dict[str, Any]] = []
    for order in orders:
        ordered = (order.moment("order_datetime") or now).date()
        plan = _plan(terms[order.name], templates, _due_of(order.head), ordered, order.currency)
        found = rules.allocate(plan, settled.get(order.name, ZERO))
        rows += [_new_row(order.head, one) for one in found]
        order.put(**_head_of(found))
    store.insert_instalments(rows)


def _plan(
    terms: Any, templates: Mapping[str, list[TermsRow]], total: Decimal, ordered: date, currency: str
) -> list[Instalment]:
    if terms.payment_terms:
        return rules.by_terms(total, templates.get(terms.payment_terms, []), ordered, None, currency)
    if terms.instalment_parts:
        parts, every = int(terms.instalment_parts), int(terms.instalment_every or 1)
        rhythm = Rhythm(ordered, every, terms.instalment_period or MONTHS, parts)
        return rules.equal_parts(total, parts, rhythm, currency)
    return rules.by_terms(total, [TermsRow(Decimal(100), int(terms.credit_days or 0))], ordered, None, currency)


def _resize(orders: Sequence[Any]) -> None:
    if not orders:
        return
    known = store.load_instalments(order.name for order in orders)
    documents = _documents([order.name for order in orders])
    refunded = store.load_fields(_SALE, [order.name for order in orders], ["refunded_amount"])
    changes: dict[str, dict[str, Any]] = {}
    for order in orders:
        if not order.is_document:
            order.head.setdefault("refunded_amount", refunded[order.name.casefold()]["refunded_amount"])
        names = list(known.get(order.name, {}))
        document = documents[order.name]
        due = max(ZERO, _due_of(order.head) - document.returned)
        changed = rules.resize(list(known.get(order.name, {}).values()), due)
        found = rules.allocate(changed, document.settled)
        changes |= {name: _row(one) for name, one in zip(names, found, strict=True)}
        order.put(**_head_of(found))
    store.write_instalments(changes)
    _eased(order.name for order in orders)


def _due_of(head: Any) -> Decimal:
    """Return what is to be paid of an order: its total less what was refunded."""
    return max(ZERO, decimal_of(head.get("grand_total")) - decimal_of(head.get("refunded_amount")))


def _settled(orders: Sequence[str]) -> dict[str, Decimal]:
    return {name: document.settled for name, document in _documents(orders).items()}


def _documents(orders: Sequence[str]) -> dict[str, OpenDocument]:
    """Return what is due, settled and was credited for returned goods of orders."""
    found = posting_store.load_documents([(_SALE, name) for name in orders]) if orders else {}
    return {name: document for (_, name), document in found.items()}


def _row(one: Instalment) -> dict[str, Any]:
    return {
        "due_date": one.due,
        "amount": float(one.amount),
        "paid_amount": float(one.paid),
        "outstanding_amount": float(one.outstanding),
        "status": one.state,
    }


def _new_row(head: Any, one: Instalment) -> dict[str, Any]:
    of_order = {field: head.get(field) for field in ("customer", "shop", "company", "currency")}
    return {"sales_order": head.name, "number": one.number, **of_order, "after_shipment_days": one.days, **_row(one)}


def _head_of(found: Sequence[Instalment]) -> dict[str, Any]:
    return {"instalment_state": rules.state_of(found), "next_due_date": rules.next_due(found)}


def _eased(names: Iterable[str]) -> None:
    """Tell those who ask (hook ``ec_erp_debts_eased``), once this transaction's work is done, that less may be overdue."""
    orders = sorted(set(names))
    if orders:
        frappe.db.before_commit.add(partial(announce, EASED, orders))


def documents_settled(settled: Mapping[tuple[str, str], Decimal]) -> None:
    """Spread what is paid now of documents, {(DocType, name): amount}, over the instalments of those that are orders.

    The hook ``ec_erp_documents_settled`` names this; the documents are locked.
    """
    _spread({name: amount for (doctype, name), amount in settled.items() if doctype == _SALE})


def payments_undone(docs: Sequence[Any]) -> None:
    """Take what cancelled payments had paid back from the instalments of their orders."""
    names = {row.reference_name for doc in docs for row in doc.references if row.reference_doctype == _SALE}
    known = store.load_fields(_SALE, names, ["instalment_state"]) if names else {}
    scheduled = sorted(row["name"] for row in known.values() if row["instalment_state"])
    if scheduled:
        store.lock_heads(scheduled)
        _spread(_settled(scheduled))


def _spread(settled: Mapping[str, Decimal]) -> None:
    known = store.load_instalments(settled) if settled else {}
    changes: dict[str, dict[str, Any]] = {}
    heads: dict[str, dict[str, Any]] = {}
    today, eased = frappe.utils.now_datetime().date(), list[str]()
    for order, rows in known.items():
        found = rules.allocate(rows.values(), settled[order])
        if rules.less_overdue(rows.values(), found, today):
            eased.append(order)
        changes |= {name: _row(one) for name, one in zip(rows, found, strict=True)}
        heads[order] = _head_of(found)
    store.write_instalments(changes)
    store.write_heads(heads, touch=False)
    _eased(eased)


def follow_returns(names: Iterable[str]) -> None:
    """Let the instalments of orders shrink by what came back, and grow again where a return is cancelled."""
    known = store.load_fields(_SALE, names, ["instalment_state"])
    scheduled = sorted(row["name"] for row in known.values() if row["instalment_state"] in _MADE)
    if not scheduled:
        return
    store.lock_heads(scheduled)
    documents, changes, heads = _documents(scheduled), dict[str, dict[str, Any]](), dict[str, dict[str, Any]]()
    for order, rows in store.load_instalments(scheduled).items():
        document = documents[order]
        found = rules.allocate(rules.resize(list(rows.values()), document.total), document.settled)
        changes |= {name: _row(one) for name, one in zip(rows, found, strict=True)}
        heads[order] = _head_of(found)
    store.write_instalments(changes)
    store.write_heads(heads, touch=False)
    _eased(scheduled)


def awaiting_shipment(now: datetime, limit: int) -> list[str]:  # noqa: ARG001  the shape of what the clock asks
    """Return orders that have left and of which instalments wait for that day."""
    return store.load_awaiting_shipment(limit)


def set_shipped(names: Iterable[str]) -> None:
    """Give instalments that are due after the shipment their days, now that their orders have left."""
    orders = store.lock_heads(names)
    days = store.load_ship_days(list(orders))
    settled = _settled(list(orders))
    changes: dict[str, dict[str, Any]] = {}
    heads: dict[str, dict[str, Any]] = {}
    for order, rows in store.load_instalments(orders).items():
        shipped = days.get(order)
        dated = [
            one if one.due else _on(one, rules.due_day(rules.SHIPMENT, one.days, date.min, shipped))
            for one in rows.values()
        ]
        found = rules.allocate(dated, settled.get(order, ZERO))
        changes |= {name: _row(one) for name, one in zip(rows, found, strict=True)}
        heads[order] = _head_of(found)
    store.write_instalments(changes)
    store.write_heads(heads, touch=False)


def _on(one: Instalment, day: date | None) -> Instalment:
    return Instalment(one.number, day, one.amount, one.paid, one.days)


def agree(name: str, rows: Sequence[tuple[date | None, Decimal]], why: str = "") -> list[dict[str, Any]]:
    """Give an order on account other instalments (day, amount), agreed with the buyer; return them as ``schedule_of`` does.

    What was paid stays paid, the oldest first. Raises ``OrderNotReady`` for orders that are not on account or have ended, and
    for amounts that do not come to the order's.
    """
    head = store.lock_heads([name], TERMS).get(name)
    on_account = head is not None and head.docstatus == 1 and head.payment_state == payment.CREDIT
    refuse([] if on_account else [problem(N_("{0} is no accepted order on account"), name)], OrderNotReady)
    assert head is not None
    gone = head.status in _GONE
    refuse([problem(N_("{0} is no accepted order on account"), name)] if gone else [], OrderNotReady)
    refunded = store.load_fields(_SALE, [name], ["refunded_amount"])[name.casefold()]
    document = _documents([name])[name]
    total = decimal_of(head.grand_total) - decimal_of(refunded["refunded_amount"]) - document.returned
    refuse(rules.schedule_problems(rows, total), OrderNotReady)
    ordered = sorted(rows, key=lambda row: row[0] or date.max)
    plan = [Instalment(at, day, amount) for at, (day, amount) in enumerate(ordered, start=1)]
    found = rules.allocate(plan, document.settled)
    store.delete_instalments([name])
    store.insert_instalments([_new_row(head, one) for one in found])
    store.write_heads({name: _head_of(found)}, touch=True)
    _eased([name])
    told = ", ".join(f"{one.due}: {one.amount}" for one in found)
    entry = {"sales_order": name, "kind": "Edit", "code": N_("Instalments"), "moment": frappe.utils.now_datetime()}
    store.append_log([{**entry, "note": "; ".join(filter(None, (told, why)))[:140]}])
    return schedule_of(frappe.get_doc(_SALE, name))


def schedule_of(doc: Any) -> list[dict[str, Any]]:
    """Return the instalments of an order, or what they would be while it is a draft.

    Each: number, due_date (None: after the shipment), after_shipment_days, amount, paid_amount, outstanding_amount, status,
    overdue_days.
    """
    if not (doc.instalment_state or has_terms(doc)):
        return []
    today = frappe.utils.now_datetime().date()
    found = (
        _draft_plan(doc) if doc.docstatus == 0 else list(store.load_instalments([doc.name]).get(doc.name, {}).values())
    )
    return [
        {
            "number": one.number,
            "after_shipment_days": one.days if one.due is None else 0,
            **_row(one),
            "overdue_days": rules.overdue_days(one, today),
        }
        for one in found
    ]


def _draft_plan(doc: Any) -> list[Instalment]:
    templates = store.load_payment_terms([doc.payment_terms]) if doc.payment_terms else {}
    ordered = moment_of(frappe.utils.get_datetime(doc.order_datetime)).date()
    return _plan(doc, templates, _due_of(doc), ordered, doc.currency)


def overdue(filters: Mapping[str, Any], limit: int) -> list[dict[str, Any]]:
    """Return instalments that are not paid and that the user may read, the oldest first, with how long they have been overdue.

    Filters: customer, shop, company, as_of (a day; left out: today), with_not_due (also those that are not overdue yet).
    """
    frappe.has_permission("Order Instalment", "read", throw=True)
    day = day_in(filters["as_of"], "Date") if filters.get("as_of") else None
    today = day or frappe.utils.now_datetime().date()
    wanted = {field: filters[field] for field in ("customer", "shop", "company") if filters.get(field)}
    until = {} if frappe.utils.cint(filters.get("with_not_due")) else {"due_date": ("<", today)}
    return [_aged(row, today) for row in store.list_unpaid({**wanted, **until}, limit)]


def _aged(row: Any, today: date) -> dict[str, Any]:
    due = frappe.utils.getdate(row.due_date)
    one = Instalment(int(row.number), due, decimal_of(row.amount), decimal_of(row.paid_amount))
    days = rules.overdue_days(one, today)
    return {**row, "overdue_days": days, "age": rules.age_class(days)}
