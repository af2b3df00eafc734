"""The queue of stock that shops are told: one row per listing, with a counter that rises with each change.

Invariant: what the queue knows of a listing is at least as new as ``looked_at``, which lies behind any transaction that may
still be open; so a change of stock is noticed without a statement in the path of orders.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import frappe

from ec_erp.channels.rules.publishing import Offer, Policy
from ec_erp.documents.store import insert_rows, load_rows, lock_rows, update_rows
from ec_erp.kernel.numbers import ZERO, decimal_of

Row = dict[str, Any]

KIND = "Stock Push"
_FIELDS = (
    "listing", "shop", "sku", "status", "wanted_qty", "published_qty", "change_count", "acknowledged_count", "attempts",
    "sent_at", "priority", "changed_at", "next_try", "mode", "shown_qty", "shown_since", "settled", "uncertain", "open_write",
    "title", "policy", "looked_at", "why", "message",
)  # fmt: skip
_OFFER = "SELECT l.name, l.shop, l.sku, l.multiplier, l.title, l.platform_item_id, l.platform_sku_id, l.outer_code"
_CHANGED = """EXISTS (SELECT 1 FROM `tabStock Balance` b WHERE b.sku = l.sku AND b.modified >= p.looked_at)
    OR EXISTS (SELECT 1 FROM `tabSKU Component` c JOIN `tabStock Balance` b ON b.sku = c.sku
        WHERE c.parent = l.sku AND b.modified >= p.looked_at)"""


def load_offers_to_look_at(shop: str, before: datetime, limit: int) -> list[Any]:
    """Return matched listings of a shop, not looked at since ``before``, whose stock, SKU or policy may have changed since."""
    query = f"""{_OFFER} FROM `tabListing` l LEFT JOIN `tabStock Push` p ON p.name = l.name
        WHERE l.shop = %s AND l.match_state = 'Matched'
        AND (p.looked_at IS NULL OR p.looked_at < %s)
        AND (p.looked_at IS NULL OR l.modified >= p.looked_at OR p.sku <> l.sku OR {_CHANGED})
        ORDER BY p.looked_at, l.name LIMIT {int(limit)}"""
    return list(frappe.db.sql(query, [shop, before], as_dict=True))


def load_offers(listings: Iterable[str]) -> list[Any]:
    """Return listings as ``load_offers_to_look_at`` does, by name."""
    fields = ("name", "shop", "sku", "multiplier", "title", "platform_item_id", "platform_sku_id", "outer_code")
    return [frappe._dict(row) for row in load_rows("Listing", listings, fields)]


def load_unmatched(shop: str) -> list[str]:
    """Return rows whose listing has no usable SKU any more."""
    push, listing = frappe.qb.DocType(KIND), frappe.qb.DocType("Listing")
    query = frappe.qb.from_(push).inner_join(listing).on(listing.name == push.name).select(push.name)
    return [row[0] for row in query.where(push.shop == shop).where(listing.match_state != "Matched").run()]


def delete_stock_pushes(names: Sequence[str]) -> None:
    """Take rows out of the queue."""
    if names:
        frappe.db.delete(KIND, {"name": ("in", sorted(names))})


def load_policies() -> list[Policy]:
    """Return all policies that are not switched off."""
    fields = [
        "name", "listing", "sku", "shop", "percent", "plus_qty", "least_qty", "most_qty", "use_fixed", "fixed_qty", "rounding",
        "with_incoming", "with_returns", "with_on_order", "with_unpaid", "safety_qty", "safety_percent", "last_pieces_qty",
        "last_shop", "paused", "mode",
    ]  # fmt: skip
    rows = frappe.get_all("Stock Policy", {"disabled": 0}, fields, order_by="name asc")
    places: dict[str, list[str]] = {}
    for row in load_rows("Stock Policy Warehouse", [row.name for row in rows], ("parent", "warehouse"), key="parent"):
        places.setdefault(row["parent"], []).append(row["warehouse"])
    return [policy_of(row, places.get(row.name, [])) for row in rows]


def load_twin_policy(doc: Any) -> str | None:
    """Return another policy in force for the same listing, SKU and shop."""
    scope = {field: doc.get(field) or ("is", "not set") for field in ("listing", "sku", "shop")}
    found = frappe.get_all(
        "Stock Policy", {**scope, "disabled": 0, "name": ("!=", doc.name or "")}, pluck="name", limit=1
    )
    return found[0] if found else None


def load_listing_of_policy(name: str) -> dict[str, Any]:
    """Return shop and SKU of a listing."""
    return dict(frappe.db.get_value("Listing", name, ["shop", "sku"], as_dict=True) or {})


def policy_of(row: Any, warehouses: Iterable[str]) -> Policy:
    """Return a policy's document or row as a value."""
    return Policy(
        name=row.name or "",
        listing=row.listing or "",
        sku=row.sku or "",
        shop=row.shop or "",
        warehouses=tuple(sorted(warehouses)),
        percent=decimal_of(row.percent),
        plus=decimal_of(row.plus_qty),
        least=decimal_of(row.least_qty),
        most=decimal_of(row.most_qty) or None,
        fixed=decimal_of(row.fixed_qty) if row.use_fixed else None,
        rounding=row.rounding or "Down",
        with_incoming=bool(row.with_incoming),
        with_returns=bool(row.with_returns),
        with_on_order=bool(row.with_on_order),
        with_unpaid=bool(row.with_unpaid),
        safety_qty=decimal_of(row.safety_qty),
        safety_percent=decimal_of(row.safety_percent),
        last_pieces=decimal_of(row.last_pieces_qty),
        last_shop=row.last_shop or "",
        paused=bool(row.paused),
        strict=row.mode == "Strict",
    )


