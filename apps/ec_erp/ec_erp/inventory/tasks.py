"""What the scheduler has inventory do.

Invariant: every task can run again at any time; each works in transactions of its own, started again where it lost a lock.
"""

from __future__ import annotations

import frappe

from ec_erp.documents.retry import in_transaction
from ec_erp.inventory.flows import alerting, checking, freezing, history, quotas


def turn_quotas() -> None:
    """Give back what quotas keep whose time is over, then begin those whose time has come."""
    moment = frappe.utils.now_datetime()
    in_transaction(lambda: quotas.expire_quotas(moment))
    for name in quotas.quotas_to_begin(moment):
        in_transaction(lambda name=name: quotas.begin_quota(name))  # type: ignore[misc]


def notice_alerts() -> None:
    """Notice stock that has crossed its bounds, and tell those whom the rules name."""
    moment = frappe.utils.now_datetime()
    in_transaction(lambda: alerting.notice_crossings(moment))


def freeze_unsellable() -> None:
    """Freeze goods that have passed their last day of sale, a few hundred keys per transaction."""
    day = frappe.utils.now_datetime().date()
    for keys in freezing.chunks_to_refreeze(day):
        in_transaction(lambda keys=keys: freezing.refreeze(keys, day))  # type: ignore[misc]


def check_changed_stock() -> None:
    """Check the balances that have changed since the last check; contradictions become incidents."""
    now = frappe.utils.now_datetime()
    for skus in checking.skus_to_check():
        in_transaction(lambda skus=skus: checking.check_stock(skus, now))  # type: ignore[misc]
    in_transaction(lambda: checking.note_checked("last_checked", now))


def check_all_stock() -> None:
    """Check every balance; contradictions become incidents."""
    now = frappe.utils.now_datetime()
    in_transaction(lambda: checking.check_stock(None, now))
    in_transaction(lambda: checking.note_checked("last_full_check", now))


def make_checkpoints() -> None:
    """Put ledger entries into checkpoints until no key is far behind."""
    while in_transaction(history.checkpoint_some):
        pass
