"""Why stock has moved, as people read it: pure.

Invariant: every entry has a reason; that of an entry which undoes another is the reason of what was undone.
"""

from __future__ import annotations

from decimal import Decimal

from ec_erp.kernel.problems import N_

# Document → reason of what comes, reason of what goes.
_BY_DOCUMENT = {
    "Delivery Note": (N_("Returned by Buyer"), N_("Delivered to Buyer")),
    "Grade Change": (N_("Grade Changed"), N_("Grade Changed")),
    "Landed Cost": (N_("Landed Cost Added"), N_("Landed Cost Added")),
    "Purchase Receipt": (N_("Received from Supplier"), N_("Received from Supplier")),
    "Purchase Return": (N_("Returned to Supplier"), N_("Returned to Supplier")),
    "Stock Count": (N_("Found in a Count"), N_("Missing in a Count")),
    "Stock Transfer": (N_("Transferred Here"), N_("Transferred Away")),
}


def reason_of(voucher_type: str, qty: Decimal, stock_reason: str | None, *, is_reversal: bool) -> str:
    """Return why an entry has moved ``qty``, or why what it undoes had: what its document names, else what such documents do."""
    came = (qty < 0) if is_reversal else (qty > 0)
    comes, goes = _BY_DOCUMENT.get(voucher_type, (voucher_type, voucher_type))
    return stock_reason or (comes if came else goes)
