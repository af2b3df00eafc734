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
from ec_erp.channels.store import quality as quality_store
from ec_erp.documents.errors import refuse
from ec_erp.documents.sets import insert_many
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, problem
from ec_erp.orders import flows as orders

UNMATCHED, MATCHED, INVALID = "Unmatched", "Matched", "Invalid"
BY_CODE, BY_HAND = "Seller's Code", "Hand"


def check_listing(doc: Any) -> None:
    """Complete a listing: its key, its SKU by the seller's code where nobody has said one, and whether that can be sold.

    Raises ``DocumentRefused`` for impossible units.
    """
    doc.platform_sku_id = doc.platform_sku_id or ""
    doc.listing_key = store.listing_key(doc.shop, doc.platform_item_id, doc.platform_sku_id)
    if doc.multiplier is None:
        doc.multiplier = 1
    wrong = decimal_of(doc.multiplier) <= ZERO
    refuse([problem(N_("{0} must be more than zero"), frappe._("Units per Item"))] if wrong else [])
    _match(doc)
    known = catalog_store.load_skus([doc.sku]).get(doc.sku.casefold()) if doc.sku else None
    doc.match_state = UNMATCHED if not doc.sku else (MATCHED if known and not known.disabled else INVALID)


def _match(doc: Any) -> None:
    """Say who has matched a listing: a SKU that somebody names is by hand, else the seller's code finds one."""
    before = doc.get_doc_before_save()
    code = doc.outer_code or ""
    if doc.flags.matched_by_code:
        doc.match_mode = BY_CODE
    elif doc.sku and doc.sku != (before.sku if before else None):
        doc.match_mode = BY_HAND
    elif not doc.sku and code and not doc.flags.looked_up and code != (before.outer_code if before else None):
        doc.sku = quality_store.load_skus_of_codes([code]).get(code.casefold())
        doc.match_mode = BY_CODE
    if not doc.sku:
        doc.match_mode = None


def follow_sku(doc: Any, method: str | None = None) -> None:  # noqa: ARG001  the hook's shape
    """Let the listings of a SKU that was switched off, or on again, say whether they can be sold; waiting orders follow."""
    before = doc.get_doc_before_save()
    if before is None or bool(before.disabled) == bool(doc.disabled):
        return
    for name in store.load_listings_of_sku(doc.name):
        listing = frappe.get_doc("Listing", name)
        listing.flags.ignore_permissions = True
        listing.save()


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
    if _follow_codes({key: line for key, line in wanted.items() if key in known}, known):
        known = store.load_listings(shop, wanted)
    missing = {key: line for key, line in wanted.items() if key not in known}
    if missing:
        insert_many(_new_listings(shop, missing))
        known |= store.load_listings(shop, missing)
    return known


def _follow_codes(lines: Mapping[tuple[str, str], PushedLine], known: Mapping[tuple[str, str], Any]) -> bool:
    """Follow codes that the seller has changed on the platform, where the code has matched the listing; tell whether any has."""
    changed = {
        known[key].name: line.outer_code
        for key, line in lines.items()
        if line.outer_code and line.outer_code != (known[key].outer_code or "")
    }
    skus = quality_store.load_skus_of_codes(changed.values()) if changed else {}
    for name, code in changed.items():
        listing = frappe.get_doc("Listing", name)
        found = skus.get(code.casefold())
        followed = listing.match_mode == BY_CODE or not listing.sku
        listing.update({"outer_code": code, **({"sku": found} if followed else {})})
        listing.flags.update({"ignore_permissions": True, "matched_by_code": bool(followed and found)})
        listing.save()
    return bool(changed)


def _new_listings(shop: str, lines: Mapping[tuple[str, str], PushedLine]) -> Sequence[Any]:
    codes = {code for line in lines.values() for code in (line.outer_code, line.sku_id, line.item_id) if code}
    skus = quality_store.load_skus_of_codes(codes)
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
            "sku": found,
        }
        document = frappe.get_doc({"doctype": "Listing", **values})
        document.flags.update({"ignore_permissions": True, "matched_by_code": bool(found), "looked_up": True})
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
