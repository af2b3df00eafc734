"""Following what changes on a platform: payments, cancellations, addresses, remarks, items, shipments, refunds.

Invariant: what the warehouse has already is stopped and looked at by a person; what it does not have changes by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.catalog import store as catalog_store
from ec_erp.channels import store
from ec_erp.channels.flows.masking import masked_receiver
from ec_erp.channels.rules import pushed as rules
from ec_erp.channels.rules.pushed import PushedOrder, PushedRefund
from ec_erp.documents.sets import cancel_many
from ec_erp.kernel.numbers import ZERO, decimal_of, plain
from ec_erp.kernel.problems import N_
from ec_erp.orders import flows as orders
from ec_erp.orders.flows.editing import edit_order
from ec_erp.orders.rules import machine

_SYSTEM = ("System Manager",)
FREE = (*machine.WAITING, *machine.PREPARING)


def follow_changes(shop: str, order: PushedOrder, happened: Sequence[str]) -> list[str]:
    """Do what the changes of a platform's order ask for; return what was done, in the user's language."""
    done: list[str] = []
    for change in happened:
        live: Mapping[str, str] = store.load_live_orders(
            shop, order.order_id
        )  # a step may have merged, split or ended them
        if change in _APART:
            live = _take_apart(shop, order.order_id, live)
        done += _FOLLOW[change](live, order)
    return done


def _take_apart(shop: str, order_id: str, live: Mapping[str, str]) -> Mapping[str, str]:
    """Undo merges with other orders of the platform, as far as the warehouse does not have them; return what is live then."""
    merged = [name for name in store.load_shared(live, order_id) if live[name] in FREE]
    for name in merged:
        orders.undo_merge(name, order_id)
    return store.load_live_orders(shop, order_id) if merged else live


def _pay(live: Mapping[str, str], order: PushedOrder) -> list[str]:
    waiting = [name for name, status in live.items() if status in machine.WAITING]
    if waiting:
        orders.pay_orders(waiting, rules.paid_at(order))
    return [frappe._("paid")] if waiting else []


def _cancel(live: Mapping[str, str], order: PushedOrder) -> list[str]:  # noqa: ARG001  the table's shape
    return _end_or_stop(live, "Platform Cancelled", "")


def _end_or_stop(live: Mapping[str, str], code: str, note: str) -> list[str]:
    free = [name for name, status in live.items() if status in FREE]
    busy = [name for name, status in live.items() if status in machine.RELEASED]
    _cancel_documents(free)
    orders.block_orders(dict.fromkeys(busy, note), code, "platform")
    return [frappe._("cancelled")] * bool(free) + [frappe._("stopped")] * bool(busy)


def _cancel_documents(names: Sequence[str]) -> None:
    documents = [frappe.get_doc("Sales Order", name) for name in names]
    for document in documents:
        document.flags.ignore_permissions = True
    cancel_many(documents)


def _address(live: Mapping[str, str], order: PushedOrder) -> list[str]:
    """Take a new address over; what the warehouse has is stopped with it, unless other orders go along in the parcel."""
    code, receiver = "Address Changed", masked_receiver(order.receiver)
    free, busy = _free_and_busy(live)
    _edit(free, receiver, code)
    shared = set(store.load_shared(busy, order.order_id))
    orders.block_orders(
        dict.fromkeys(busy, _place(receiver)),
        code,
        "platform",
        changes={name: receiver for name in busy if name not in shared},
    )
    return [frappe._("edited")] * bool(free) + [frappe._("stopped")] * bool(busy)


def _place(receiver: Mapping[str, Any]) -> str:
    parts = ("province", "city", "district", "address", "name", "phone")
    return " ".join(str(receiver[f"receiver_{part}"] or "") for part in parts).strip()[:140]


def _remark(live: Mapping[str, str], order: PushedOrder) -> list[str]:
    return _write_and_stop(live, "seller_remark", order.seller_remark, "Remark Changed")


def _message(live: Mapping[str, str], order: PushedOrder) -> list[str]:
    return _write_and_stop(live, "buyer_message", order.buyer_message, "Buyer Message Changed")


def _write_and_stop(live: Mapping[str, str], field: str, text: str, code: str) -> list[str]:
    """Write a new text on orders; who packs has seen the old one, so what the warehouse has is stopped, too."""
    free, busy = _free_and_busy(live)
    _edit([*free, *busy], {field: text}, code)
    orders.block_orders(dict.fromkeys(busy, (text or "")[:140]), code, "platform")
    return [frappe._("edited")] * bool(free) + [frappe._("stopped")] * bool(busy)


def _free_and_busy(live: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return the orders that the warehouse does not have, and those that it has."""
    free = [name for name, status in live.items() if status in FREE]
    return free, [name for name, status in live.items() if status in machine.RELEASED]


def _edit(names: Sequence[str], changes: Mapping[str, Any], code: str) -> None:
    for name in names:
        edit_order(name, changes, why=frappe._(code), roles=_SYSTEM)


def _items(live: Mapping[str, str], order: PushedOrder) -> list[str]:  # noqa: ARG001  the table's shape
    return _stop(live, "Item Changed")


def _shipment(live: Mapping[str, str], order: PushedOrder) -> list[str]:  # noqa: ARG001  the table's shape
    return _stop(live, "Shipped Elsewhere")


def _stop(live: Mapping[str, str], code: str) -> list[str]:
    stopped = orders.block_orders(
        {name: "" for name, status in live.items() if status in machine.LIVE}, code, "platform"
    )
    return [frappe._("stopped")] * bool(stopped)


