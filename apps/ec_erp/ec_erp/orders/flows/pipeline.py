"""What happens to orders between payment and warehouse, stage by stage, over sets.

Invariant: each stage decides by a pure rule on facts loaded once for the set; what it decided stands in the history.
"""

from __future__ import annotations

from collections.abc import Sequence

from ec_erp.orders.flows.context import Run
from ec_erp.orders.flows.working import WorkingOrder
from ec_erp.orders.rules import machine


def prepare(orders: Sequence[WorkingOrder], run: Run) -> list[WorkingOrder]:
    """Run the stages before the audit; return the orders that merging and splitting have made."""
    for order in orders:
        facts = run.facts(order)
        if facts.presale and not facts.presale_ready and machine.can(order.status, machine.POSTPONE, facts):
            order.step(machine.POSTPONE, facts)
    return []


def release_preorder(order: WorkingOrder, run: Run) -> None:
    """Release a preorder whose goods are there and that is paid."""
    facts = run.facts(order)
    if machine.can(order.status, machine.RELEASE, facts):
        order.step(machine.RELEASE, facts)
