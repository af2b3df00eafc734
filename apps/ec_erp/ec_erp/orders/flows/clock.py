"""What happens to orders because time has passed: windows that end, promises that run out, parcels that have arrived.

Invariant: what is due is found by one query per kind and done in chunks; of a chunk that fails each is done by itself, and what fails
then is reported and stops no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import frappe

from ec_erp.orders import store
from ec_erp.orders.flows import cycles, instalments, overdue, presale
from ec_erp.orders.flows.context import order_settings, start_run
from ec_erp.orders.flows.going_on import go_on, lock_all
from ec_erp.orders.flows.working import WorkingOrder, lock_orders, write_orders
from ec_erp.orders.rules import machine

CHUNK = 100
MOST_PER_RUN = 2000
_SAVEPOINT = "ec_erp_clock"


def run_due(now: datetime | None = None) -> dict[str, int]:
    """Do everything that is due; return how many orders each kind of work has seen."""
    moment = now or frappe.utils.now_datetime()
    return {kind: _in_chunks(kind, due(moment), work) for kind, (due, work) in _KINDS.items()}


def _window_over(now: datetime) -> list[str]:
    return store.load_due_orders([machine.TO_PROCESS], "hold_until", now, MOST_PER_RUN)


def _presale_date_come(now: datetime) -> list[str]:
    return store.load_due_orders(
        [machine.PREORDER], "presale_date", now.replace(hour=23, minute=59, second=59), MOST_PER_RUN
    )


def _unpaid_too_long(now: datetime) -> list[str]:
    return store.load_due_orders([machine.UNPAID], "reserved_until", now, MOST_PER_RUN)


def _shipped_long_ago(now: datetime) -> list[str]:
    days = int(order_settings().done_after_days or 0)
    return store.load_quiet_orders(machine.SHIPPED, now - timedelta(days=days), MOST_PER_RUN) if days else []


def _process(names: Sequence[str]) -> None:
    orders = lock_all(names)
    go_on(orders, start_run(orders))


def _goods_arrived(now: datetime) -> list[str]:  # noqa: ARG001  the table's shape
    return presale.arrived_orders(store.load_preorders("On Arrival", MOST_PER_RUN))


def _release_by_date(names: Sequence[str]) -> None:
    orders = [
        order for order in lock_orders(names) if order.presale_release == "On Date" and not order.presale_released
    ]
    presale.release(orders, start_run(orders), "")


def _release(names: Sequence[str]) -> None:
    orders = lock_orders(names)
    presale.release(orders, start_run(orders), "")


def _give_up_stock(names: Sequence[str]) -> None:
    """Give back what unpaid orders have held for as long as they may; they stay open and may still be paid."""
    orders = lock_orders(names)
    run = start_run(orders)
    for order in orders:
        order.put(reserved_until=None, hold_expired=1)
        order.log("Stock", "Hold Expired")
    go_on(orders, run)


def _finish(names: Sequence[str]) -> None:
    orders: list[WorkingOrder] = lock_orders(names)
    run = start_run(orders)
    for order in orders:
        if machine.can(order.status, machine.FINISH, run.facts(order)):
            order.step(machine.FINISH, run.facts(order))
    write_orders(orders, run.now)


def _shipped_on_terms(now: datetime) -> list[str]:
    return instalments.awaiting_shipment(now, MOST_PER_RUN)


def _deliveries_due(now: datetime) -> list[str]:
    return cycles.due_cycles(now, MOST_PER_RUN)


def _debts_settled(now: datetime) -> list[str]:
    return overdue.settled(now, MOST_PER_RUN)


_KINDS: dict[str, tuple[Callable[[datetime], list[str]], Callable[[Sequence[str]], object]]] = {
    "processed": (_window_over, _process),
    "presale released": (_presale_date_come, _release_by_date),
    "presale arrived": (_goods_arrived, _release),
    "stock given back": (_unpaid_too_long, _give_up_stock),
    "finished": (_shipped_long_ago, _finish),
    "instalments dated": (_shipped_on_terms, instalments.set_shipped),
    "stops lifted": (_debts_settled, overdue.lift),
    "deliveries made": (_deliveries_due, cycles.make_due),
}


def _in_chunks(kind: str, names: Sequence[str], work: Callable[[Sequence[str]], object]) -> int:
    for chunk in _chunks(names):
        if not _done(chunk, work):
            for name in chunk:  # what is wrong with one holds up none of the others
                if not _done([name], work):
                    frappe.log_error(title=f"Orders: {kind}: {name}")
    return len(names)


def _done(names: Sequence[str], work: Callable[[Sequence[str]], object]) -> bool:
    """Do the work and tell whether it was done; what was written is undone where it was refused."""
    frappe.db.savepoint(_SAVEPOINT)
    try:
        work(names)
    except frappe.ValidationError:
        frappe.db.rollback(save_point=_SAVEPOINT)
        return False
    frappe.db.release_savepoint(_SAVEPOINT)
    return True


def _chunks(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), CHUNK):
        yield names[start : start + CHUNK]
