"""What the continuous check of stock compares with purchase orders.

Invariant: reads only; the sum is what ``rules.receiving`` says is on order.
"""

from __future__ import annotations

from ec_erp.inventory.store.checks import SumCheck
from ec_erp.purchasing.rules.receiving import OPEN_STATUSES

_OPEN = "line.`qty` - line.`received_qty` - line.`stopped_qty`"
_STATUSES = ", ".join(f"'{status}'" for status in OPEN_STATUSES)


def stock_sums() -> list[SumCheck]:
    """Return the check of what is on order: Σ max(0, ordered − received − stopped) of approved orders."""
    sums = (
        f"SELECT line.`sku`, line.`warehouse`, SUM(CASE WHEN {_OPEN} > 0 THEN {_OPEN} ELSE 0 END) AS total"  # noqa: S608
        " FROM `tabPurchase Order Item` line JOIN `tabPurchase Order` head ON head.`name` = line.`parent`"
        f" WHERE head.`docstatus` = 1 AND head.`status` IN ({_STATUSES}) {{scope}}"
        " GROUP BY line.`sku`, line.`warehouse`"
    )
    return [SumCheck("On Order", "b.`on_order`", sums)]
