"""What the scheduler has inventory do.

Invariant: every task can run again at any time; each works in transactions of its own, started again where it lost a lock.
"""

from __future__ import annotations

import frappe

from ec_erp.documents.retry import in_transaction
from ec_erp.inventory.flows import freezing, quotas


def end_quotas() -> None:
    """Give back what quotas keep whose time is over."""
    moment = frappe.utils.now_datetime()
    in_transaction(lambda: quotas.expire_quotas(moment))


def freeze_unsellable() -> None:
    """Freeze goods that have passed their last day of sale, a few hundred keys per transaction."""
    day = frappe.utils.now_datetime().date()
    for keys in freezing.chunks_to_refreeze(day):
        in_transaction(lambda keys=keys: freezing.refreeze(keys, day))  # type: ignore[misc]
