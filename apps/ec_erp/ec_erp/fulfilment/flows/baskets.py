"""Goods that were taken out of bins for orders and have not left: the books of their bins still hold them.

Invariant: what a bin's books hold and no person finds there, because it lies in a basket, is no difference of a count.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from ec_erp.fulfilment.rules.baskets import BinPlace, in_baskets
from ec_erp.fulfilment.store import baskets as store


def taken_out(warehouse: str, skus: Iterable[str]) -> list[tuple[BinPlace, Decimal, datetime]]:
    """Return (place, quantity, moment of the last pick) of goods of SKUs that lie in baskets of a warehouse.

    A place is (SKU, bin, batch). The hook ``ec_erp_goods_in_baskets`` names this for counts.
    """
    held = store.load_held(warehouse, skus)
    return in_baskets(store.load_picked({wave for wave, _ in held}), held)
