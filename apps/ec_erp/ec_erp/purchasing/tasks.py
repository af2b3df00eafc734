"""What purchasing does by the clock.

Invariant: running twice changes nothing the second time.
"""

import frappe

from ec_erp.purchasing.flows import appointed


def mark_missed_appointments() -> None:
    """Mark confirmed delivery appointments of past days with which nothing came."""
    appointed.mark_missed(frappe.utils.now_datetime())
