"""How much carriers take: their caps, and what they have taken of a day.

Invariant: a day's orders are counted by the time they were placed, whenever they are processed.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import frappe
from frappe.query_builder.functions import Count

from ec_erp.kernel.freight import CarrierCap
from ec_erp.kernel.numbers import decimal_of

_CAPS_KEY = "ec_erp_carrier_caps"


def load_caps() -> dict[str, CarrierCap]:
    """Return the caps of carriers that have one, kept in the cache until a carrier changes."""
    rows = frappe.cache.get_value(_CAPS_KEY, _load_caps) or []
    return {row[0]: CarrierCap(int(row[1]), decimal_of(row[2])) for row in rows}


def _load_caps() -> list[tuple[str, int, float]]:
    fields = ["name", "daily_cap", "share_cap_percent"]
    rows = frappe.get_all("Carrier", filters={"disabled": 0}, fields=fields, order_by="name asc")
    return [(row.name, row.daily_cap, row.share_cap_percent) for row in rows if row.daily_cap or row.share_cap_percent]


def forget_caps() -> None:
    """Read the caps again, because a carrier has changed."""
    frappe.cache.delete_value(_CAPS_KEY)
    frappe.db.after_rollback.add(_drop_caps)


def _drop_caps() -> None:
    """Forget caps that were read before the change of them was undone."""
    frappe.cache.delete_value(_CAPS_KEY)


def count_orders(day: date) -> dict[str, int]:
    """Return how many orders of a day each carrier has."""
    table = frappe.qb.DocType("Sales Order")
    rows = (
        frappe.qb.from_(table)
        .select(table.carrier, Count("*").as_("count"))
        .where(table.order_datetime >= _start(day))
        .where(table.order_datetime < _start(day + timedelta(days=1)))
        .where(table.docstatus < 2)
        .groupby(table.carrier)
        .run(as_dict=True)
    )
    return {row["carrier"]: int(row["count"]) for row in rows if row["carrier"]}


def count_parcels(day: date) -> dict[str, int]:
    """Return how many parcels each carrier has of those packed on a day."""
    table = frappe.qb.DocType("Parcel")
    rows = (
        frappe.qb.from_(table)
        .select(table.carrier, Count("*").as_("count"))
        .where(table.packed_at >= _start(day))
        .where(table.packed_at < _start(day + timedelta(days=1)))
        .where(table.status != "Cancelled")
        .groupby(table.carrier)
        .run(as_dict=True)
    )
    return {row["carrier"]: int(row["count"]) for row in rows if row["carrier"]}


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min)
