"""What telling shops of stock asks of the database: how their platforms take it, orders that have come in, and what was told.

Invariant: a listing has at most one write that is not answered (Stock Push.open_write); what was told is never changed but
for its answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import frappe
from frappe.utils.password import get_decrypted_password

from ec_erp.channels.rules.escrow import Primitive
from ec_erp.channels.types import ShopAddress
from ec_erp.documents.store import insert_rows, load_rows, lock_rows, update_rows
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.times import moment_of

Row = dict[str, Any]

_PUSH, _WRITE, _FEED = "Stock Push", "Stock Write", "Order Feed"
_WRITE_FIELDS = (
    "listing",
    "shop",
    "status",
    "kind",
    "qty",
    "change",
    "expected",
    "keeps",
    "counter",
    "sent_at",
    "times_sent",
)
# Orders whose goods another order stands for, or nobody wants any more.
_GONE = ("Cancelled", "Merged", "Split")


def load_primitive(platform: str) -> Primitive:
    """Return how a platform takes stock."""
    fields = (
        "stock_primitive",
        "stock_repeatable",
        "stock_below_zero",
        "stock_reads",
        "stock_skew_s",
        "stock_stale_minutes",
    )
    found = frappe.get_cached_value("Platform", platform, fields, as_dict=True) if platform else None
    if not found:
        return Primitive()
    return Primitive(
        kind=found.stock_primitive or "Set Quantity",
        repeatable=bool(found.stock_repeatable),
        below_zero=found.stock_below_zero or "Refuses",
        reads=bool(found.stock_reads),
        skew=timedelta(seconds=int(found.stock_skew_s or 0)),
        stale=timedelta(minutes=int(found.stock_stale_minutes or 0)),
    )


def load_complete_until(shop: str) -> datetime | None:
    """Return until when all orders of a shop have come in, None where the shop has not said it."""
    found = frappe.db.get_value(_FEED, shop, "complete_until")
    return moment_of(frappe.utils.get_datetime(found)) if found else None


def write_complete_until(shop: str, until: datetime, now: datetime) -> None:
    """Keep until when all orders of a shop have come in; an earlier moment than the known one is not kept."""
    insert_rows(_FEED, [{"name": shop, "shop": shop, "complete_until": None, "reported_at": None}], skip_existing=True)
    known = lock_rows(_FEED, [shop], ("complete_until",))[shop]["complete_until"]
    latest = max(until, moment_of(frappe.utils.get_datetime(known))) if known else until
    update_rows(_FEED, {shop: {"complete_until": latest, "reported_at": now}})


def load_strict_of(shop: str) -> list[str]:
    """Return the rows of a shop whose goods are kept for it."""
    return list(frappe.get_all(_PUSH, {"shop": shop, "mode": "Strict"}, pluck="name", order_by="name asc"))


def load_shops_with_strict() -> set[str]:
    """Return the shops that have rows whose goods are kept for them."""
    return set(frappe.get_all(_PUSH, {"mode": "Strict"}, pluck="shop", distinct=True))


def load_rivals(company: str, skus: Iterable[str]) -> list[Any]:
    """Return all rows of a company's shops whose goods are kept for them: of SKUs, and of combos."""
    push, shop, sku = frappe.qb.DocType(_PUSH), frappe.qb.DocType("Shop"), frappe.qb.DocType("SKU")
    query = (
        frappe.qb.from_(push)
        .inner_join(shop)
        .on(shop.name == push.shop)
        .inner_join(sku)
        .on(sku.name == push.sku)
        .select(push.name, push.shop, push.sku, push.shown_qty)
        .where(push.mode == "Strict")
        .where(shop.company == company)
        .where(shop.enabled == 1)
        .where(sku.name.isin(sorted(set(skus))) | (sku.is_combo == 1))
        .orderby(push.name)
    )
    return list(query.run(as_dict=True))


def load_ordered(shop: str, since: datetime) -> list[Any]:
    """Return lines of a shop's orders that were placed, or cancelled, since a moment.

    Each has listing keys, order, line, SKU, quantities, when it was placed, whether it is cancelled, and when it last changed.
    """
    order, line = frappe.qb.DocType("Sales Order"), frappe.qb.DocType("Sales Order Item")
    query = (
        frappe.qb.from_(line)
        .inner_join(order)
        .on(order.name == line.parent)
        .select(order.name, order.status, order.order_datetime, order.modified, line.platform_item_id)
        .select(line.platform_sku_id, line.platform_line_id, line.sku, line.qty)
        .where(order.shop == shop)
        .where(order.docstatus > 0)
        .where(order.is_brush == 0)
        .where(order.status.notin(["Merged", "Split"]))
        .where((order.order_datetime > since) | ((order.status == "Cancelled") & (order.modified > since)))
    )
    return list(query.run(as_dict=True))


