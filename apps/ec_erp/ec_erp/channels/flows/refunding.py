"""Refunds that a shop pushes: kept as they came, followed once per change.

Invariant: a refund is followed once per state, however often it is pushed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import frappe

from ec_erp.channels import store
from ec_erp.channels.flows.following import follow_refund
from ec_erp.channels.flows.pushing import CREATED, FAILED, UNCHANGED, UPDATED, Taken, checked_shop, refuse_too_many
from ec_erp.channels.flows.returning import look_again
from ec_erp.channels.rules import pushed as rules
from ec_erp.channels.rules.pushed import PushedRefund, Unusable
from ec_erp.documents.errors import text_of
from ec_erp.kernel.times import moment_of

_SAVEPOINT = "ec_erp_refund"


def push_refunds(shop: str, payloads: Sequence[Any]) -> list[Taken]:
    """Take pushed refunds; return what became of each, in their order. Raises ``PushRefused`` as for orders."""
    name = checked_shop(shop)
    refuse_too_many(payloads)
    return [_take(name, payload) for payload in payloads]


def _take(shop: str, payload: Any) -> Taken:
    now = moment_of(frappe.utils.now_datetime())
    try:
        refund = rules.read_refund(payload, now)
    except Unusable as unusable:
        given = str(payload.get("id") or "") if isinstance(payload, Mapping) else ""
        return Taken(given, FAILED, message="; ".join(text_of(one) for one in unusable.problems))
    known = store.load_refund(shop, refund.refund_id)
    if known is not None and known.process_state != "Failed" and not _is_news(known, refund):
        return Taken(refund.refund_id, UNCHANGED)
    return _follow(shop, refund, payload, known)


def _is_news(known: Any, refund: PushedRefund) -> bool:
    newer = refund.modified > moment_of(frappe.utils.get_datetime(known.platform_modified))
    return newer and refund.status != known.platform_status


def _follow(shop: str, refund: PushedRefund, payload: Any, known: Any) -> Taken:
    state = CREATED if known is None else UPDATED
    frappe.db.savepoint(_SAVEPOINT)
    try:
        effect, failed = "; ".join(follow_refund(shop, refund)), False
    except frappe.ValidationError as refused:
        frappe.db.rollback(save_point=_SAVEPOINT)
        frappe.clear_messages()
        effect, failed = frappe.utils.strip_html(str(refused)), True
    values = store.refund_values(shop, refund, payload, effect, failed=failed)
    if known is None:
        lines = [{"platform_line_id": line, "qty": float(qty)} for line, qty in refund.lines.items()]
        frappe.get_doc({"doctype": "Platform Refund", **values, "lines": lines}).insert(ignore_permissions=True)
    else:
        store.update_refund(known.name, values)
    look_again(shop, refund)
    return Taken(refund.refund_id, FAILED if failed else state, message=effect)
