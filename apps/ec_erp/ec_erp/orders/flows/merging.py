"""Merging orders of one buyer at one address into one parcel, and undoing it.

Invariant: merged orders end here and stay linked to the one they went into; undoing brings them back as they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from ec_erp.documents.errors import refuse
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, Problem, problem, words
from ec_erp.orders import store
from ec_erp.orders.errors import OrderNotReady
from ec_erp.orders.flows import deriving, preparing, reserving
from ec_erp.orders.flows.context import Run, start_run
from ec_erp.orders.flows.drafting import RECEIVER_PARTS
from ec_erp.orders.flows.facts import facts_of
from ec_erp.orders.flows.working import WorkingOrder, lock_orders, write_orders
from ec_erp.orders.rules import blocks, machine, rulebook
from ec_erp.orders.rules.merging import MergeCandidate, merge_groups

MERGEABLE = (machine.TO_PROCESS, machine.TO_AUDIT)


def merge(orders: Sequence[WorkingOrder], run: Run) -> list[WorkingOrder]:
    """Merge orders whose shops want it with those they belong to; return all that were merged (others from the database, too)."""
    asking = [order for order in orders if _joins(order, run)]
    if not asking:
        return []
    own = {order.name: order for order in orders}
    others = store.load_mergeable({order.merge_key for order in asking}, MERGEABLE)
    locked = lock_orders([name for name in others if name not in own])
    groups = _groups([order for order in (*orders, *locked) if _joins(order, run)], run)
    merged = [order for group in groups for order in group]
    if groups:
        # Who is taken along while it still waited has not been given what it has earned.
        waiting = [order for order in merged if order.name not in own and order.status == machine.TO_PROCESS]
        preparing.give([order for order in waiting if order.origin not in (deriving.MERGED, deriving.SPLIT)], run)
        into_one(groups, run)
        write_orders([order for order in merged if order.name not in own], run.now)
    return merged


def _groups(orders: Sequence[WorkingOrder], run: Run) -> list[list[WorkingOrder]]:
    """Return the groups of orders that go into one each; those that a rule keeps apart are left out."""
    known = {order.name: order for order in orders}
    apart = _refused_by_rule(orders, run)
    candidates = [
        MergeCandidate(order.name, order.merge_key, order.moment("order_datetime") or run.now, order.warehouse or "")
        for order in orders
        if order.name not in apart
    ]
    window = timedelta(minutes=int(run.settings.merge_window_minutes or 0))
    return [[known[name] for name in names] for names in merge_groups(candidates, window)]


def _joins(order: WorkingOrder, run: Run) -> bool:
    """Tell whether an order is merged by itself: it may be, and its shop wants it."""
    return _may(order, run) and _auto(order, run)


def _auto(order: WorkingOrder, run: Run) -> bool:
    terms = run.terms(order)
    if terms is None and order.shop:
        run.shops.update(store.load_shops([order.shop]))
        terms = run.terms(order)
    return terms is not None and terms.auto_merge


def _may(order: WorkingOrder, run: Run) -> bool:
    return (
        bool(order.merge_key)
        and machine.can(order.status, machine.MERGE, run.facts(order))
        and not blocks.blocking(order.codes)
    )


def _refused_by_rule(orders: Sequence[WorkingOrder], run: Run) -> set[str]:
    if not run.book.of(rulebook.MERGE):
        return set()
    known = facts_of(orders, run)
    found = {name: rulebook.matches(run.book, rulebook.MERGE, facts, run.now) for name, facts in known.items()}
    return {name for name, matching in found.items() if rulebook.actions_of(matching, rulebook.DO_NOT_MERGE)}


def into_one(groups: Sequence[Sequence[WorkingOrder]], run: Run) -> list[Any]:
    """Make one order of each group; the orders of the group end as merged. Returns the new documents."""
    everything = [order for group in groups for order in group]
    secrets = deriving.secrets_of(group[0] for group in groups)
    reserving.release(everything)
    documents = [_document(group, secrets[group[0].name], _keeps_gifts(group, run)) for group in groups]
    deriving.derive(documents)
    for group, document in zip(groups, documents, strict=True):
        for order in group:
            order.step(machine.MERGE, run.facts(order))
            order.put(merged_into=document.name)
            others = ", ".join(other.name for other in group if other is not order)
            order.explain(rulebook.MERGE, N_("Merged with {0} into {1}"), [others, document.name])
    return documents


def _keeps_gifts(group: Sequence[WorkingOrder], run: Run) -> bool:
    return not run.settings.get("gifts_after_merge") or any(order.gifts_by_hand for order in group)


def _document(group: Sequence[WorkingOrder], secret: dict[str, Any], keeps_gifts: bool) -> Any:
    items = [
        deriving.line_of(order, row, decimal_of(row.qty), deriving.money_of(row))
        for order in group
        for row in order.lines
    ]
    messages = dict.fromkeys(order.buyer_message for order in group if order.buyer_message)
    remarks = dict.fromkeys(order.seller_remark for order in group if order.seller_remark)
    return deriving.new_order(
        group,
        deriving.MERGED,
        secret,
        items=items,
        discount_amount=_total(group, "discount_amount"),
        shipping_fee=_total(group, "shipping_fee"),
        deposit_amount=_total(group, "deposit_amount"),
        charges=deriving.charges_of(group),
        buyer_message="\n".join(messages),
        seller_remark="\n".join(remarks),
        ship_by=min((order.ship_by for order in group if order.ship_by), default=None),
        sealed=0,
        gifts_by_hand=int(keeps_gifts),
    )


def _total(group: Sequence[WorkingOrder], field: str) -> float:
    return float(sum((order.decimal(field) for order in group), ZERO))


def merge_orders(names: Iterable[str], why: str = "") -> Any:
    """Merge orders by hand; return the new document.

    Raises ``OrderNotReady`` where they are not for one buyer at one address, out of one warehouse, or may not be merged.
    """
    orders, run = _load_alike(names)
    for order in orders:
        order.why = why
    (document,) = into_one([orders], run)
    write_orders(orders, run.now)
    return document


def preview_merge(names: Iterable[str]) -> dict[str, Any]:
    """Return what merging orders by hand would come to, with nothing changed; raises as ``merge_orders`` does.

    Keys: orders (``name``, ``units``, ``grand_total``, ``hold_until`` each), units, grand_total, currency, warehouse.
    """
    orders, _ = _load_alike(names)
    rows = [
        {
            "name": order.name,
            "units": float(sum((decimal_of(row.qty) for row in order.lines), ZERO)),
            "grand_total": float(order.decimal("grand_total")),
            "hold_until": order.hold_until or None,
        }
        for order in orders
    ]
    return {
        "orders": rows,
        "units": sum(row["units"] for row in rows),
        "grand_total": _total(orders, "grand_total"),
        "currency": orders[0].currency,
        "warehouse": orders[0].warehouse,
    }


def _load_alike(names: Iterable[str]) -> tuple[list[WorkingOrder], Run]:
    """Return orders, locked, that may become one; raises ``OrderNotReady`` saying in what the others differ."""
    orders = lock_orders(names)
    run = start_run(orders)
    refuse([_why_not(order) for order in orders if not _may(order, run)], OrderNotReady)
    if len(orders) < 2:
        refuse([problem(N_("Choose at least two orders of one buyer"))], OrderNotReady)
    refuse([found for other in orders[1:] for found in _unlike(orders[0], other, run)], OrderNotReady)
    return orders, run


def _unlike(order: WorkingOrder, other: WorkingOrder, run: Run) -> list[Problem]:
    """Return in what two orders differ that are to be one; nothing where they do not."""
    if (order.merge_key, order.warehouse) == (other.merge_key, other.warehouse):
        return []
    of_order, of_other = _told_apart_by(order, run), _told_apart_by(other, run)
    labels = [label for label, value in of_order.items() if value != of_other[label]] or [N_("Payment Terms")]
    message = N_("{0} and {1} can't be merged: they differ in {2}")
    return [problem(message, order.name, other.name, words(*labels))]


def _told_apart_by(order: WorkingOrder, run: Run) -> dict[str, Any]:
    """Return what orders that become one have in common, by the label of it."""
    terms = run.terms(order)
    receiver = [" ".join((getattr(order, f"receiver_{part}") or "").split()).casefold() for part in RECEIVER_PARTS]
    return {
        N_("Company"): order.company,
        N_("Shop"): (terms.merge_group or terms.name) if terms else "",
        N_("Customer"): order.buyer_key or order.customer,
        N_("Payment Type"): order.payment_type,
        N_("Receiver"): receiver,
        N_("Warehouse"): order.warehouse,
    }


def _why_not(order: WorkingOrder) -> Problem:
    stopped = blocks.blocking(order.codes)
    if stopped:
        return problem(N_("The order {0} cannot be merged: it is stopped by {1}"), order.name, words(*stopped))
    if order.merge_key and not order.sealed:
        return problem(N_("The order {0} cannot be merged: it is {1}"), order.name, words(order.status))
    if order.sealed:
        return problem(
            N_("The order {0} cannot be merged: it is sealed. Take off “Sealed” on the order and save it first"),
            order.name,
        )
    message = N_(
        "The order {0} cannot be merged: its receiver has no name or no address. Fill them in with “Edit Receiver”"
    )
    return problem(message, order.name)


def parents_of(name: str) -> list[WorkingOrder]:
    """Return the orders that were merged into one, locked."""
    return lock_orders(store.load_children("merged_into", [name]).get(name, []))