def load_unreserved(shop: str, skus: Iterable[str]) -> dict[str, Decimal]:
    """Return what lines of a shop's live orders still want of SKUs and do not hold."""
    order, line = frappe.qb.DocType("Sales Order"), frappe.qb.DocType("Sales Order Item")
    query = (
        frappe.qb.from_(line)
        .inner_join(order)
        .on(order.name == line.parent)
        .select(line.sku, line.qty, line.reserved_qty, line.delivered_qty, line.refunded_qty)
        .where(order.shop == shop)
        .where(order.docstatus == 1)
        .where(order.is_brush == 0)
        .where(order.status.notin([*_GONE, "Shipped", "Done"]))
        .where(line.sku.isin(sorted(set(skus)) or [""]))
        .where(line.qty > line.reserved_qty + line.delivered_qty)
    )
    found: dict[str, Decimal] = {}
    for row in query.run(as_dict=True):
        done = (decimal_of(row[field]) for field in ("reserved_qty", "delivered_qty", "refunded_qty"))
        found[row["sku"]] = found.get(row["sku"], ZERO) + max(ZERO, decimal_of(row["qty"]) - sum(done, ZERO))
    return found


def load_sales(shops: Iterable[str], skus: Iterable[str], since: datetime) -> dict[tuple[str, str], Decimal]:
    """Return what shops have sold of SKUs since a moment, by (shop, SKU); parts of combos count as themselves."""
    order, line = frappe.qb.DocType("Sales Order"), frappe.qb.DocType("Sales Order Item")
    query = (
        frappe.qb.from_(line)
        .inner_join(order)
        .on(order.name == line.parent)
        .select(order.shop, line.sku, line.qty)
        .where(order.shop.isin(sorted(set(shops)) or [""]))
        .where(order.docstatus == 1)
        .where(order.order_datetime > since)
        .where(order.status.notin(list(_GONE)))
        .where(line.sku.isin(sorted(set(skus)) or [""]))
    )
    found: dict[tuple[str, str], Decimal] = {}
    for row in query.run(as_dict=True):
        at = (row["shop"], row["sku"])
        found[at] = found.get(at, ZERO) + decimal_of(row["qty"])
    return found


def load_pinned(listings: Iterable[str], now: datetime) -> set[str]:
    """Return which listings' stock the platform lets nobody lower now."""
    rows = load_rows("Listing", listings, ("name", "stock_pinned_until"))
    return {
        row["name"]
        for row in rows
        if row["stock_pinned_until"] and frappe.utils.get_datetime(row["stock_pinned_until"]) > now
    }


def insert_writes(rows: Sequence[Row]) -> None:
    """Keep what shops are being told."""
    insert_rows(_WRITE, rows)


def lock_writes(names: Iterable[str]) -> dict[str, Any]:
    """Lock what shops were told; return it by name."""
    return {name: frappe._dict(row, name=name) for name, row in lock_rows(_WRITE, names, _WRITE_FIELDS).items()}


def write_writes(rows: Mapping[str, Row]) -> None:
    """Write the answers to what shops were told; every row has the same fields."""
    update_rows(_WRITE, rows)


def load_told(listing: str, limit: int) -> list[Any]:
    """Return the last things that a listing's shop was told, newest first."""
    fields = ["name", "kind", "qty", "change", "expected", "keeps", "frees", "status", "sent_at", "answered_at", "found_qty",
              "message", "why", "times_sent"]  # fmt: skip
    return list(
        frappe.get_all(_WRITE, {"listing": listing}, fields, order_by="sent_at desc, creation desc", limit=limit)
    )


def load_shops_to_tell() -> list[str]:
    """Return enabled shops to which stock is sent, instead of being fetched."""
    filters = {"enabled": 1, "stock_writer": ("is", "set")}
    return list(frappe.get_all("Shop", filters, pluck="name", order_by="name asc"))


def load_address(shop: str) -> ShopAddress | None:
    """Return where an enabled shop takes stock, None for one that fetches it."""
    fields = ("name", "stock_writer", "stock_url")
    found = [frappe._dict(row) for row in load_rows("Shop", [shop], (*fields, "enabled")) if row["enabled"]]
    if not found or not found[0].stock_writer:
        return None
    secret = get_decrypted_password("Shop", found[0].name, "app_secret", raise_exception=False)
    return ShopAddress(found[0].name, str(found[0].stock_url or "").rstrip("/"), secret or "", found[0].stock_writer)


def delete_old_writes(before: datetime) -> None:
    """Forget what shops were told before a moment and have answered."""
    frappe.db.delete(_WRITE, {"sent_at": ("<", before), "status": ("!=", "Sent")})
