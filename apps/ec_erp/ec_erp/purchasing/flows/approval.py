"""Approvals of purchase orders: finding out whose are needed, giving them, refusing an order.

Invariant: an approval is given by somebody who has its role, in the order of the steps.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import frappe

from ec_erp.documents.errors import refuse, refuse_with
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.problems import N_, problem
from ec_erp.purchasing.errors import PurchaseRefused
from ec_erp.purchasing.rules import approving
from ec_erp.purchasing.store import approvals as store
from ec_erp.purchasing.types import Approval, BoughtOrder, OrderTerms


def fill_approvals(doc: Any) -> None:
    """Show on an order which approvals it needs and why; on submission give those that the submitter may give."""
    if doc.docstatus == 2:
        return
    terms = OrderTerms(doc.company, doc.supplier, decimal_of(doc.grand_total), decimal_of(doc.max_deviation))
    needed = approving.required_approvals(store.load_approval_rules(), terms)
    if doc.docstatus == 1:
        now, user = frappe.utils.now_datetime(), frappe.session.user
        needed = approving.give_approvals(needed, user, roles_of(user), now, own=True)
    if not needed and not doc.approvals:
        return
    doc.approvals = []
    for approval in needed:
        doc.append("approvals", _row(approval))


def approvals_of(doc: Any) -> list[Approval]:
    """Return the approvals that an order's rows show."""
    return [
        Approval(row.step, row.role, row.rule or "", row.reason or "", approved_by=row.approved_by or None)
        for row in doc.approvals
    ]


def give(orders: Iterable[BoughtOrder], user: str) -> dict[str, str]:
    """Give a user's approvals to locked orders; return the status of each.

    Raises ``PurchaseRefused`` for orders that wait for nobody, ``frappe.PermissionError`` where no role of the user's does.
    """
    waiting = list(orders)
    others = [order.name for order in waiting if order.status not in approving.PENDING_STATUSES]
    refuse([problem(N_("{0} waits for no approval"), name) for name in others], PurchaseRefused)
    known = store.load_approvals(order.name for order in waiting)
    now, roles = frappe.utils.now_datetime(), roles_of(user)
    after = {name: approving.give_approvals(rows, user, roles, now, own=False) for name, rows in known.items()}
    for name, rows in after.items():
        if rows == known[name]:
            _refuse_role(name, rows)
    store.write_approvals(after)
    return {order.name: approving.status_after(after.get(order.name, [])) for order in waiting}


def refuse_order(doc: Any, reason: str) -> None:
    """Cancel an order that waits for approval, with the reason. Raises ``PurchaseRefused`` for other orders."""
    if doc.status not in approving.PENDING_STATUSES:
        refuse([problem(N_("{0} waits for no approval"), doc.name)], PurchaseRefused)
    if not reason.strip():
        refuse([problem(N_("Say why the order is rejected"))], PurchaseRefused)
    waiting = approvals_of(doc)
    step = approving.open_step(waiting)
    if not any(approval.role in roles_of(frappe.session.user) for approval in waiting if approval.step == step):
        _refuse_role(doc.name, waiting)
    doc.db_set("rejection_reason", reason)
    doc.cancel()


def roles_of(user: str) -> Collection[str]:
    """Return the roles of a user."""
    return set(frappe.get_roles(user))


def _refuse_role(name: str, approvals: Iterable[Approval]) -> None:
    waiting = [approval for approval in approvals if not approval.approved_by]
    step = approving.open_step(waiting)
    roles = ", ".join(sorted({frappe._(approval.role) for approval in waiting if approval.step == step}))
    refuse_with([problem(N_("{0} waits for the approval of {1}"), name, roles)], frappe.PermissionError)


def _row(approval: Approval) -> dict[str, Any]:
    return {
        "step": approval.step,
        "role": approval.role,
        "rule": approval.rule,
        "reason": approval.reason,
        "approved": int(bool(approval.approved_by)),
        "approved_by": approval.approved_by,
        "approved_at": approval.approved_at,
    }
