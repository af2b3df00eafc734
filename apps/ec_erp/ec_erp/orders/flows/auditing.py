"""Auditing orders by rule: what passes goes on, the rest waits for the person it needs.

Invariant: an order that waits says why, on itself and in its history.
"""

from __future__ import annotations

from collections.abc import Sequence

from ec_erp.documents.errors import text_of
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, problem
from ec_erp.orders.flows.context import Run
from ec_erp.orders.flows.working import WorkingOrder
from ec_erp.orders.rules import auditing, blocks, machine
from ec_erp.orders.rules.auditing import Audit, AuditFacts, AuditPolicy


def audit(orders: Sequence[WorkingOrder], run: Run) -> None:
    """Decide on orders that wait for the first audit, and let those pass that need nobody."""
    for order in orders:
        verdict = auditing.audit(audit_facts(order), _policy(order, run))
        _show(order, verdict, run)
        facts = run.facts(order)
        if verdict.person:
            continue
        for event in (machine.AUDIT, machine.PASS_TO_FINANCE):
            if machine.can(order.status, event, facts):
                order.step(event, facts)
                break


def audit_facts(order: WorkingOrder) -> AuditFacts:
    """Return what the rules of the audit look at."""
    own = sum((decimal_of(row.get("discount_amount")) for row in order.lines), ZERO)
    return AuditFacts(
        total=order.decimal("grand_total"),
        goods_before_discount=order.decimal("goods_total") + own,
        discount=own + order.decimal("discount_amount"),
        profit=order.decimal("estimated_profit") if order.profit_known else None,
        is_sale=(order.order_type or "Sale") == "Sale",
    )


def _policy(order: WorkingOrder, run: Run) -> AuditPolicy:
    terms = run.terms(order)
    always = terms is not None and terms.reserve_on == "Audit"
    return AuditPolicy(
        finance_over=decimal_of(run.settings.finance_audit_over),
        finance_discount_percent=decimal_of(run.settings.finance_audit_discount),
        hold_loss=bool(run.settings.hold_loss_making),
        person=(problem(N_("The shop wants every order looked at")),) if always else (),
    )


def _show(order: WorkingOrder, verdict: Audit, run: Run) -> None:
    order.put(needs_finance_audit=int(bool(verdict.finance)))
    if verdict.loss:
        order.block(blocks.LOSS, "audit", text_of(verdict.loss), run.now)
    text = N_("Passed by itself") if verdict.passes else N_("Waits for a person")
    order.explain("Audit", text, why=verdict.reasons)
