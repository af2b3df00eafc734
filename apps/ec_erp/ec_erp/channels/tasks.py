"""What the scheduler has channels do.

Invariant: every task can run again at any time; each works in transactions of its own, started again where it lost a lock.
"""

from __future__ import annotations

from ec_erp.channels import store
from ec_erp.channels.flows import publishing
from ec_erp.documents.retry import in_transaction


def look_at_stock() -> None:
    """Put what has changed for listings into the queue of their shop, shop by shop."""
    for shop in store.load_shops_with_listings():
        in_transaction(lambda shop=shop: publishing.look_at_stock(shop))  # type: ignore[misc]
