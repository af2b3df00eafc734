"""What happens next with an order, in one line: pure.

Invariant: every state of an order has exactly one line, and a reason that stops it comes before the ordinary next step.
Worked table: docs/algorithms/order-machine.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.orders.rules import blocks, machine


@dataclass(frozen=True, slots=True)
class Situation:
    """What the line depends on. Times are of the site's clock."""

    status: str
    codes: Sequence[str] = ()
    hold_until: datetime | None = None
    stock_state: str = ""
    warehouse: str = ""
    carrier: str = ""
    merged_into: str = ""


@dataclass(frozen=True, slots=True)
class NextStep:
    """One line for people, and the role that is asked (empty: nobody, it goes on by itself)."""

    text: Problem
    role: str = ""


_LINES: dict[str, tuple[str, str]] = {
    machine.DRAFT: (N_("Submit the order to accept it"), blocks.SERVICE),
    machine.PREORDER: (N_("Waits for the presale goods or the rest of the payment"), ""),
    machine.TO_PROCESS: (N_("Is processed next: gifts, merging, splitting, warehouse, carrier"), ""),
    machine.TO_AUDIT: (N_("Somebody looks at it and audits it"), blocks.SERVICE),
    machine.TO_FINANCE_AUDIT: (N_("Finance looks at it and audits it"), blocks.FINANCE),
    machine.AUDITED: (N_("Goes to the warehouse as soon as its stock is put aside"), ""),
    machine.PICKING: (N_("Is being picked in {0}; packing follows"), blocks.WAREHOUSE),
    machine.PACKED: (N_("Is packed in {0} and waits for the carrier"), blocks.WAREHOUSE),
    machine.SHIPPED: (N_("Is on its way; done when nothing comes back"), ""),
    machine.DONE: (N_("Nothing: it is done"), ""),
    machine.CANCELLED: (N_("Nothing: it is cancelled"), ""),
    machine.MERGED: (N_("Nothing here: it goes on as {1}"), ""),
    machine.SPLIT: (N_("Nothing here: its parts go on as orders of their own"), ""),
}


def next_step(order: Situation, now: datetime) -> NextStep:
    """Return the line for an order at the moment ``now``."""
    stopping = blocks.blocking(order.codes)
    if stopping and order.status in machine.LIVE:
        kind = blocks.kind_of(stopping[0])
        return NextStep(problem(kind.suggestion), kind.owner)
    if order.status == machine.UNPAID:
        return NextStep(problem(N_("Waits for the buyer's payment")))
    if order.status == machine.TO_PROCESS and order.hold_until and order.hold_until > now:
        return NextStep(problem(N_("Waits until {0}, so that changes and further orders can join"), order.hold_until))
    if order.status in (machine.TO_AUDIT, machine.AUDITED) and _is_short(order):
        return NextStep(
            problem(N_("Stock is short: buy, transfer or change the warehouse, then reserve again")), blocks.BUYER
        )
    if order.status == machine.TO_SHIP:
        return _to_ship(order)
    text, role = _LINES[order.status]
    return NextStep(problem(text, order.warehouse, order.merged_into), role)


def _to_ship(order: Situation) -> NextStep:
    if _is_short(order):
        text = N_("The warehouse {0} ships what is there; the rest waits for stock")
        return NextStep(problem(text, order.warehouse), blocks.WAREHOUSE)
    if order.carrier:
        return NextStep(
            problem(N_("The warehouse {0} picks it for {1}"), order.warehouse, order.carrier), blocks.WAREHOUSE
        )
    return NextStep(problem(N_("The warehouse {0} picks and ships it"), order.warehouse), blocks.WAREHOUSE)


def _is_short(order: Situation) -> bool:
    return order.stock_state in ("Not Reserved", "Part Reserved")
