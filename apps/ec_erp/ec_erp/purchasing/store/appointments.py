"""Delivery appointments and dock slots: reading, locking, writing.

Invariant: every read is one query for all that is asked for; room at a dock is counted while its slots are locked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import frappe
from frappe.query_builder.functions import Count, Sum

from ec_erp.documents.store import load_rows, lock_rows, update_rows
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.times import moment_of
from ec_erp.purchasing.rules.appointing import CONFIRMED, EXPECTED, HOLDING, OPEN_DAY
from ec_erp.purchasing.types import AppointedLine, Appointment, AppointmentKept, DockException, DockLoad, DockSlot

Row = dict[str, Any]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SLOT_FIELDS = ("name", "warehouse", "from_time", "to_time", "most_deliveries", "most_cartons", *WEEKDAYS)
_FIELDS = ("company", "supplier", "warehouse", "status", "arrival", "ends_at", "arrived_at", "docstatus")
_LINE_FIELDS = ("name", "parent", "idx", "purchase_order", "purchase_order_item", "sku", "qty", "received_qty")


def load_slots(warehouses: Iterable[str]) -> list[DockSlot]:
    """Return the slots of warehouses that are in use."""
    named = sorted(set(warehouses))
    filters = {"warehouse": ("in", named), "disabled": 0}
    rows = frappe.get_all("Dock Slot", filters=filters, fields=list(_SLOT_FIELDS), limit=0)
    known = load_exceptions(named) if rows else {}
    return [_slot(row, known.get(row["warehouse"], ())) for row in rows]


def load_exceptions(warehouses: Iterable[str]) -> dict[str, tuple[DockException, ...]]:
    """Return the days on which warehouses are closed, or open against their weekdays, by warehouse."""
    found: dict[str, list[DockException]] = {}
    fields = ["warehouse", "dock_slot", "kind", "from_date", "to_date", "reason"]
    for row in frappe.get_all("Dock Exception", {"warehouse": ("in", sorted(set(warehouses)))}, fields, limit=0):
        first = frappe.utils.getdate(row["from_date"])
        last = frappe.utils.getdate(row["to_date"]) if row["to_date"] else first
        one = DockException(
            row["warehouse"], first, last, row["kind"] == OPEN_DAY, row["dock_slot"] or None, row["reason"] or ""
        )
        found.setdefault(one.warehouse, []).append(one)
    return {warehouse: tuple(own) for warehouse, own in found.items()}


def load_booked(warehouse: str, slot: str | None, first: date, last: date) -> list[str]:
    """Return the appointments that are still expected of a warehouse, or of one of its slots, within some days."""
    filters: dict[str, Any] = {
        "docstatus": 1,
        "warehouse": warehouse,
        "status": ("in", list(EXPECTED)),
        "appointment_date": ("between", [first, last]),
    }
    if slot:
        filters["dock_slot"] = slot
    return list(frappe.get_all("Delivery Appointment", filters=filters, pluck="name", order_by="name asc"))


def lock_slots(names: Iterable[str]) -> None:
    """Lock slots, so that nobody else books them meanwhile."""
    lock_rows("Dock Slot", names, ["name"])


def _slot(row: Row, exceptions: tuple[DockException, ...]) -> DockSlot:
    return DockSlot(
        name=row["name"],
        warehouse=row["warehouse"],
        begins=frappe.utils.get_time(row["from_time"]),
        ends=frappe.utils.get_time(row["to_time"]),
        weekdays=frozenset(at for at, name in enumerate(WEEKDAYS) if row[name]),
        most_deliveries=int(row["most_deliveries"] or 0),
        most_cartons=decimal_of(row["most_cartons"]),
        exceptions=exceptions,
    )


def load_bookings(
    slots: Collection[str], first: date, days: int, without: Collection[str] = ()
) -> dict[tuple[str, date], DockLoad]:
    """Return what is booked of slots on each of so many days, the appointments ``without`` left out."""
    if not slots:
        return {}
    table = frappe.qb.DocType("Delivery Appointment")
    query = (
        frappe.qb.from_(table)
        .select(table.dock_slot, table.appointment_date)
        .select(Count(table.name).as_("deliveries"), Sum(table.total_cartons).as_("cartons"))
        .where(table.docstatus == 1)
        .where(table.status.isin(HOLDING))
        .where(table.dock_slot.isin(sorted(slots)))
        .where(table.appointment_date >= first)
        .where(table.appointment_date < first + timedelta(days=days))
        .groupby(table.dock_slot, table.appointment_date)
    )
    if without:
        query = query.where(table.name.notin(sorted(without)))
    return {
        (row["dock_slot"], frappe.utils.getdate(row["appointment_date"])): DockLoad(
            int(row["deliveries"]), decimal_of(row["cartons"])
        )
        for row in query.run(as_dict=True)
    }


def load_announced(order_lines: Collection[str], without: Collection[str] = ()) -> dict[str, Decimal]:
    """Return what appointments still expect of lines of orders, the appointments ``without`` left out."""
    if not order_lines:
        return {}
    head, line = frappe.qb.DocType("Delivery Appointment"), frappe.qb.DocType("Delivery Appointment Item")
    query = (
        frappe.qb.from_(line)
        .join(head)
        .on(head.name == line.parent)
        .select(line.purchase_order_item, line.qty, line.received_qty)
        .where(head.docstatus == 1)
        .where(head.status.isin(EXPECTED))
        .where(line.purchase_order_item.isin(sorted(order_lines)))
    )
    if without:
        query = query.where(head.name.notin(sorted(without)))
    found: dict[str, Decimal] = {}
    for row in query.run(as_dict=True):
        left = max(ZERO, decimal_of(row["qty"]) - decimal_of(row["received_qty"]))
        found[row["purchase_order_item"]] = found.get(row["purchase_order_item"], ZERO) + left
    return found


def load_appointments(names: Iterable[str]) -> dict[str, Appointment]:
    """Return submitted appointments with their lines, without locking them."""
    return _appointments({row["name"]: row for row in load_rows("Delivery Appointment", names, ["name", *_FIELDS])})


def lock_appointments(names: Iterable[str]) -> dict[str, Appointment]:
    """Lock submitted appointments and return them with their lines."""
    return _appointments(lock_rows("Delivery Appointment", names, _FIELDS))


def _appointments(rows: Mapping[str, Row]) -> dict[str, Appointment]:
    heads = {name: row for name, row in rows.items() if row["docstatus"] == 1}
    lines: dict[str, list[AppointedLine]] = {}
    found = load_rows("Delivery Appointment Item", heads, _LINE_FIELDS, key="parent")
    for row in sorted(found, key=lambda row: row["idx"]):
        lines.setdefault(row["parent"], []).append(_line(row))
    return {name: _appointment(name, row, lines.get(name, [])) for name, row in heads.items()}


def _appointment(name: str, row: Row, lines: list[AppointedLine]) -> Appointment:
    arrived = row["arrived_at"]
    return Appointment(
        name=name,
        company=row["company"],
        supplier=row["supplier"],
        warehouse=row["warehouse"],
        status=row["status"],
        arrival=row["arrival"] or "",
        ends=moment_of(frappe.utils.get_datetime(row["ends_at"])),
        arrived=moment_of(frappe.utils.get_datetime(arrived)) if arrived else None,
        lines=tuple(lines),
    )


def _line(row: Row) -> AppointedLine:
    return AppointedLine(
        line=row["name"],
        order=row["purchase_order"],
        order_line=row["purchase_order_item"],
        sku=row["sku"],
        qty=decimal_of(row["qty"]),
        received=decimal_of(row["received_qty"]),
    )


def load_came(appointments: Collection[str]) -> dict[str, dict[str, Decimal]]:
    """Return what posted receipts of appointments have brought: by appointment and order line, rejected goods included."""
    found: dict[str, dict[str, Decimal]] = {name: {} for name in appointments}
    head, line = frappe.qb.DocType("Purchase Receipt"), frappe.qb.DocType("Purchase Receipt Item")
    rows = (
        frappe.qb.from_(line)
        .join(head)
        .on(head.name == line.parent)
        .select(head.delivery_appointment, line.purchase_order_item, Sum(line.qty).as_("qty"))
        .where(head.docstatus == 1)
        .where(head.delivery_appointment.isin(sorted(appointments)))
        .groupby(head.delivery_appointment, line.purchase_order_item)
        .run(as_dict=True)
    )
    for row in rows:
        found[row["delivery_appointment"]][row["purchase_order_item"]] = decimal_of(row["qty"])
    return found


def write_appointments(heads: Mapping[str, Row], rows: Mapping[str, Row]) -> None:
    """Write fields of appointments and of their rows."""
    update_rows("Delivery Appointment Item", rows)
    update_rows("Delivery Appointment", heads)


def load_overdue(today: date) -> list[str]:
    """Return confirmed appointments of days before today with which nothing came and that bear no mark yet."""
    filters = {"docstatus": 1, "status": CONFIRMED, "appointment_date": ("<", today), "arrival": ("is", "not set")}
    return list(frappe.get_all("Delivery Appointment", filters=filters, pluck="name", order_by="name asc", limit=0))


def load_kept(first: date, supplier: str | None) -> list[AppointmentKept]:
    """Return how appointments since a day have ended."""
    filters: dict[str, Any] = {"docstatus": 1, "appointment_date": (">=", first), "arrival": ("is", "set")}
    if supplier:
        filters["supplier"] = supplier
    rows = frappe.get_all("Delivery Appointment", filters=filters, fields=["supplier", "arrival"], limit=0)
    return [AppointmentKept(row.supplier, row.arrival) for row in rows]
