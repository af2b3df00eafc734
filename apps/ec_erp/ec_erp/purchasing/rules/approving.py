"""Which approvals a purchase order needs, who gave them, and what its status is then.

Invariant: an order without open approvals is approved; purchasing approves before finance.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from ec_erp.kernel.numbers import ZERO, plain
from ec_erp.purchasing.rules.receiving import APPROVED
from ec_erp.purchasing.types import Approval, ApprovalRule, OrderTerms

PURCHASE, FINANCE = "Purchase", "Finance"
TO_APPROVE, TO_FINANCE_APPROVE = "To Approve", "To Finance Approve"
PENDING_STATUSES = (TO_APPROVE, TO_FINANCE_APPROVE)
_STEPS = (PURCHASE, FINANCE)


def required_approvals(rules: Iterable[ApprovalRule], order: OrderTerms) -> list[Approval]:
    """Return the approvals an order needs: one per step and role, purchasing first, with the reason of the first rule."""
    found: dict[tuple[str, str], Approval] = {}
    for rule in sorted(rules, key=lambda rule: (_STEPS.index(rule.step), rule.name)):
        reason = _reason(rule, order)
        if reason is not None:
            found.setdefault((rule.step, rule.role), Approval(rule.step, rule.role, rule.name, reason, rule.allow_own))
    return list(found.values())


def give_approvals(
    approvals: Sequence[Approval], user: str, roles: Collection[str], at: datetime, *, own: bool
) -> list[Approval]:
    """Return the approvals after a user gave those of the earliest open step that the user's roles allow.

    ``own`` says that the user submits the order: then only rules that allow it count, and later steps are given too.
    """
    after: list[Approval] = []
    for approval in approvals:
        reachable = own or approval.step == open_step(approvals)
        may = approval.role in roles and (approval.allow_own or not own)
        given = not approval.approved_by and reachable and may
        after.append(replace(approval, approved_by=user, approved_at=at) if given else approval)
    return after


def open_step(approvals: Iterable[Approval]) -> str | None:
    """Return the earliest step that waits for somebody, None where nothing does."""
    waiting = {approval.step for approval in approvals if not approval.approved_by}
    return next((step for step in _STEPS if step in waiting), None)


def status_after(approvals: Sequence[Approval]) -> str:
    """Return the status of a submitted order of which nothing has come."""
    return {PURCHASE: TO_APPROVE, FINANCE: TO_FINANCE_APPROVE, None: APPROVED}[open_step(approvals)]


def _reason(rule: ApprovalRule, order: OrderTerms) -> str | None:
    """Return why a rule applies to an order, None where it does not."""
    if rule.company not in (None, order.company) or rule.supplier not in (None, order.supplier):
        return None
    if rule.min_amount <= ZERO and rule.deviation_percent <= ZERO:
        return rule.name
    reasons = []
    if ZERO < rule.min_amount <= order.amount:
        reasons.append(f"{plain(order.amount)} ≥ {plain(rule.min_amount)}")
    if ZERO < rule.deviation_percent < order.deviation:
        reasons.append(f"+{plain(order.deviation)} % > {plain(rule.deviation_percent)} %")
    return "; ".join(reasons) or None
