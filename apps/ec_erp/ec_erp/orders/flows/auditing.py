"""Auditing orders by rule: what passes goes on, the rest waits for the person it needs.

Invariant: an order that waits says why, on itself and in its history.
"""

from __future__ import annotations

from collections.abc import Sequence

from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.problems import N_, problem
from ec_erp.orders.flows.context import Run
from ec_erp.orders.flows.facts import audit_facts, facts_of
from ec_erp.orders.flows.list_prices import watch_floors
from ec_erp.orders.flows.preparing import add_reasons
from ec_erp.orders.flows.working import WorkingOrder
from ec_erp.orders.rules import auditing, blocks, machine, rulebook
from ec_erp.orders.rules.auditing import Audit, AuditPolicy
from ec_erp.orders.rules.rulebook import Match


def audit(orders: Sequence[WorkingOrder], run: Run) -> None:
    """Decide on orders that wait for the first audit, and let those pass that need nobody."""
    watch_floors(orders, run)
    known = facts_of(orders, run) if run.book.of(rulebook.AUDIT) else {}
    for order in orders:
        found = rulebook.matches(run.book, rulebook.AUDIT, known[order.name], run.now) if known else []
        add_reasons(order, found, run)
        verdict = auditing.audit(audit_facts(order), audit_policy(order, found, run))
        _show(order, verdict, run)
        facts = run.facts(order)
        if verdict.person:
            continue
        for event in (machine.AUDIT, machine.PASS_TO_FINANCE):
            if machine.can(order.status, event, facts):
                order.step(event, facts)
                break


def audit_policy(order: WorkingOrder, found: Sequence[Match], run: Run) -> AuditPolicy:
    """Return what settings, shop and matching rules ask of an order; a rule that lets it pass outdoes the shop."""
    terms = run.terms(order)
    person = [rulebook.reason(match) for match, _ in rulebook.actions_of(found, rulebook.ASK_SERVICE)]
    if terms is not None and terms.reserve_on == "Audit" and not rulebook.actions_of(found, rulebook.PASS):
        person.append(problem(N_("The shop wants every order looked at")))
    return AuditPolicy(
        finance_over=decimal_of(run.settings.finance_audit_over),
        finance_discount_percent=decimal_of(run.settings.finance_audit_discount),
        hold_loss=bool(run.settings.hold_loss_making),
        person=tuple(person),
        finance=tuple(rulebook.reason(match) for match, _ in rulebook.actions_of(found, rulebook.ASK_FINANCE)),
    )


def _show(order: WorkingOrder, verdict: Audit, run: Run) -> None:
    order.put(needs_finance_audit=int(bool(verdict.finance)))
    if verdict.loss:
        order.block_unless_cleared(blocks.LOSS, "audit", verdict.loss, run.now)
    text = N_("Passed by itself") if verdict.passes else N_("Waits for a person")
    order.explain("Audit", text, why=verdict.reasons)
