"""Telling shops how much of their listings they may sell: noticing what has changed, handing out, confirming.

Invariants: each change of what is to be published raises the listing's counter; a confirmation of an older counter leaves
it open; nothing here is in the path of an order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.catalog import store as catalog_store
from ec_erp.channels import store
from ec_erp.channels.errors import PushRefused
from ec_erp.channels.flows import telling
from ec_erp.channels.flows.returning import returns_on_the_way
from ec_erp.channels.rules import escrow
from ec_erp.channels.rules import publishing as rules
from ec_erp.channels.rules.publishing import FAILED, PAUSED, PUBLISHED, SENT, WAITING, Epoch, Offer, Policy, Published
from ec_erp.channels.rules.writing_back import LEASE_MINUTES, MOST_TRIES, next_try
from ec_erp.channels.store import writes
from ec_erp.documents.errors import refuse, refuse_with, text_of
from ec_erp.inventory import flows as inventory
from ec_erp.inventory import store as inventory_store
from ec_erp.inventory.rules import availability
from ec_erp.inventory.types import Balance, Quota, StockKey
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, problem
from ec_erp.kernel.times import moment_of
from ec_erp.orders import store as orders_store

AT_ONCE = 1000
_LAST_TOLD = 10
# How long a transaction may be open that has changed stock already: what is younger may not be seen yet.
_UNSEEN_MINUTES = 10


@dataclass(frozen=True)
class Stock:
    """What is sellable for a shop: balances and quotas by key, components of combos, its warehouses and channel group."""

    balances: Mapping[StockKey, Balance]
    quotas: Mapping[StockKey, list[Quota]]
    combos: Mapping[str, list[tuple[str, Decimal]]]
    warehouses: tuple[str, ...]
    group: str
    returning: Mapping[StockKey, Decimal] = field(default_factory=dict)

    def sellable(self, offer: Offer, policy: Policy) -> Decimal:
        """Return the units that a policy's warehouses have of a listing's SKU together."""
        places = policy.warehouses or self.warehouses
        return sum((self._in_one(offer.sku, place, policy) for place in places), ZERO)

    def _in_one(self, sku: str, warehouse: str, policy: Policy) -> Decimal:
        if sku not in self.combos:
            return self._plain(sku, warehouse, policy)
        parts = self.combos[sku]
        return availability.combo_sellable(parts, {one: self._plain(one, warehouse, policy) for one, _ in parts})

    def _plain(self, sku: str, warehouse: str, policy: Policy) -> Decimal:
        key = StockKey(sku, warehouse)
        balance = self.balances.get(key)
        if balance is None:
            return ZERO
        more = rules.counted_besides(policy, balance, self.returning.get(key, ZERO))
        return availability.sellable(balance, self.quotas.get(key, ()), self.group, incoming=more).value


def look_at_stock(shop: str) -> int:
    """Find what has changed for a shop's listings and put it into the queue; return how many changes that were.

    What is kept for the shop's strict listings is settled.
    """
    changed = _look_at_all(shop)
    telling.look_at_strict(shop)
    return changed


def _look_at_all(shop: str) -> int:
    now = moment_of(frappe.utils.now_datetime())
    store.delete_stock_pushes(store.load_unmatched(shop))
    changed = 0
    while rows := store.load_offers_to_look_at(shop, now - timedelta(minutes=_UNSEEN_MINUTES), AT_ONCE):
        changed += _look(shop, rows, now)
    return changed


def _look(shop: str, rows: Sequence[Any], now: datetime) -> int:
    offers = {row.name: store.offer_of(row) for row in rows}
    policies = store.load_policies()
    with_returns = any(policy.with_returns for policy in policies)
    stock = stock_of(shop, {offer.sku for offer in offers.values()}, with_returns=with_returns)
    wanted = {name: _wanted(offer, policies, stock) for name, offer in offers.items()}
    known = store.lock_stock_pushes(offers)
    titles = {row.name: row.title for row in rows}
    new = [_new_row(offers[name], titles[name], *wanted[name], now) for name in offers if name not in known]
    store.insert_stock_pushes(new)
    strict = {name for name in known if wanted[name][0].strict}
    store.write_stock_pushes({name: _to_strict(offers[name], wanted[name][0], now) for name in strict})
    changes = {
        name: _looked(row, offers[name], *wanted[name], now) for name, row in known.items() if name not in strict
    }
    store.write_stock_pushes(changes)
    raised = [name for name, change in changes.items() if change["change_count"] != int(known[name].change_count)]
    return len(new) + len(raised)


def _to_strict(offer: Offer, policy: Policy, now: datetime) -> dict[str, Any]:
    """Return what a look writes for a listing whose goods are kept for its shop: what it is to show is divided elsewhere."""
    looked = now - timedelta(minutes=_UNSEEN_MINUTES)
    return {"mode": escrow.STRICT, "sku": offer.sku, "policy": policy.name or None, "looked_at": looked}


def _wanted(offer: Offer, policies: Sequence[Policy], stock: Stock) -> tuple[Policy, Published]:
    policy = rules.policy_for(offer, policies)
    return policy, rules.published(offer, policy, stock.sellable(offer, policy))


def stock_of(shop: str, skus: Iterable[str], *, with_returns: bool = False) -> Stock:
    """Load what is sellable of SKUs (combos by their components) for a shop, what is on its way back where it is asked for."""
    wanted = set(skus)
    combos = catalog_store.load_combos(wanted)
    parts = {code: [(part.sku, part.qty) for part in found] for code, found in combos.items()}
    balances = inventory_store.load_balances_of(wanted | {sku for found in parts.values() for sku, _ in found})
    terms = orders_store.load_shops([shop])[shop.casefold()]
    group = inventory.groups_of_shops([shop]).get(shop, "")
    quotas: dict[StockKey, list[Quota]] = {}
    for quota in inventory_store.load_quotas(balances) if group else ():
        quotas.setdefault(quota.key, []).append(quota)
    warehouses = tuple(row["name"] for row in orders_store.load_sources([terms.company]))
    returning = returns_on_the_way({key.sku for key in balances}) if with_returns else {}
    return Stock(balances, quotas, parts, warehouses, group, returning)


def _new_row(offer: Offer, title: str, policy: Policy, wanted: Published, now: datetime) -> dict[str, Any]:
    return {
        "name": offer.listing,
        "listing": offer.listing,
        "title": title,
        "shop": offer.shop,
        "sku": offer.sku,
        "status": PAUSED if policy.paused else WAITING,
        "mode": escrow.STRICT if policy.strict else escrow.SHARED,
        "wanted_qty": 0.0 if policy.strict else float(wanted.qty),
        "published_qty": 0.0,
        "policy": policy.name or None,
        "change_count": 1,
        "acknowledged_count": 0,
        "priority": 1,
        "attempts": 0,
        "changed_at": now,
        "looked_at": now - timedelta(minutes=_UNSEEN_MINUTES),
    }


def _looked(row: Any, offer: Offer, policy: Policy, wanted: Published, now: datetime) -> dict[str, Any]:
    """Return what a look at a listing writes: a higher counter where what is to be published has changed."""
    epoch = _epoch(row)
    before = decimal_of(row.wanted_qty)
    changed = wanted.qty != before or row.sku != offer.sku or row.mode == escrow.STRICT
    after = rules.raised(epoch) if changed else epoch
    return {
        "mode": escrow.SHARED,
        "sku": offer.sku,
        "policy": policy.name or None,
        "wanted_qty": float(wanted.qty),
        "change_count": after.counter,
        "status": _status(row.status, after, policy, changed=changed),
        **_urgency(row, wanted, now, changed=changed),
        "looked_at": now - timedelta(minutes=_UNSEEN_MINUTES),
    }


def _status(before: str, epoch: Epoch, policy: Policy, *, changed: bool) -> str:
    if policy.paused:
        return PAUSED
    if changed or (before == PAUSED and epoch.dirty):
        return WAITING
    return PUBLISHED if before == PAUSED else before


def _urgency(row: Any, wanted: Published, now: datetime, *, changed: bool) -> dict[str, Any]:
    """Return priority, time and tries: what falls goes before what rises, and a change is tried at once."""
    if not changed:
        return {field: row.get(field) for field in ("priority", "changed_at", "attempts", "next_try")}
    falls = wanted.qty < decimal_of(row.published_qty)
    return {"priority": 2 if falls else 1, "changed_at": now, "attempts": 0, "next_try": None}


def _epoch(row: Any) -> Epoch:
    return Epoch(int(row.change_count or 0), int(row.acknowledged_count or 0))


def fetch_stock(shop: str, limit: int) -> list[dict[str, Any]]:
    """Look at a shop's stock and hand out what it is to be told; what is not answered in ten minutes is handed out again."""
    _look_at_all(shop)
    told = telling.look_at_strict(shop, limit)
    now = moment_of(frappe.utils.now_datetime())
    leased = now - timedelta(minutes=LEASE_MINUTES)
    names = store.load_due_stock(shop, now, leased, limit - len(told)) if len(told) < limit else []
    rows = store.lock_stock_pushes(names)
    due = {name: rows[name] for name in names if name in rows and _is_due(rows[name], leased)}
    told += telling.hand_out_shared(shop, platform_of(shop), due)
    listings = {row.name: row for row in store.load_offers(row["listing"] for row in told)}
    return [_told(row, listings[row["listing"]]) for row in told]


