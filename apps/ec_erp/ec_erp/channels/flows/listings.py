"""Listings: which SKU an item of a shop is, found by the seller's code, set by people, taken over into waiting orders.

Invariant: an order's line gets its SKU from the listing and from nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import frappe

from ec_erp.catalog import store as catalog_store
from ec_erp.channels import store
from ec_erp.channels.rules.pushed import PushedLine
from ec_erp.documents.errors import refuse
from ec_erp.documents.sets import insert_many
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, problem
from ec_erp.orders import flows as orders

UNMATCHED, MATCHED, INVALID = "Unmatched", "Matched", "Invalid"


def check_listing(doc: Any) -> None:
    """Complete a listing: its key, and whether its SKU can be sold. Raises ``DocumentRefused`` for impossible units."""
    doc.platform_sku_id = doc.platform_sku_id or ""
    doc.listing_key = store.listing_key(doc.shop, doc.platform_item_id, doc.platform_sku_id)
    if doc.multiplier is None:
        doc.multiplier = 1
    wrong = decimal_of(doc.multiplier) <= ZERO
    refuse([problem(N_("{0} must be more than zero"), frappe._("Units per Item"))] if wrong else [])
    known = catalog_store.load_skus([doc.sku]).get(doc.sku.casefold()) if doc.sku else None
    doc.match_state = UNMATCHED if not doc.sku else (MATCHED if known and not known.disabled else INVALID)


def follow_listing(doc: Any) -> None:
    """Give waiting orders the SKU of a listing that has just been matched."""
    if doc.match_state == MATCHED:
        waiting = store.load_orders_waiting_for(doc.shop, doc.platform_item_id, doc.platform_sku_id or "")
        target = {(doc.platform_item_id, doc.platform_sku_id or ""): (doc.sku, decimal_of(doc.multiplier))}
        if waiting:
            orders.map_lines(waiting, target)


def listings_for(shop: str, lines: Iterable[PushedLine]) -> dict[tuple[str, str], Any]:
    """Return the listings of pushed lines by (item, SKU on the platform); those not known yet are made, matched by code."""
    wanted = {(line.item_id, line.sku_id): line for line in lines}
    known = store.load_listings(shop, wanted)
    missing = {key: line for key, line in wanted.items() if key not in known}
    if missing:
        insert_many(_new_listings(shop, missing))
        known |= store.load_listings(shop, missing)
    return known


def _new_listings(shop: str, lines: Mapping[tuple[str, str], PushedLine]) -> Sequence[Any]:
    codes = {code for line in lines.values() for code in (line.outer_code, line.sku_id, line.item_id) if code}
    skus = catalog_store.load_skus(codes)
    documents = []
    for (item_id, sku_id), line in lines.items():
        found = next(
            (skus[code.casefold()] for code in (line.outer_code, sku_id, item_id) if code.casefold() in skus), None
        )
        values = {
            "shop": shop,
            "title": line.title or line.outer_code or item_id,
            "platform_item_id": item_id,
            "platform_sku_id": sku_id,
            "outer_code": line.outer_code,
            "sku": found.name if found and not found.disabled else None,
        }
        document = frappe.get_doc({"doctype": "Listing", **values})
        document.flags.ignore_permissions = True
        documents.append(document)
    return documents


def failed_orders() -> list[dict[str, Any]]:
    """Return platform orders that could not be taken over, as rows of the inbox of exceptions."""
    return [
        {
            "source": "channel",
            "reference_doctype": "Platform Order",
            "reference_name": row.name,
            "title": row.platform_order_id,
            "code": "Platform Order Failed",
            "owner_role": "Shop Operator",
            "since": row.modified,
            "blocking": True,
            "suggestion": frappe._("Mend what the message names and push the order again"),
            "fix": "",
            "note": row.error or "",
            "shop": row.shop,
        }
        for row in store.load_failed_orders()
    ]
