"""Putting stock aside for orders, giving it back, and what lines and heads show of it.

Invariant: an order in a status that asks for it has put aside what there is, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ec_erp.inventory import flows as inventory
from ec_erp.inventory import store as inventory_store
from ec_erp.inventory.types import Reservation, ReservationRequest, StockKey
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, problem
from ec_erp.orders.flows.context import Run
from ec_erp.orders.flows.working import WorkingOrder, is_presale, open_qty
from ec_erp.orders.rules import machine, progress
from ec_erp.orders.rules.blocks import SHORTAGE

PRESALE = "Presale"


def reserve(orders: Sequence[WorkingOrder], run: Run) -> None:
    """Put stock aside for the orders whose status asks for it and that miss some; show it on lines and heads.

    Raises one ``StockShortage`` for all that is missing of orders that must be whole (``run.refusing``).
    """
    freed = [order for order in orders if order.freed_lines or _holds_for_nothing(order, run)]
    if freed:
        release(freed)
    wanting = [order for order in orders if asks_for_stock(order, run)]
    _harden([order for order in wanting if order.status != machine.UNPAID])
    groups = _channel_groups(wanting)
    requests = [request for order in wanting for request in _requests(order, run, groups.get(order.shop or ""))]
    if requests:
        _ask(wanting, requests, run)
    for order in orders:
        show_stock(order, run)


def _ask(wanting: Sequence[WorkingOrder], requests: Sequence[ReservationRequest], run: Run) -> None:
    """Put aside what the lines of orders ask for, and show on them what they hold."""
    origin = {row.name: _origin(order) for order in wanting for row in order.lines}
    first_time = not any(order.may_hold for order in wanting)
    reservations, balances = inventory.reserve(requests, origin, first_time=first_time)
    run.balances.update(balances)
    for order in wanting:
        order.may_hold = True
        _show_held(order, {row.name: reservations[row.name].held for row in order.lines if row.name in reservations})


def asks_for_stock(order: WorkingOrder, run: Run) -> bool:
    """Tell whether an order's stock is to be put aside now: as its status and shop say, never for brush and periodic orders."""
    status, value = order.status, order.value
    if value("is_brush") or value("cycle_times") or (status == machine.UNPAID and value("hold_expired")):
        return False
    return machine.reserves(status, run.terms(order))


def release(orders: Sequence[WorkingOrder]) -> None:
    """Give back what the lines of orders hold, lines that were taken out included; they show nothing of stock then."""
    held = [row.name for order in orders for row in order.lines if decimal_of(row.reserved_qty)]
    held += [name for order in orders for name in order.freed_lines]
    if held:
        inventory.release(held)
    for order in orders:
        for row in order.lines:
            order.put_line(row, reserved_qty=0.0, stock_state="None")
        order.put(stock_state=progress.order_stock_state([row.stock_state for row in order.lines]))


def show_stock(order: WorkingOrder, run: Run) -> None:
    """Write the stock states that follow from what is held, and the warning of a shortage."""
    reserving = asks_for_stock(order, run)
    for row in order.lines:
        order.put_line(row, stock_state=_line_state(order, row, reserving=reserving))
    order.put(stock_state=progress.order_stock_state([row.stock_state for row in order.lines]))
    if any(row.stock_state in ("Short", "Part Reserved") for row in order.lines):
        order.block(SHORTAGE, "stock", problem(N_("Stock is short for some lines")), run.now)
    else:
        order.unblock(SHORTAGE)


def _holds_for_nothing(order: WorkingOrder, run: Run) -> bool:
    """Tell whether an order holds stock that its status, or its marks, no longer ask for."""
    return not asks_for_stock(order, run) and any(decimal_of(row.reserved_qty) for row in order.lines)


def _harden(orders: Sequence[WorkingOrder]) -> None:
    """Keep what an order held while it was unpaid, now that its payment has come."""
    paid = [order for order in orders if order.path.start == machine.UNPAID]
    lines = [row.name for order in paid for row in order.lines if decimal_of(row.reserved_qty)]
    if lines:
        inventory.confirm(lines)


def _channel_groups(orders: Sequence[WorkingOrder]) -> dict[str, str]:
    shops = {order.shop for order in orders if order.shop}
    return inventory.groups_of_shops(shops) if shops else {}


def _requests(order: WorkingOrder, run: Run, channel_group: str | None) -> list[ReservationRequest]:
    wanted = [row for row in order.lines if row.sku and row.warehouse and not _waits_for_presale(order, row)]
    missing = [row for row in wanted if decimal_of(row.reserved_qty) + decimal_of(row.get("delivered_qty")) < _due(row)]
    if not missing:
        return []
    used = inventory_store.load_reservations(row.name for row in wanted if decimal_of(row.get("delivered_qty")))
    terms = run.terms(order)
    partial = order.name not in run.refusing or bool(terms and terms.allow_partial)
    asked = [row for row in wanted if not row.get("gift_rule")]
    given = [row for row in wanted if row.get("gift_rule")]
    requests = _as_group(order, asked, used, channel_group, partial=partial)
    return requests + _as_group(order, given, used, channel_group, partial=True, suffix="/gifts") if given else requests


def _as_group(
    order: WorkingOrder,
    rows: Sequence[Any],
    used: Mapping[str, Reservation],
    channel_group: str | None,
    *,
    partial: bool,
    suffix: str = "",
) -> list[ReservationRequest]:
    """Return what lines ask for, to be served together; gifts stand apart, for a short one does not refuse what earned it."""
    soft, group = order.status == machine.UNPAID, f"{order.name}{suffix}"
    return [
        ReservationRequest(
            group=group,
            line=row.name,
            key=StockKey(row.sku, row.warehouse),
            qty=_target(row, used),
            partial=partial,
            soft=soft,
            expires=order.moment("reserved_until") if soft else None,
            channel_group=channel_group,
            priority=int(order.priority or 0),
            since=order.moment("paid_datetime") or order.moment("order_datetime"),
        )
        for row in rows
    ]


def _target(row: Any, used: Mapping[str, Reservation]) -> Decimal:
    """Return what a reservation should come to, deliveries that used it included (others have used what was free)."""
    known = used.get(row.name)
    return open_qty(row) + (known.consumed if known else ZERO)


def _due(row: Any) -> Decimal:
    return max(ZERO, decimal_of(row.qty) - decimal_of(row.get("refunded_qty")))


def _origin(order: WorkingOrder) -> dict[str, Any]:
    return {"company": order.company, "voucher_type": "Sales Order", "voucher_no": order.name}


def _show_held(order: WorkingOrder, held: Mapping[str, Decimal]) -> None:
    """Show what lines hold that have asked; the others hold what they held."""
    for row in order.lines:
        if row.name in held:
            order.put_line(row, reserved_qty=float(held[row.name]))


def _waits_for_presale(order: WorkingOrder, row: Any) -> bool:
    return is_presale(order, row) and not order.presale_released


def _line_state(order: WorkingOrder, row: Any, *, reserving: bool) -> str:
    if _waits_for_presale(order, row):
        return PRESALE
    held, delivered = decimal_of(row.reserved_qty), decimal_of(row.get("delivered_qty"))
    if not row.sku or order.is_brush or (not reserving and not held and not delivered):
        return "None"
    return progress.line_stock_state(_due(row), held, delivered)
