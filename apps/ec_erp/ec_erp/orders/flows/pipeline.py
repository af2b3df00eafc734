"""What happens to orders between payment and warehouse, stage by stage, over sets: marks, gifts, turns, merge, split, warehouse, carrier.

Invariant: each stage decides by a pure rule on facts loaded once for the set; what it decided stands in the history.
"""

from __future__ import annotations

from collections.abc import Sequence

from ec_erp.orders.flows import cycles, merging, preparing, sourcing, splitting
from ec_erp.orders.flows.context import Run
from ec_erp.orders.flows.working import WorkingOrder, has_presale, is_held, is_mapped
from ec_erp.orders.rules import blocks, machine

# What was made of other orders by rule keeps its gifts (merged ones unless settings say otherwise) and is not merged again.
DERIVED = ("Merge", "Split")


def prepare(orders: Sequence[WorkingOrder], run: Run) -> None:
    """Run the stages before the audit on orders that wait for them; merged and split ones end on the way."""
    apart = splitting.presale_apart(orders, run)
    _postpone([order for order in orders if order.name not in apart], run)
    preparing.mark([order for order in orders if order.status == machine.TO_PROCESS], run)
    going = [order for order in orders if _is_due(order, run)]
    preparing.give([order for order in going if order.origin not in DERIVED or _earns_anew(order)], run)
    cycles.begin([order for order in going if order.cycle_times], run)
    merging.merge([order for order in _left(going) if order.origin not in DERIVED], run)
    splitting.split(_left(going), run)
    _postpone([order for order in _left(going) if order.name in apart], run)
    sourcing.source(_left(going), run)
    sourcing.carry(_left(going), run)


def _postpone(orders: Sequence[WorkingOrder], run: Run) -> None:
    for order in orders:
        if not has_presale(order):
            continue
        facts = run.facts(order)
        if facts.presale and not facts.presale_ready and machine.can(order.status, machine.POSTPONE, facts):
            order.step(machine.POSTPONE, facts)


def _is_due(order: WorkingOrder, run: Run) -> bool:
    """Tell whether nothing keeps an order from being processed: no window, no reason, no line without a SKU."""
    if order.status != machine.TO_PROCESS or blocks.blocking(order.codes):
        return False
    return is_mapped(order) and not is_held(order, run.now)


def _earns_anew(order: WorkingOrder) -> bool:
    return bool(order.origin == "Merge" and not order.gifts_by_hand)


def _left(orders: Sequence[WorkingOrder]) -> list[WorkingOrder]:
    return [order for order in orders if order.status == machine.TO_PROCESS]


def release_preorder(order: WorkingOrder, run: Run) -> None:
    """Release a preorder whose goods are there and that is paid."""
    facts = run.facts(order)
    if machine.can(order.status, machine.RELEASE, facts):
        order.step(machine.RELEASE, facts)