def _finish(live: Mapping[str, str], order: PushedOrder) -> list[str]:  # noqa: ARG001  the table's shape
    shipped = [name for name, status in live.items() if status == machine.SHIPPED]
    orders.finish_orders(shipped)
    return [frappe._("done")] * bool(shipped) + _stop(live, "Shipped Elsewhere")


_FOLLOW: Mapping[str, Callable[[Mapping[str, str], PushedOrder], list[str]]] = {
    rules.PAYMENT: _pay,
    rules.CANCEL: _cancel,
    rules.ADDRESS: _address,
    rules.REMARK: _remark,
    rules.MESSAGE: _message,
    rules.ITEMS: _items,
    rules.SHIPMENT: _shipment,
    rules.FINISH: _finish,
}
_APART = (rules.CANCEL, rules.ADDRESS)
TEXTS = (N_("paid"), N_("cancelled"), N_("stopped"), N_("edited"), N_("done"), N_("goes on"), N_("kept"))


def follow_refund(shop: str, refund: PushedRefund) -> list[str]:
    """Do what a refund asks for; return what was done, in the user's language.

    Applied for: the orders stop. Agreed before they leave: what is refunded is taken out, all of it cancels the order.
    Withdrawn or refused: they go on. What has left is for after-sales: the refund is kept.
    """
    live = store.load_live_orders(shop, refund.order_id)
    if refund.status in (rules.AGREED, rules.SUCCESS):
        live = dict(_take_apart(shop, refund.order_id, live))
    held = {name: status for name, status in live.items() if status in machine.LIVE}
    if not held:
        return [frappe._("kept")]
    if refund.status == rules.APPLIED:
        orders.block_orders(dict.fromkeys(held, refund.refund_id), "Refund Applied", "platform")
        return [frappe._("stopped")]
    if refund.status in (rules.WITHDRAWN, rules.REFUSED):
        orders.unblock_orders(held, "Refund Applied", refund.status)
        return [frappe._("goes on")]
    return _refunded(shop, refund, held)


def _refunded(shop: str, refund: PushedRefund, held: Mapping[str, str]) -> list[str]:
    lines = store.load_lines_of(held, refund.order_id)
    goods = [row for row in lines if not row.is_gift]
    share = _shared_out(refund, shop, lines)
    whole = not refund.lines or all(_taken(share, row) >= decimal_of(row.qty) for row in goods)
    if whole and not any(decimal_of(row.delivered_qty) for row in lines):
        return _end_or_stop(held, "Refund Agreed", refund.refund_id)
    if not refund.lines:
        share = _everything_open(lines)
    busy = {name for name in share if held[name] in machine.RELEASED}
    notes = dict.fromkeys(sorted(busy), refund.refund_id)
    orders.block_orders(notes, "Refund Agreed", "platform", {name: _as_text(share[name]) for name in busy})
    for name in sorted(set(share) - busy):
        orders.refund_lines(name, share[name], refund.refund_id)
    return [frappe._("edited")] * bool(set(share) - busy) + [frappe._("stopped")] * bool(busy)


_Share = dict[str, dict[str, Decimal]]


def _shared_out(refund: PushedRefund, shop: str, lines: Sequence[Any]) -> _Share:
    """Return what a refund takes out, as {order: {line: quantity in stock units}}; what one line has not, the next one gives.

    A platform counts items: one may be several units, or a combo of which every component goes.
    """
    units = units_per_item(shop, lines)
    left = {
        (row.platform_line_id, row.sku): refund.lines[row.platform_line_id] * units[row.name]
        for row in lines
        if row.platform_line_id in refund.lines
    }
    share: _Share = {}
    for row in lines:
        key = (row.platform_line_id, row.sku)
        taken = min(left.get(key, ZERO), _open(row))
        if taken > 0:
            left[key] -= taken
            share.setdefault(row.parent, {})[row.name] = taken
    return share


def units_per_item(shop: str, lines: Sequence[Any]) -> dict[str, Decimal]:
    """Return how many stock units of each line's SKU one item of the platform is, by the line's name."""
    listings = store.load_listings(
        shop, {(row.platform_item_id, row.platform_sku_id or "") for row in lines if row.platform_item_id}
    )
    combos = catalog_store.load_combos({row.combo_sku for row in lines if row.combo_sku})
    inside = {(combo, part.sku): part.qty for combo, parts in combos.items() for part in parts}
    found = {}
    for row in lines:
        listing = listings.get((row.platform_item_id, row.platform_sku_id or ""))
        units = decimal_of(listing.multiplier) if listing and row.sku else Decimal(1)
        found[row.name] = units * inside.get((row.combo_sku, row.sku), Decimal(1))
    return found


def _everything_open(lines: Sequence[Any]) -> _Share:
    share: _Share = {}
    for row in [row for row in lines if _open(row) > 0]:
        share.setdefault(row.parent, {})[row.name] = _open(row)
    return share


def _taken(share: _Share, row: Any) -> Decimal:
    return share.get(row.parent, {}).get(row.name, ZERO)


def _open(row: Any) -> Decimal:
    return max(ZERO, decimal_of(row.qty) - decimal_of(row.delivered_qty) - decimal_of(row.refunded_qty))


def _as_text(lines: Mapping[str, Decimal]) -> dict[str, str]:
    return {line: plain(qty) for line, qty in lines.items()}
