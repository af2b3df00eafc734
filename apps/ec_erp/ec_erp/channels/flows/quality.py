"""Standing checks of listings: each stands for a SKU, and for the same number of units wherever its code is the same.

Invariant: a listing is mapped by codes that are equal, never by likeness.
"""

from __future__ import annotations

from ec_erp.catalog.rules import quality as rules
from ec_erp.catalog.rules.quality import Check, Finding
from ec_erp.channels.store import quality as store
from ec_erp.kernel.problems import N_


def channel_checks() -> list[Check]:
    """Return the checks of listings."""
    return [
        Check(N_("Unmapped Listing"), N_("Take the SKU with the same code or barcode"), _unmapped),
        Check(N_("Odd Units per Item"), N_("Take the units that most listings with this code have"), _odd),
    ]


def _unmapped() -> list[Finding]:
    rows = store.load_listings_for_checks(mapped=False)
    return rules.unmapped_listings(
        rows, store.load_skus_of_codes(code for row in rows for code in (row.outer_code, row.platform_sku_id))
    )


def _odd() -> list[Finding]:
    return rules.odd_multipliers(store.load_listings_for_checks(mapped=True))
