"""Stock as of any moment, in quantity and value, and the checkpoints that make it quick.

Invariant: an answer does not depend on how far the checkpoints have come.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ec_erp.inventory.rules.history import added_up, past_until
from ec_erp.inventory.store import history
from ec_erp.inventory.store.asked import Asked
from ec_erp.kernel.numbers import ZERO

KEYS_AT_ONCE, ENTRIES_AT_ONCE, LAG = 25, 20_000, 20


def stock_as_of(
    moment: datetime, *, company: str = "", warehouses: Iterable[str] = (), skus: Iterable[str] = ()
) -> list[dict[str, Any]]:
    """Return sku, warehouse, qty, value and unit_cost of every key that held something at a moment (by event time)."""
    asked = Asked(company, tuple(sorted(set(warehouses))), tuple(sorted(set(skus))))
    totals = added_up(history.load_sums(past_until(moment), asked))
    return [
        {
            "sku": key.sku,
            "warehouse": key.warehouse,
            "qty": float(total.qty),
            "value": float(total.value),
            "unit_cost": float(total.value / total.qty) if total.qty else float(ZERO),
        }
        for key, total in totals.items()
    ]


def checkpoint_some(lag: int = LAG) -> int:
    """Put entries of the keys furthest behind into checkpoints; return how many (0: all are up to date)."""
    names = history.load_keys_to_checkpoint(lag, KEYS_AT_ONCE)
    return history.add_checkpoints(names, ENTRIES_AT_ONCE)