def offer_of(row: Any) -> Offer:
    """Return a listing's row as the formula sees it."""
    units = decimal_of(row.multiplier)
    return Offer(row.name, row.shop, row.sku, units if units > ZERO else decimal_of(1))


def lock_stock_pushes(names: Iterable[str]) -> dict[str, Any]:
    """Lock rows in the order of their names; return them by name."""
    return {name: frappe._dict(row, name=name) for name, row in lock_rows(KIND, names, _FIELDS).items()}


def insert_stock_pushes(rows: Sequence[Row]) -> None:
    """Put new listings into the queue; one that somebody else puts there at the same moment stays as it is."""
    insert_rows(KIND, rows, skip_existing=True)


def write_stock_pushes(rows: Mapping[str, Row]) -> None:
    """Write fields of rows; every row has the same ones."""
    update_rows(KIND, rows, touch=False)


def write_published(quantities: Mapping[str, float]) -> None:
    """Write into listings what their shop has confirmed, without touching when they were changed by a person."""
    update_rows("Listing", {name: {"published_qty": qty} for name, qty in quantities.items()}, touch=False)


def forget_looks(filters: Mapping[str, Any]) -> None:
    """Have the rows that filters find looked at again, all without filters."""
    names = frappe.get_all(KIND, dict(filters), pluck="name")
    update_rows(KIND, {name: {"looked_at": None, "policy": None} for name in names}, touch=False)


def load_due_stock(shop: str, now: datetime, leased_before: datetime, limit: int) -> list[str]:
    """Return rows of a shop that are to be told now: falling stock first, then by age."""
    table = frappe.qb.DocType(KIND)
    waits = (table.status == "Waiting") & (table.next_try.isnull() | (table.next_try <= now))
    forgotten = (table.status == "Sent") & (table.sent_at < leased_before)
    query = frappe.qb.from_(table).select(table.name).where(table.shop == shop).where(waits | forgotten)
    query = query.where(table.mode != "Strict")
    ordered = query.orderby(table.priority, order=frappe.qb.desc).orderby(table.changed_at).orderby(table.name)
    return [row[0] for row in ordered.limit(limit).run()]


def load_shops_with_listings() -> list[str]:
    """Return enabled shops that have listings with a SKU."""
    shops = frappe.get_all("Shop", {"enabled": 1}, pluck="name", order_by="name asc")
    known = frappe.get_all("Listing", {"match_state": "Matched"}, pluck="shop", distinct=True)
    return [shop for shop in shops if shop in set(known)]


def load_shown(*, company: str = "", sku: str = "") -> list[Any]:
    """Return listings that show something, or are being told to, as ``load_offers`` does, with company and the row of the queue.

    Those of a SKU also when they are combos with it.
    """
    query = f"""{_OFFER}, s.company, p.status, p.wanted_qty, p.published_qty, p.uncertain, p.open_write,
        p.acknowledged_at, p.changed_at FROM `tabStock Push` p JOIN `tabListing` l ON l.name = p.name
        JOIN `tabShop` s ON s.name = p.shop
        WHERE l.sku IS NOT NULL AND (p.published_qty > 0 OR p.status = 'Sent' OR p.uncertain = 1 OR p.open_write IS NOT NULL)"""
    values: list[str] = []
    if company:
        query, values = f"{query} AND s.company = %s", [company]
    if sku:
        query += (
            " AND (l.sku = %s OR EXISTS (SELECT 1 FROM `tabSKU Component` c WHERE c.parent = l.sku AND c.sku = %s))"
        )
        values += [sku, sku]
    return list(frappe.db.sql(query, values, as_dict=True))


def load_sku_names(skus: Iterable[str]) -> dict[str, str]:
    """Return what SKUs are called."""
    return {row["name"]: row["sku_name"] or "" for row in load_rows("SKU", skus, ("name", "sku_name"))}


def load_stuck_stock(limit: int = 500) -> list[Any]:
    """Return rows that wait for a person because their shop has refused them too often; oldest first."""
    fields = ["name", "shop", "title", "message", "modified"]
    return list(frappe.get_all(KIND, {"status": "Failed"}, fields, order_by="modified asc", limit=limit))
