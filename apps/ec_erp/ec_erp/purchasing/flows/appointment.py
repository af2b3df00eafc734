"""Delivery appointments: completing, booking a dock, confirming, rejecting, cancelling.

Invariant: docks are locked before what is booked of them is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import frappe

from ec_erp.catalog import flows as catalog
from ec_erp.documents.defaults import fill_company
from ec_erp.documents.errors import refuse, text_of
from ec_erp.documents.lines import total_of
from ec_erp.inventory import flows as inventory
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.purchasing import store as orders_store
from ec_erp.purchasing.errors import DockFull, PurchaseRefused
from ec_erp.purchasing.flows import common
from ec_erp.purchasing.rules import appointing, receiving
from ec_erp.purchasing.store import appointments as store
from ec_erp.purchasing.types import Appointment, BoughtOrder, BoughtOrderLine, DockSlot, FreeSlot

WARN = "Warn"
_OPEN_MESSAGE = N_("Nothing is expected for {0} any more, or it waits for approval")


def check_slot(doc: Any) -> None:
    """Refuse a dock slot that ends before it begins or is open on no day."""
    wrong = appointing.window_problem(doc.slot_name, _time(doc.from_time), _time(doc.to_time))
    refuse(filter(None, [wrong]), PurchaseRefused)
    if not any(doc.get(day) for day in store.WEEKDAYS):
        refuse([problem(N_("Say on which days {0} is open"), doc.slot_name)], PurchaseRefused)


def check_exception(doc: Any) -> None:
    """Refuse days that end before they begin and a slot of another warehouse; tell what is booked on days that close."""
    first, last = (common.day_of(day) for day in (doc.from_date, doc.to_date or doc.from_date))
    if last < first:
        refuse([problem(N_("{0} ends before it begins"), doc.reason)], PurchaseRefused)
    if doc.dock_slot and doc.dock_slot not in [slot.name for slot in store.load_slots([doc.warehouse])]:
        message = N_("{0} is no dock slot of {1} that is in use")
        refuse([problem(message, doc.dock_slot, doc.warehouse)], PurchaseRefused)
    booked = store.load_booked(doc.warehouse, doc.dock_slot, first, last) if doc.kind != appointing.OPEN_DAY else []
    if booked:
        _tell([problem(N_("Booked on these days, tell the suppliers: {0}"), ", ".join(booked))])


def prefetch(docs: Sequence[Any]) -> None:
    """Load what checking these appointments will ask for."""
    catalog.prefetch_skus(docs)
    orders_store.load_orders(_orders_of(docs))


def fill_appointment(doc: Any) -> None:
    """Complete an appointment from its orders, rows and dock slot."""
    bought = orders_store.load_orders(_orders_of([doc]))
    first = next(iter(bought.values()), None)
    if first:
        doc.company, doc.supplier = doc.company or first.company, doc.supplier or first.supplier
        doc.warehouse = doc.warehouse or first.warehouse or first.lines[0].warehouse
    company = fill_company(doc)
    doc.warehouse = doc.warehouse or company.default_warehouse
    for name, order in bought.items():
        rows = SimpleNamespace(items=[row for row in doc.items if (row.purchase_order or "").casefold() == name])
        common.match_rows(rows, order.lines, "purchase_order_item")
    _fill_window(doc)
    doc.total_qty, doc.total_cartons = float(total_of(doc.items, "qty")), float(total_of(doc.items, "cartons"))


def _fill_window(doc: Any) -> None:
    slot = _slot_of(doc)
    if slot:
        doc.from_time, doc.to_time = slot.begins.isoformat(), slot.ends.isoformat()
    if doc.appointment_date:
        day = common.day_of(doc.appointment_date)
        doc.begins_at, doc.ends_at = appointing.window_of(day, _time(doc.from_time), _time(doc.to_time))


def _slot_of(doc: Any) -> DockSlot | None:
    if not doc.dock_slot:
        return None
    found = next((slot for slot in store.load_slots([doc.warehouse]) if slot.name == doc.dock_slot), None)
    if found is None:
        refuse(
            [problem(N_("{0} is no dock slot of {1} that is in use"), doc.dock_slot, doc.warehouse)], PurchaseRefused
        )
    return found


def check_appointment(doc: Any) -> None:
    """Refuse an appointment that breaks a rule; tell where its dock is full while it is a draft."""
    catalog.skus_of_rows(doc.items)
    inventory.check_warehouses(doc.company, [doc.warehouse])
    bought = orders_store.load_orders(_orders_of([doc]))
    refuse(_order_problems(doc, bought), PurchaseRefused)
    refuse(_line_problems(doc, bought, {}), PurchaseRefused)
    wrong = appointing.window_problem(frappe._("The time window"), _time(doc.from_time), _time(doc.to_time))
    refuse(filter(None, [wrong]), PurchaseRefused)
    if doc.docstatus == 0:
        doc.status = appointing.DRAFT
        _tell(_closed_problems([doc]) or _booking_problems([doc]))


def _order_problems(doc: Any, bought: Mapping[str, BoughtOrder]) -> list[Problem]:
    names = sorted(_orders_of([doc]))
    known = {name: bought.get(name.casefold()) for name in names}
    message = N_("The purchase order {0} is not submitted")
    found = [problem(message, name) for name, order in known.items() if order is None]
    for name, order in known.items():
        if order is None:
            continue
        if (order.supplier, order.company) != (doc.supplier, doc.company):
            found.append(problem(N_("{0} is an order of {1} at {2}"), name, order.company, order.supplier))
        if order.status not in receiving.OPEN_STATUSES and doc.docstatus == 0:
            found.append(problem(_OPEN_MESSAGE, name))
    return found


def _line_problems(doc: Any, bought: Mapping[str, BoughtOrder], announced: dict[str, Decimal]) -> list[Problem]:
    """Return what can't be announced; ``announced`` grows by what these rows announce."""
    lines = {line.line: line for order in bought.values() for line in order.lines}
    elsewhere = store.load_announced(
        {row.purchase_order_item for row in doc.items if row.purchase_order_item}, [doc.name]
    )
    tolerance = common.tolerance_of(doc.company)
    found: list[Problem | None] = []
    for row in doc.items:
        key = row.purchase_order_item or ""
        before = elsewhere.get(key, ZERO) + announced.get(key, ZERO)
        line = _line_of(row, lines)
        found.append(appointing.line_problem(row.idx, row.sku, decimal_of(row.qty), line, before, tolerance))
        announced[key] = announced.get(key, ZERO) + decimal_of(row.qty)
    found += appointing.twice([(row.idx, row.sku, row.purchase_order_item or "") for row in doc.items])
    return [one for one in found if one]


