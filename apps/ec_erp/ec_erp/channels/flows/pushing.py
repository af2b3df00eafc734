"""Orders that a shop pushes: kept as they came, made into sales orders once, and followed when they change.

Invariants: an order of a shop is taken once, however often it is pushed; a push that is not newer than what is known
changes nothing; one that can't be used stops no other; the payload stays as it was sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import frappe

from ec_erp.channels import store
from ec_erp.channels.errors import PushRefused
from ec_erp.channels.flows.following import follow_changes
from ec_erp.channels.flows.listings import listings_for
from ec_erp.channels.flows.masking import masked_receiver
from ec_erp.channels.rules import pushed as rules
from ec_erp.channels.rules.pushed import PushedLine, PushedOrder, Unusable
from ec_erp.documents.errors import refuse, refuse_with, text_of
from ec_erp.documents.sets import insert_many
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.problems import N_, problem
from ec_erp.kernel.times import moment_of
from ec_erp.orders import store as orders_store
from ec_erp.orders.flows.context import order_settings
from ec_erp.orders.flows.mapping import unit_price
from ec_erp.orders.store import platform_key

MOST_PER_CALL = 500
_SAVEPOINT = "ec_erp_push"
CREATED, UPDATED, UNCHANGED, FAILED = "created", "updated", "unchanged", "failed"


@dataclass
class Taken:
    """What became of one pushed order."""

    order_id: str
    state: str
    sales_orders: list[str] = field(default_factory=list)
    message: str = ""


@dataclass(frozen=True)
class _Push:
    order: PushedOrder
    payload: Any


def push_orders(shop: str, payloads: Sequence[Any]) -> list[Taken]:
    """Take pushed orders; return what became of each, in their order.

    Raises ``PushRefused`` for an unknown or disabled shop and for more than 500 orders at once.
    """
    terms = checked_shop(shop)
    refuse_too_many(payloads)
    now = moment_of(frappe.utils.now_datetime())
    taken: dict[int, Taken] = {}
    pushes: dict[int, _Push] = {}
    for at, payload in enumerate(payloads):
        try:
            pushes[at] = _Push(rules.read_order(payload, now), payload)
        except Unusable as unusable:
            given = str(payload.get("id") or "") if isinstance(payload, Mapping) else ""
            taken[at] = Taken(given, FAILED, message="; ".join(text_of(one) for one in unusable.problems))
    known = store.lock_platform_orders(terms, [push.order.order_id for push in pushes.values()])
    new: dict[str, int] = {}
    for at, push in pushes.items():
        if push.order.order_id not in known and push.order.order_id not in new:
            new[push.order.order_id] = at
    taken |= _create(terms, {at: pushes[at] for at in new.values()})
    known |= store.lock_platform_orders(terms, list(new))
    for at, push in pushes.items():
        if at not in taken:
            taken[at] = _update(terms, push, known.get(push.order.order_id))
    return [taken[at] for at in range(len(payloads))]


def checked_shop(shop: str) -> str:
    """Return the name of an enabled shop. Raises ``PushRefused`` for another one."""
    known = orders_store.load_shops([shop]).get(shop.casefold())
    if known is None or not known.enabled:
        refuse_with([problem(N_("The shop {0} does not exist or is disabled"), shop)], PushRefused)
    return known.name


def refuse_too_many(payloads: Sequence[Any]) -> None:
    """Raise ``PushRefused`` for more than one call may carry."""
    found = len(payloads) > MOST_PER_CALL
    refuse([problem(N_("No more than {0} at once"), MOST_PER_CALL)] if found else [], PushRefused)


def _create(shop: str, pushes: Mapping[int, _Push]) -> dict[int, Taken]:
    """Keep new orders and make sales orders of them: all together, or one by one where that is refused."""
    if not pushes:
        return {}
    together = _try(shop, list(pushes.values()))
    if isinstance(together, list):
        return dict(zip(pushes, together, strict=True))
    taken = {}
    for at, push in pushes.items():
        alone = _try(shop, [push])
        taken[at] = alone[0] if isinstance(alone, list) else _keep_failed(shop, push, alone)
    return taken


def _try(shop: str, pushes: Sequence[_Push]) -> list[Taken] | str:
    """Create orders in a savepoint; return what became of them, or why that is refused."""
    frappe.db.savepoint(_SAVEPOINT)
    try:
        taken = _make(shop, pushes)
    except (frappe.ValidationError, frappe.DoesNotExistError) as refused:
        frappe.db.rollback(save_point=_SAVEPOINT)
        frappe.clear_messages()
        return frappe.utils.strip_html(str(refused))
    frappe.db.release_savepoint(_SAVEPOINT)
    return taken


def _make(shop: str, pushes: Sequence[_Push]) -> list[Taken]:
    documents = {push.order.order_id: document_of(shop, push.order) for push in pushes if _is_wanted(push.order)}
    _fill(shop, [push.order for push in pushes if push.order.order_id in documents], documents)
    insert_many(list(documents.values()), submit=True)
    names = {order_id: [str(document.name)] for order_id, document in documents.items()}
    insert_many([_kept(shop, push, names.get(push.order.order_id, []), "") for push in pushes])
    return [Taken(push.order.order_id, CREATED, names.get(push.order.order_id, [])) for push in pushes]


def _is_wanted(order: PushedOrder) -> bool:
    """Tell whether an order seen for the first time is still to be handled: cancelled and finished ones are only kept."""
    return order.status in (rules.UNPAID, rules.PAID)


def document_of(shop: str, order: PushedOrder) -> Any:
    """Return the sales order of a pushed order, without its lines."""
    receiver = order.receiver
    return frappe.get_doc(
        {
            "doctype": "Sales Order",
            "shop": shop,
            "origin": "Channel",
            "platform_order_id": order.order_id,
            "order_datetime": order.created,
            "paid_datetime": rules.paid_at(order),
            "payment_type": order.payment_type or "Prepaid",
            "deposit_amount": float(order.deposit),
            "shipping_fee": float(order.shipping_fee),
            "discount_amount": float(order.discount),
            "buyer_message": order.buyer_message,
            "seller_remark": order.seller_remark,
            "ship_by": order.ship_by,
            "buyer_key": rules.buyer_key(shop, order),
            **masked_receiver(receiver),
        }
    )


def _fill(shop: str, orders: Sequence[PushedOrder], documents: Mapping[str, Any]) -> None:
    """Give sales orders their lines, buyers, and what is wrong with their amounts."""
    listings = listings_for(shop, [line for order in orders for line in order.lines]) if orders else {}
    buyers = _buyers(shop, orders)
    checks = bool(order_settings().check_amounts)
    for order in orders:
        document = documents[order.order_id]
        document.flags.ignore_permissions = True
        document.customer = buyers.get(order.buyer_id)
        for line in order.lines:
            document.append("items", line_values(line, listings[line.item_id, line.sku_id]))
        if checks and order.total is not None and order.total != order.expected_total:
            note = f"{order.expected_total} / {order.total}"
            document.append("blocks", {"code": "Amount Mismatch", "source": "platform", "note": note})


def line_values(line: PushedLine, listing: Any) -> dict[str, Any]:
    """Return the line of a sales order; without a matching listing it has no SKU yet."""
    units = decimal_of(listing.multiplier) if listing.sku else decimal_of(1)
    return {
        "sku": listing.sku,
        "qty": float(line.qty * units),
        "rate": float(unit_price(line.price, units)),
        "discount_amount": float(line.discount),
        "is_gift": int(line.is_gift),
        "is_presale": int(line.is_presale),
        "platform_line_id": line.line_id,
        "platform_item_id": line.item_id,
        "platform_sku_id": line.sku_id,
        "platform_title": line.title,
    }


def _buyers(shop: str, orders: Sequence[PushedOrder]) -> dict[str, str]:
    """Return the customers of buyers by the platform's id; those not known yet are made."""
    names = {order.buyer_id: order.buyer_name for order in orders if order.buyer_id}
    known = store.load_buyers(shop, names)
    new = {
        buyer: f"{rules.masked_name(name)} {buyer}".strip()[:140] for buyer, name in names.items() if buyer not in known
    }
    taken = store.load_taken_names(new.values())
    documents = {
        buyer: frappe.get_doc(
            {
                "doctype": "Customer",
                "customer_name": _of_shop(name, shop) if name.casefold() in taken else name,
                "shop": shop,
                "buyer_id": buyer,
            }
        )
        for buyer, name in new.items()
    }
    for document in documents.values():
        document.flags.ignore_permissions = True
    insert_many(list(documents.values()))
    return known | {buyer: str(document.name) for buyer, document in documents.items()}


