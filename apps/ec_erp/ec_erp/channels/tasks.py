"""What the scheduler has channels do.

Invariant: every task can run again at any time; each works in transactions of its own, started again where it lost a lock.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import frappe

from ec_erp.channels import store
from ec_erp.channels.flows import publishing, sending
from ec_erp.channels.store import writes
from ec_erp.documents.retry import in_transaction


def look_at_stock() -> None:
    """Put what has changed for listings into the queue of their shop, shop by shop."""
    for shop in store.load_shops_with_listings():
        in_transaction(lambda shop=shop: publishing.look_at_stock(shop))  # type: ignore[misc]


def tell_shops() -> None:
    """Send stock to the shops that have an address for it."""
    for shop in writes.load_shops_to_tell():
        tell(shop)


def tell(shop: str) -> dict[str, str]:
    """Tell a shop of stock now; return the state of each listing that was told. Nothing is locked while a message is under way."""
    address = sending.address_of(shop)
    told = in_transaction(partial(publishing.fetch_stock, address.name, publishing.AT_ONCE))
    states: dict[str, str] = {}
    for write in told:
        answer = sending.send(address, write)
        states |= in_transaction(partial(publishing.acknowledge_stock, address.name, {write["listing"]: answer}))
    return states


def forget_old_writes() -> None:
    """Forget what shops were told, and have answered, half a year ago."""
    before = frappe.utils.now_datetime() - timedelta(days=180)
    in_transaction(partial(writes.delete_old_writes, before))