def _line_of(row: Any, lines: Mapping[str, BoughtOrderLine]) -> BoughtOrderLine | None:
    line = lines.get(row.purchase_order_item or "")
    return line if line and line.order.casefold() == (row.purchase_order or "").casefold() else None


def submit_appointments(docs: Sequence[Any]) -> None:
    """Let submitted appointments wait for confirmation. Raises ``DockFull`` where a dock has no room."""
    store.lock_slots({doc.dock_slot for doc in docs if doc.dock_slot})
    orders = orders_store.lock_orders(_orders_of(docs))
    closed = [name for name, order in orders.items() if order.status not in receiving.OPEN_STATUSES]
    refuse([problem(_OPEN_MESSAGE, name) for name in closed], PurchaseRefused)
    by_name = {name.casefold(): order for name, order in orders.items()}
    announced: dict[str, Decimal] = {}
    refuse((found for doc in docs for found in _line_problems(doc, by_name, announced)), PurchaseRefused)
    refuse(_closed_problems(docs), DockFull)  # nobody is there, whatever the settings say of full docks
    _refuse_full(_booking_problems(docs))
    _set_status(docs, appointing.WAITING)


def _booking_problems(docs: Sequence[Any]) -> list[Problem]:
    """Return which docks have no room, for appointments in their order."""
    booked = [doc for doc in docs if doc.dock_slot]
    if not booked:
        return []
    slots = store.load_slots({doc.warehouse for doc in booked})
    first, last = (edge(common.day_of(doc.appointment_date) for doc in booked) for edge in (min, max))
    days = (last - first).days + appointing.LOOK_AHEAD_DAYS
    loads = store.load_bookings({slot.name for slot in slots}, first, days, {doc.name for doc in docs if doc.name})
    found = []
    for doc in booked:
        slot = next(one for one in slots if one.name == doc.dock_slot)
        day, cartons = common.day_of(doc.appointment_date), decimal_of(doc.total_cartons)
        others = [one for one in slots if one.warehouse == slot.warehouse]
        found.append(appointing.booking_problem(slot, day, cartons, loads, others))
        loads[slot.name, day] = appointing.with_one_more(loads.get((slot.name, day)), cartons)
    return [one for one in found if one]


def _closed_problems(docs: Sequence[Any]) -> list[Problem]:
    """Return which appointments are on days that were closed by date; those without a slot ask for their warehouse."""
    known = store.load_exceptions({doc.warehouse for doc in docs})
    found = []
    for doc in [doc for doc in docs if doc.warehouse in known]:
        day, slot = common.day_of(doc.appointment_date), doc.dock_slot or None
        closed = appointing.exception_on(known[doc.warehouse], day, slot)
        if closed and not closed.is_open:
            free = _free(doc.warehouse, day, decimal_of(doc.total_cartons))
            found.append(appointing.closed_problem([closed], slot or doc.warehouse, day, slot, free))
    return [one for one in found if one]