def _of_shop(name: str, shop: str) -> str:
    """Tell a buyer from one of another shop who bears the same name and id: platforms number their buyers each for itself."""
    ending = f" ({shop})"[:100]
    return name[: 140 - len(ending)] + ending


def _kept(shop: str, push: _Push, sales_orders: Sequence[str], error: str) -> Any:
    document = frappe.get_doc(
        {
            "doctype": "Platform Order",
            "shop": shop,
            "platform_order_id": push.order.order_id,
            "order_key": platform_key(shop, push.order.order_id),
            "platform_status": push.order.status,
            "platform_modified": push.order.modified,
            "process_state": "Failed" if error else "Done",
            "error": error or None,
            "sales_orders": ", ".join(sales_orders),
            "payload": frappe.as_json(push.payload, indent=None),
        }
    )
    document.flags.ignore_permissions = True
    return document


def _keep_failed(shop: str, push: _Push, reason: str) -> Taken:
    """Keep an order that could not be taken over; pushing it again tries again."""
    insert_many([_kept(shop, push, [], reason)])
    return Taken(push.order.order_id, FAILED, message=reason)


def _update(shop: str, push: _Push, known: Any) -> Taken:
    """Follow a push of an order that is known."""
    order = push.order
    if known is None:
        return Taken(order.order_id, FAILED, message=frappe._("It came twice and could not be taken over"))
    if known.process_state == "Failed":
        return _again(shop, push, known)
    before = _known_order(known)
    names = [name for name in (known.sales_orders or "").split(", ") if name]
    if order.modified <= moment_of(frappe.utils.get_datetime(known.platform_modified)):
        return Taken(order.order_id, UNCHANGED, names)
    happened = rules.changes(before, order)
    state, message = UPDATED, ""
    frappe.db.savepoint(_SAVEPOINT)
    try:
        message = "; ".join(follow_changes(shop, order, happened))
        store.update_platform_order(known, order, push.payload, happened)
    except frappe.ValidationError as refused:
        frappe.db.rollback(save_point=_SAVEPOINT)
        frappe.clear_messages()
        state, message = FAILED, frappe.utils.strip_html(str(refused))
    return Taken(order.order_id, state, names, message)


def _known_order(known: Any) -> PushedOrder:
    payload = frappe.parse_json(known.payload)
    return rules.read_order(payload, moment_of(frappe.utils.get_datetime(known.platform_modified)))


def _again(shop: str, push: _Push, known: Any) -> Taken:
    """Try an order again that could not be taken over before."""
    store.delete_platform_order(known.name)
    result = _try(shop, [push])
    return result[0] if isinstance(result, list) else _keep_failed(shop, push, result)
