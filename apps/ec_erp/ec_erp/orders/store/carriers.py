"""Which carriers take parcels and how many: those switched off, the caps, and what they have taken of a day.

Invariant: a day's orders are counted by the time they were placed, whenever they are processed.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import frappe
from frappe.query_builder.functions import Count

from ec_erp.kernel.freight import CarrierCap
from ec_erp.kernel.numbers import decimal_of

_CAPS_KEY = "ec_erp_carrier_caps"
_OFF_KEY = "ec_erp_carriers_off"


def load_caps() -> dict[str, CarrierCap]:
    """Return the caps of carriers that have one, kept in the cache until a carrier changes."""
    rows = frappe.cache.get_value(_CAPS_KEY, _load_caps) or []
    return {row[0]: CarrierCap(int(row[1]), decimal_of(row[2])) for row in rows}


def _load_caps() -> list[tuple[str, int, float]]:
    fields = ["name", "daily_cap", "share_cap_percent"]
    rows = frappe.get_all("Carrier", filters={"disabled": 0}, fields=fields, order_by="name asc")
    return [(row.name, row.daily_cap, row.share_cap_percent) for row in rows if row.daily_cap or row.share_cap_percent]


def load_switched_off() -> frozenset[str]:
    """Return the carriers that are disabled, kept in the cache until a carrier changes."""
    return frozenset(frappe.cache.get_value(_OFF_KEY, _load_switched_off) or ())


def _load_switched_off() -> list[str]:
    return list(frappe.get_all("Carrier", filters={"disabled": 1}, pluck="name", order_by="name asc"))


def forget_carriers() -> None:
    """Read caps and carriers again, because one has changed."""
    _drop_carriers()
    frappe.db.after_rollback.add(_drop_carriers)


def _drop_carriers() -> None:
    """Forget what was read of carriers, also before a change of them was undone."""
    frappe.cache.delete_value(_CAPS_KEY)
    frappe.cache.delete_value(_OFF_KEY)


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