def _refuse_full(problems: Sequence[Problem]) -> None:
    """Refuse overbooked docks, or only warn where the settings say so."""
    if frappe.get_cached_doc("Purchase Settings").get("overbooked_docks") == WARN:
        _tell(problems)
    else:
        refuse(problems, DockFull)


def _tell(problems: Sequence[Problem]) -> None:
    if problems:
        frappe.msgprint("<br>".join(text_of(one) for one in problems), indicator="orange", alert=True)


def free_slots(warehouse: str, first: date, cartons: Decimal) -> list[dict[str, Any]]:
    """Return the next slots of a warehouse with room, from a day on."""
    return [
        {
            "dock_slot": one.slot.name,
            "day": str(one.day),
            "from_time": one.slot.begins.isoformat(),
            "to_time": one.slot.ends.isoformat(),
            "deliveries_left": one.left,
        }
        for one in _free(warehouse, first, cartons)
    ]


def _free(warehouse: str, first: date, cartons: Decimal) -> list[FreeSlot]:
    slots = store.load_slots([warehouse])
    loads = store.load_bookings({slot.name for slot in slots}, first, appointing.LOOK_AHEAD_DAYS)
    return appointing.free_slots(slots, first, cartons, loads)


def open_lines(order: str, without: str = "") -> list[dict[str, Any]]:
    """Return what of a purchase order is open and not announced yet, as rows of an appointment."""
    bought = orders_store.load_orders([order]).get(order.casefold())
    if bought is None or bought.status not in receiving.OPEN_STATUSES:
        refuse([problem(_OPEN_MESSAGE, order)], PurchaseRefused)
    assert bought is not None
    announced = store.load_announced({line.line for line in bought.lines}, [without] if without else ())
    left = [(line, line.open_qty - announced.get(line.line, ZERO)) for line in bought.lines]
    return [
        {"purchase_order": bought.name, "purchase_order_item": line.line, "sku": line.sku, "qty": float(qty)}
        for line, qty in left
        if qty > 0
    ]


def confirm(names: Iterable[str], user: str, now: datetime) -> dict[str, str]:
    """Confirm appointments that wait; return their status. Raises ``PurchaseRefused`` for others."""
    only(names, (appointing.WAITING,), N_("{0} does not wait for confirmation"))
    values = {"status": appointing.CONFIRMED, "confirmed_by": user, "confirmed_at": now}
    return _write(names, values)


def reject(names: Iterable[str], reason: str, user: str, now: datetime) -> dict[str, str]:
    """Reject appointments that wait or are confirmed, with a reason; their room at the dock is free again."""
    if not reason.strip():
        refuse([problem(N_("Say why"))], PurchaseRefused)
    only(names, appointing.EXPECTED, N_("{0} can't be rejected any more"))
    values = {"status": appointing.REJECTED, "confirmed_by": user, "confirmed_at": now, "rejection_reason": reason}
    return _write(names, values)


def only(names: Iterable[str], statuses: Sequence[str], message: str) -> dict[str, Appointment]:
    """Lock appointments. Raises ``PurchaseRefused`` for those in another state."""
    wanted = set(names)
    known = store.lock_appointments(wanted)
    wrong = sorted(name for name in wanted if name not in known or known[name].status not in statuses)
    refuse([problem(message, name) for name in wrong], PurchaseRefused)
    return known


def _write(names: Iterable[str], values: Mapping[str, Any]) -> dict[str, str]:
    heads = {name: dict(values) for name in names}
    store.write_appointments(heads, {})
    return {name: str(values["status"]) for name in heads}


def cancel_appointments(docs: Sequence[Any]) -> None:
    """Cancel appointments. Raises ``PurchaseRefused`` where goods have come with them."""
    came = store.load_came({doc.name for doc in docs})
    begun = [name for name, quantities in sorted(came.items()) if quantities]
    message = N_("Goods have come with {0}: cancel the receipts first")
    refuse([problem(message, name) for name in begun], PurchaseRefused)
    _set_status(docs, "Cancelled")


def _orders_of(docs: Iterable[Any]) -> set[str]:
    return common.names(row.purchase_order for doc in docs for row in doc.items)


def _set_status(docs: Sequence[Any], status: str) -> None:
    for doc in docs:
        doc.status = status
    orders_store.write_status("Delivery Appointment", {doc.name: status for doc in docs})


def _time(value: Any) -> Any:
    return frappe.utils.get_time(value) if value not in (None, "") else None
