"""Preorders: deposits, and letting them go on by arrival, by date or by hand.

Invariant: a preorder goes on when its goods are released and all of it is paid; one that should and cannot is flagged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from ec_erp.documents.errors import refuse
from ec_erp.inventory import store as inventory_store
from ec_erp.inventory.types import StockKey
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, problem, words
from ec_erp.orders import store
from ec_erp.orders.errors import OrderNotReady
from ec_erp.orders.flows.context import Run, start_run
from ec_erp.orders.flows.going_on import go_on, lock_all
from ec_erp.orders.flows.working import WorkingOrder, lock_orders
from ec_erp.orders.rules import blocks, machine, payment
from ec_erp.orders.rules.presale import Waiting, arrived


def pay_deposits(names: Iterable[str], paid: datetime | None = None) -> list[WorkingOrder]:
    """Record that the deposits of orders are paid. Raises ``OrderNotReady`` for orders that wait for none."""
    orders = lock_all(names)
    run = start_run(orders)
    message = N_("The order {0} waits for no deposit")
    wrong = [order for order in orders if order.payment_type != payment.DEPOSIT or order.status != machine.UNPAID]
    refuse([problem(message, order.name) for order in wrong], OrderNotReady)
    for order in orders:
        order.put(deposit_datetime=paid or run.now, payment_state=payment.DEPOSIT_PAID)
        order.log("Payment", payment.DEPOSIT_PAID)
    go_on(orders, run)
    return orders


def documents_settled(settled: Mapping[tuple[str, str], Decimal]) -> None:
    """Record deposits that payments have settled, of documents as {(DocType, name): what is paid now}.

    The hook ``ec_erp_documents_settled`` names this; the documents are locked.
    """
    amounts = {name: amount for (doctype, name), amount in settled.items() if doctype == "Sales Order"}
    fields = ["status", "payment_type", "payment_state", "deposit_amount"]
    known = store.load_fields("Sales Order", amounts, fields) if amounts else {}
    names = [row["name"] for row in known.values() if _is_deposit_paid(row, amounts[row["name"]])]
    if names:
        pay_deposits(names)


def _is_deposit_paid(row: Mapping[str, Any], amount: Decimal) -> bool:
    waits = row["payment_type"] == payment.DEPOSIT and row["payment_state"] == payment.UNPAID
    deposit = decimal_of(row["deposit_amount"])
    return waits and row["status"] == machine.UNPAID and 0 < deposit <= amount


def release_presale(names: Iterable[str], why: str = "") -> list[WorkingOrder]:
    """Release the presale goods of orders; those that are paid go on, the others are flagged."""
    orders = lock_all(names)
    message = N_("The order {0} is {1}: this cannot be done now")
    wrong = [order for order in orders if order.status != machine.PREORDER]
    refuse([problem(message, order.name, words(order.status)) for order in wrong], OrderNotReady)
    run = start_run(orders)
    release(orders, run, why)
    return orders


def release(orders: Sequence[WorkingOrder], run: Run, why: str) -> None:
    """Mark presale goods as released and let their orders go on; flag those that cannot."""
    for order in orders:
        order.why = why
        order.put(presale_released=1)
        order.unblock(blocks.PREORDER_FAILED)
    go_on(orders, run)
    stuck = [order for order in orders if order.status == machine.PREORDER and not run.facts(order).paid]
    for order in stuck:
        order.block(blocks.PREORDER_FAILED, "presale", problem(N_("The rest of the payment has not come")), run.now)
    go_on(stuck, run)


def arrived_orders(names: Iterable[str]) -> list[str]:
    """Return which preorders what is free now serves completely, those that wait longest first."""
    orders = lock_orders(names)
    keys = {StockKey(row.sku, row.warehouse) for order in orders for row in order.lines if row.sku and row.warehouse}
    free: dict[object, Decimal] = {key: balance.free for key, balance in inventory_store.load_balances(keys).items()}
    waiting = [
        Waiting(
            order.name, order.moment("paid_datetime") or order.moment("order_datetime") or datetime.max, _needs(order)
        )
        for order in orders
    ]
    return arrived(waiting, free)


def _needs(order: WorkingOrder) -> dict[object, Decimal]:
    needs: dict[object, Decimal] = {}
    for row in order.lines:
        key = StockKey(row.sku, row.warehouse)
        needs[key] = needs.get(key, ZERO) + decimal_of(row.qty) - decimal_of(row.reserved_qty)
    return needs
