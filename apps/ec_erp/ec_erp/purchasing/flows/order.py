"""Purchase orders: checking, approving, stopping, cancelling, for lists of orders.

Invariant: what a balance shows as on order is what the approved orders still expect.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.catalog import flows as catalog
from ec_erp.documents.defaults import fill_moment
from ec_erp.documents.errors import refuse
from ec_erp.documents.sets import CANCELLED
from ec_erp.inventory import flows as inventory
from ec_erp.inventory.types import BalanceChange, StockKey
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.problems import N_, problem
from ec_erp.purchasing import store
from ec_erp.purchasing.errors import PurchaseRefused
from ec_erp.purchasing.flows import approval, common, payables, prices, request
from ec_erp.purchasing.rules import approving, receiving
from ec_erp.purchasing.store import masters
from ec_erp.purchasing.types import BoughtOrder, BoughtOrderLine


def prefetch(docs: Sequence[Any]) -> None:
    """Load what checking these orders will ask for."""
    catalog.prefetch_skus(docs)
    prices.prefetch(docs)


def fill_order(doc: Any) -> None:
    """Complete an order: company, currency, time, warehouses, expected dates."""
    common.fill_head(doc)
    fill_moment(doc, "order_datetime")
    common.fill_rows(doc)
    catalog.convert_rows(doc)
    for row in doc.items:
        row.schedule_date = row.schedule_date or doc.schedule_date
    prices.fill_dates(doc)
    prices.fill_rates(doc)


def check_order(doc: Any) -> None:
    """Refuse an order that breaks a rule; price it; find out whose approval it needs."""
    _check_supplier(doc.supplier)
    common.check_rows(doc)
    prices.compare_rates(doc)
    approval.fill_approvals(doc)
    if doc.docstatus == 0:
        doc.status = "Draft"


def submit_orders(docs: Sequence[Any]) -> None:
    """Count submitted orders that need no more approvals as on order; the others wait."""
    for doc in docs:
        doc.status = approving.status_after(approval.approvals_of(doc))
    store.write_status("Purchase Order", {doc.name: doc.status for doc in docs})
    request.take_from_requests(docs)
    approved = [doc for doc in docs if doc.status == receiving.APPROVED]
    if approved:
        _expect(approved)
        payables.ask_for_prepayments(approved)


def approve_orders(names: Iterable[str], user: str) -> dict[str, str]:
    """Give the approvals that a user's roles allow; return the orders' status.

    Raises ``PurchaseRefused`` for orders that wait for nobody, ``frappe.PermissionError`` where the roles don't allow it.
    """
    orders = store.lock_orders(names)
    statuses = approval.give(orders.values(), user)
    store.write_status("Purchase Order", statuses)
    ready = [name for name, status in statuses.items() if status == receiving.APPROVED]
    if ready:
        docs = [frappe.get_doc("Purchase Order", name) for name in ready]
        _expect(docs)
        payables.ask_for_prepayments(docs)
    return statuses


def close_orders(names: Iterable[str]) -> dict[str, str]:
    """Close orders of which nothing more is expected; return their status. Raises ``PurchaseRefused`` for open ones."""
    orders = store.lock_orders(names)
    wrong = [order.name for order in orders.values() if order.status not in receiving.CLOSABLE_STATUSES]
    message = N_("{0} can't be closed: goods are still expected, or it is closed already")
    refuse([problem(message, name) for name in wrong], PurchaseRefused)
    store.write_status("Purchase Order", dict.fromkeys(orders, receiving.CLOSED))
    return dict.fromkeys(orders, receiving.CLOSED)


def _expect(docs: Sequence[Any]) -> None:
    changes, companies = _expected(docs)
    inventory.change_promises(changes, companies)


def cancel_orders(docs: Sequence[Any]) -> None:
    """Cancel orders of which nothing has come. Raises ``PurchaseRefused`` for others."""
    orders = store.lock_orders((doc.name for doc in docs), docstatus=CANCELLED)
    begun = [order.name for order in orders.values() if any(line.received for line in order.lines)]
    message = N_("Goods of {0} have been received; cancel the receipts or stop the order instead")
    refuse([problem(message, name) for name in begun], PurchaseRefused)
    expected = [order for order in orders.values() if order.status in receiving.OPEN_STATUSES]
    inventory.change_promises([_change(line, -line.open_qty) for order in expected for line in order.lines])
    request.give_back_to_requests(docs)
    payables.drop_prepayments(docs)
    for doc in docs:
        doc.status = "Cancelled"
    store.write_status("Purchase Order", {doc.name: doc.status for doc in docs})


def stop_orders(names: Iterable[str]) -> dict[str, str]:
    """Stop waiting for the rest of orders; return their status. Raises ``PurchaseRefused`` for finished orders."""
    orders = store.lock_orders(names)
    closed = [order.name for order in orders.values() if order.status not in receiving.OPEN_STATUSES]
    refuse([problem(N_("Nothing is expected for {0} any more"), name) for name in closed], PurchaseRefused)
    stopped: list[BoughtOrder] = []
    changes: list[BalanceChange] = []
    for order in orders.values():
        pairs = [receiving.stop(line) for line in order.lines]
        stopped.append(replace(order, lines=tuple(line for line, _ in pairs)))
        changes.extend(_change(line, qty) for line, qty in pairs)
    inventory.change_promises([change for change in changes if change.on_order])
    store.write_order_progress(stopped)
    payables.reduce_prepayments(order.name for order in stopped)
    return {order.name: receiving.order_status(order.lines) for order in stopped}


def receive(orders: Mapping[str, BoughtOrder], quantities: Mapping[str, Decimal]) -> list[BalanceChange]:
    """Add received quantities (by order line; negative ones are undone) to locked orders; return changes of on order."""
    changes: list[BalanceChange] = []
    after: list[BoughtOrder] = []
    for order in orders.values():
        pairs = [receiving.receive(line, quantities.get(line.line, decimal_of(0))) for line in order.lines]
        after.append(replace(order, lines=tuple(line for line, _ in pairs)))
        changes.extend(_change(line, qty) for line, qty in pairs if qty)
    store.write_order_progress(after)
    return changes


def _change(line: BoughtOrderLine, qty: Decimal) -> BalanceChange:
    return BalanceChange(StockKey(line.sku, line.warehouse), on_order=qty)


def _expected(docs: Sequence[Any]) -> tuple[list[BalanceChange], dict[StockKey, str]]:
    changes: list[BalanceChange] = []
    companies: dict[StockKey, str] = {}
    for doc in docs:
        for row in doc.items:
            key = StockKey(row.sku, row.warehouse)
            changes.append(BalanceChange(key, on_order=decimal_of(row.qty)))
            companies[key] = doc.company
    return changes, companies


def _check_supplier(name: str) -> None:
    if masters.is_supplier_disabled(name):
        refuse([problem(N_("The supplier {0} is disabled"), name)], PurchaseRefused)