def platform_of(shop: str) -> str:
    """Return the platform of a shop."""
    return str(orders_store.load_shops([shop])[shop.casefold()].platform)


def _is_due(row: Any, leased: datetime) -> bool:
    """Look once more at a locked row: somebody else may have fetched it meanwhile."""
    sent = moment_of(frappe.utils.get_datetime(row.sent_at)) if row.sent_at else None
    return row.status == WAITING or (row.status == SENT and (sent is None or sent < leased))


def _told(write: dict[str, Any], listing: Any) -> dict[str, Any]:
    return {
        "item_id": listing.platform_item_id,
        "sku_id": listing.platform_sku_id or "",
        "outer_code": listing.outer_code or "",
        **write,
    }


def acknowledge_stock(shop: str, answers: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Write what the shop said: {listing: {counter, ok, qty, message}}; return each row's state now.

    Raises ``PushRefused`` for listings of other shops. ``qty`` is what the shop shows now, where it is not what it was told.
    """
    rows = store.lock_stock_pushes(answers)
    foreign = [name for name in answers if name not in rows or rows[name].shop != shop]
    refuse([problem(N_("{0} is no row of the shop {1}"), name, shop) for name in foreign], PushRefused)
    after = _answers(shop, rows, answers)
    store.write_published({name: row["published_qty"] for name, row in after.items()})
    if after:  # lists, the exposure meter and forms of SKUs that are open somewhere look again
        told = {"doctype": store.KIND, "name": min(after), "user": frappe.session.user}
        frappe.publish_realtime("list_update", told, doctype=store.KIND, after_commit=True)
    return {name: row["status"] for name, row in after.items()}


def _answers(shop: str, rows: Mapping[str, Any], answers: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Write what a shop said, by how each listing is told; return what was written by listing."""
    strict = {name: answers[name] for name, row in rows.items() if row.mode == escrow.STRICT}
    shared = {name: answers[name] for name in rows if name not in strict}
    after = telling.answer_strict(shop, {name: rows[name] for name in strict}, strict) if strict else {}
    store.write_stock_pushes(after)
    ours = {name: rows[name] for name in shared}
    if shared and writes.load_primitive(platform_of(shop)).kind != escrow.SET:
        told = telling.answer_shared(shop, platform_of(shop), ours, shared)
    else:
        now = moment_of(frappe.utils.now_datetime())
        told = {name: _answered(row, shared[name], now) for name, row in ours.items()}
        telling.close_written(ours, shared)
    store.write_stock_pushes(told)
    return after | told


def _answered(row: Any, answer: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    message = str(answer.get("message") or "")[:500] or None
    kept = {"published_qty": float(row.published_qty or 0), "acknowledged_count": int(row.acknowledged_count or 0)}
    if not answer.get("ok"):
        tries = int(row.attempts or 0) + 1
        status = WAITING if tries < MOST_TRIES else FAILED
        later = next_try(now, tries) if status == WAITING else None
        return {
            **kept,
            "status": status,
            "attempts": tries,
            "next_try": later,
            "message": message,
            "acknowledged_at": None,
        }
    counter = int(answer.get("counter") or 0)
    epoch = rules.acknowledged(_epoch(row), counter)
    told = answer.get("qty")
    if told is not None or counter == epoch.counter:
        kept["published_qty"] = float(decimal_of(row.wanted_qty if told is None else told))
    kept["acknowledged_count"] = epoch.acknowledged
    status = row.status if row.status == PAUSED else (WAITING if epoch.dirty else PUBLISHED)
    return {**kept, "status": status, "attempts": 0, "next_try": None, "message": message, "acknowledged_at": now}


def retry_stock(names: Sequence[str]) -> list[str]:
    """Have rows told again; return those that were. Paused ones stay."""
    rows = {name: row for name, row in store.lock_stock_pushes(names).items() if row.status != PAUSED}
    store.write_stock_pushes(
        {
            name: {"status": WAITING, "attempts": 0, "next_try": None, "change_count": int(row.change_count) + 1}
            for name, row in rows.items()
        }
    )
    return list(rows)


def explain_stock(listing: str) -> dict[str, Any]:
    """Return what a listing is to publish now and why: qty, policy, why (sentences).

    Raises ``PushRefused`` for a listing without a SKU.
    """
    found = store.load_offers([listing])
    if not found or not found[0].sku:
        refuse_with([problem(N_("{0} has no SKU yet"), listing)], PushRefused)
    offer = store.offer_of(found[0])
    policy = rules.policy_for(offer, store.load_policies())
    told = [_shown_write(row) for row in writes.load_told(listing, _LAST_TOLD)]
    if policy.strict:
        return {**_strict_now(listing), "policy": policy.name, "told": told}
    wanted = rules.published(
        offer, policy, stock_of(offer.shop, [offer.sku], with_returns=policy.with_returns).sellable(offer, policy)
    )
    paused = [frappe._("The policy pauses it: what the shop was told last stays")] if policy.paused else []
    why = paused + [text_of(reason) for reason in wanted.why]
    return {"qty": float(wanted.qty), "policy": policy.name, "why": why, "told": told}


def _strict_now(listing: str) -> dict[str, Any]:
    """Return what a strict listing was to show at the last look, and why."""
    row = store.lock_stock_pushes([listing]).get(listing)
    why = str(row.why or "").splitlines() if row else []
    return {"qty": float(row.wanted_qty) if row else 0.0, "why": why or [frappe._("It has not been looked at yet")]}


def _shown_write(row: Any) -> dict[str, Any]:
    kind = frappe._(row.kind)
    return {**row, "kind": kind, "status": frappe._(row.status), "sent_at": str(row.sent_at or "")}


def check_policy(doc: Any) -> None:
    """Refuse a policy whose figures can't work."""
    refuse(rules.policy_problems(store.policy_of(doc, [row.warehouse for row in doc.warehouses])))
    listing = store.load_listing_of_policy(doc.listing) if doc.listing else {}
    message = N_("The listing {0} belongs to {1}, not to {2}")
    wrong = [(own, doc.get(part)) for part, own in listing.items() if doc.get(part) and doc.get(part) != own]
    refuse([problem(message, doc.listing, own, said) for own, said in wrong])
    twin = None if doc.disabled else store.load_twin_policy(doc)
    refuse([problem(N_("The policy {0} is for the same; change that one or disable it"), twin)] if twin else [])


def follow_policy(doc: Any) -> None:
    """Have the listings that a policy is for, or was for, looked at again."""
    before = doc.get_doc_before_save()
    for one in filter(None, (doc, before)):
        filters = {"listing": one.listing} if one.listing else {"sku": one.sku} if one.sku else {"shop": one.shop}
        store.forget_looks({field: value for field, value in filters.items() if value})


def forget_policy(doc: Any) -> None:
    """Have the listings that followed a policy looked at again, because it goes."""
    store.forget_looks({"policy": doc.name})


def stuck_stock() -> list[dict[str, Any]]:
    """Return listings whose stock a shop has refused too often, as rows of the inbox of exceptions."""
    return [
        {
            "source": "channel",
            "reference_doctype": "Stock Push",
            "reference_name": row.name,
            "title": row.title,
            "code": "Stock Push Failed",
            "owner_role": "Shop Operator",
            "since": row.modified,
            "blocking": False,
            "suggestion": frappe._("Mend what the message names and try again, or report it by hand"),
            "fix": "",
            "note": row.message or "",
            "shop": row.shop,
        }
        for row in store.load_stuck_stock()
    ]
