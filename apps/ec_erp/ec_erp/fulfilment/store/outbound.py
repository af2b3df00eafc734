"""Deliveries on their way through the warehouse: drafts with a stage, their rows, waves, pick tasks, parcels.

Invariant: a stage is read for a decision only after its row is locked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.kept import keep
from ec_erp.documents.memo import forget, read_through
from ec_erp.documents.store import load_rows, lock_rows, update_rows
from ec_erp.fulfilment.types import WaveTerms
from ec_erp.kernel.numbers import decimal_of, plain
from ec_erp.kernel.times import moment_of

Row = dict[str, Any]

NOTE_FIELDS = (
    "docstatus",
    "stage",
    "sales_order",
    "warehouse",
    "company",
    "carrier",
    "shop",
    "wave",
    "basket",
    "waybill_no",
    "creation",
    "is_return",
    "currency",
)
LINE_FIELDS = (
    "name",
    "parent",
    "idx",
    "sku",
    "sku_name",
    "warehouse",
    "qty",
    "bin",
    "batch",
    "checked_qty",
    "allocated_qty",
    "serials",
)
_ORDER_FIELDS = ("name", "status", "is_blocked", "ship_by", "priority", "carrier", "receiver_province", "payment_type")
_RULE_FIELDS = (
    "name",
    "warehouse",
    "kind",
    "priority",
    "shop",
    "carrier",
    "min_orders",
    "max_orders",
    "max_weight_g",
    "max_volume_cm3",
    "wait_limit_minutes",
    "most_misses",
    "urgent_hours",
    "cut_off_time",
    "cut_off_lead_minutes",
    "every_minutes",
    "last_run",
    "misses",
)


def load_wave_rules() -> list[WaveTerms]:
    """Return the rules in force, smaller priorities first."""
    return read_through("Wave Rule", ["*"], _load_rules)["*"]


def load_wave_warehouses() -> set[str]:
    """Return the warehouses that work in waves: those that a rule in force names."""
    return keep("Wave Rule", lambda: set(frappe.get_all("Wave Rule", filters={"disabled": 0}, pluck="warehouse")))


def _load_rules(keys: list[str]) -> dict[str, list[WaveTerms]]:
    rows = frappe.get_all(
        "Wave Rule", filters={"disabled": 0}, fields=list(_RULE_FIELDS), order_by="priority asc, name asc"
    )
    return {keys[0]: [_rule(row) for row in rows]}


def _rule(row: Any) -> WaveTerms:
    return WaveTerms(
        name=row.name,
        warehouse=row.warehouse,
        kind=row.kind,
        priority=int(row.priority or 0),
        shop=row.shop or None,
        carrier=row.carrier or None,
        min_orders=int(row.min_orders or 0),
        max_orders=int(row.max_orders or 0),
        max_weight_g=decimal_of(row.max_weight_g),
        max_volume_cm3=decimal_of(row.max_volume_cm3),
        wait_limit_minutes=int(row.wait_limit_minutes or 0),
        most_misses=int(row.most_misses or 0),
        urgent_hours=decimal_of(row.urgent_hours),
        cut_off=_time(row.cut_off_time),
        cut_off_lead_minutes=int(row.cut_off_lead_minutes or 0),
        every_minutes=int(row.every_minutes or 0),
        last_run=moment_of(row.last_run) if row.last_run else None,
        misses=int(row.misses or 0),
    )


def _time(value: Any) -> time | None:
    if value is None or value == "":
        return None
    if isinstance(value, timedelta):
        return (datetime.min + value).time()
    return value if isinstance(value, time) else time.fromisoformat(str(value))


def load_waiting(warehouses: Collection[str]) -> list[str]:
    """Return the names of drafts that wait for a wave, the oldest first."""
    filters = {"docstatus": 0, "stage": "To Wave", "warehouse": ("in", sorted(warehouses))}
    return list(frappe.get_all("Delivery Note", filters=filters, pluck="name", order_by="creation asc, name asc"))


def load_orders_with_drafts(orders: Iterable[str]) -> dict[str, list[str]]:
    """Return the staged drafts of orders."""
    rows = load_rows("Delivery Note", orders, ["name", "sales_order", "docstatus", "stage"], key="sales_order")
    groups: dict[str, list[str]] = {}
    for row in rows:
        if row["docstatus"] == 0 and row["stage"]:
            groups.setdefault(row["sales_order"], []).append(row["name"])
    return groups


def load_orders_sent(orders: Iterable[str]) -> set[str]:
    """Return those of some orders of which the warehouse has sent something before."""
    rows = load_rows("Delivery Note", orders, ["sales_order", "docstatus", "stage"], key="sales_order")
    return {row["sales_order"] for row in rows if row["docstatus"] == 1 and row["stage"]}


def lock_notes(names: Iterable[str]) -> dict[str, Row]:
    """Lock deliveries and return their heads."""
    return lock_rows("Delivery Note", names, NOTE_FIELDS)


def load_heads(names: Iterable[str]) -> dict[str, Row]:
    """Return the heads of deliveries, unlocked, to know whose orders to lock first."""
    return {row["name"]: row for row in load_rows("Delivery Note", names, ["name", *NOTE_FIELDS])}


def load_lines(notes: Iterable[str]) -> dict[str, list[Row]]:
    """Return the rows of deliveries in their order."""
    groups: dict[str, list[Row]] = {}
    rows = load_rows("Delivery Note Item", notes, LINE_FIELDS, key="parent")
    for row in sorted(rows, key=lambda row: (row["parent"], row["idx"])):
        groups.setdefault(row["parent"], []).append(row)
    return groups


def load_order_facts(orders: Iterable[str]) -> dict[str, Row]:
    """Return what waves and parcels need to know of orders."""
    return {row["name"]: row for row in load_rows("Sales Order", orders, _ORDER_FIELDS)}


def load_orders_to_ship(orders: Iterable[str | None]) -> list[str]:
    """Return those of some orders that are released to the warehouse."""
    rows = load_rows("Sales Order", [name for name in orders if name], ["name", "status"])
    return [row["name"] for row in rows if row["status"] == "To Ship"]


def load_sizes(skus: Iterable[str]) -> dict[str, tuple[Decimal, Decimal]]:
    """Return weight (g) and volume (cm³) of one unit of SKUs."""
    rows = load_rows("SKU", skus, ["name", "weight_g", "volume_cm3"])
    return {row["name"]: (decimal_of(row["weight_g"]), decimal_of(row["volume_cm3"])) for row in rows}


def write_notes(changes: Mapping[str, Row]) -> None:
    """Write fields of deliveries."""
    forget("Delivery Note")
    update_rows("Delivery Note", changes)


def write_lines(changes: Mapping[str, Row]) -> None:
    """Write fields of rows of deliveries."""
    update_rows("Delivery Note Item", changes)


def write_rows(doctype: str, changes: Mapping[str, Row]) -> None:
    """Write fields of rules, waves, tasks and parcels."""
    forget(doctype)
    update_rows(doctype, changes)


def lock_tasks(names: Iterable[str]) -> dict[str, Row]:
    """Lock pick tasks and return their heads."""
    return lock_rows("Pick Task", names, ("wave", "warehouse", "status", "picker", "started_at", "shortage_of"))


def load_task_lines(tasks: Iterable[str]) -> dict[str, list[Row]]:
    """Return the stops of pick tasks in their order."""
    fields = ("name", "parent", "idx", "bin", "sku", "sku_name", "batch", "qty", "picked_qty", "short_qty", "baskets")
    groups: dict[str, list[Row]] = {}
    rows = load_rows("Pick Task Item", tasks, fields, key="parent")
    for row in sorted(rows, key=lambda row: (row["parent"], row["idx"])):
        groups.setdefault(row["parent"], []).append(row)
    return groups


def load_open_tasks(wave: str) -> list[str]:
    """Return the tasks of a wave that are not finished."""
    filters = {"wave": wave, "status": ("in", ("To Pick", "Picking"))}
    return list(frappe.get_all("Pick Task", filters=filters, pluck="name"))


def load_tasks_of(waves: Iterable[str]) -> list[Row]:
    """Return the pick tasks of waves."""
    return load_rows("Pick Task", waves, ["name", "wave", "warehouse", "status"], key="wave")


def delete_stops(names: Iterable[str]) -> None:
    """Take stops out of pick tasks."""
    gone = sorted(names)
    if gone:
        frappe.db.delete("Pick Task Item", {"name": ("in", gone)})


def load_wave_status(wave: str) -> str:
    """Return how far a wave is."""
    return str(frappe.db.get_value("Wave", wave, "status") or "")


def load_sku_names(skus: Iterable[str]) -> dict[str, str]:
    """Return the names of SKUs."""
    return {row["name"]: row["sku_name"] for row in load_rows("SKU", skus, ["name", "sku_name"])}


def load_doubtful_bins(warehouse: str, skus: Iterable[str]) -> set[tuple[str, str]]:
    """Return (SKU, bin) pairs in which a picker found too little and that were not counted since."""
    filters = {"warehouse": warehouse, "docstatus": 0, "reference_no": ("like", "PK-%")}
    counts = frappe.get_all("Stock Count", filters=filters, pluck="name")
    wanted = set(skus)
    rows = load_rows("Stock Count Item", counts, ["sku", "bin"], key="parent") if counts else []
    return {(row["sku"], row["bin"]) for row in rows if row["bin"] and row["sku"] in wanted}


def load_short_tasks(limit: int = 500) -> list[Row]:
    """Return tasks with goods that lie nowhere, of waves that are under way, with what is missing."""
    fields = ["name", "wave", "warehouse", "creation"]
    filters = {"status": "Short"}
    rows = frappe.get_all("Pick Task", filters=filters, fields=fields, order_by="creation asc", limit=limit)
    waves = load_rows("Wave", {row.wave for row in rows if row.wave}, ["name", "status"])
    under_way = {row["name"] for row in waves if row["status"] in ("To Pick", "Picking", "Picked")}
    found = [dict(row) for row in rows if row.wave in under_way]
    lines = load_task_lines(row["name"] for row in found)
    return [{**row, "goods": ", ".join(_goods(line) for line in lines.get(row["name"], []))} for row in found]


def _goods(line: Row) -> str:
    baskets = f" ({line['baskets']})" if line["baskets"] else ""
    return f"{line['sku']} × {plain(decimal_of(line['qty']))}{baskets}"


def load_wave_orders(waves: Iterable[str]) -> dict[str, list[Row]]:
    """Return the orders of waves by wave."""
    fields = ("name", "parent", "idx", "delivery_note", "sales_order", "basket", "state")
    groups: dict[str, list[Row]] = {}
    for row in sorted(load_rows("Wave Order", waves, fields, key="parent"), key=lambda row: row["idx"]):
        groups.setdefault(row["parent"], []).append(row)
    return groups


def load_wave_rows_of(notes: Iterable[str]) -> list[Row]:
    """Return the rows of waves that name deliveries."""
    return load_rows("Wave Order", notes, ["name", "parent", "delivery_note", "state"], key="delivery_note")


def lock_parcels(names: Iterable[str]) -> dict[str, Row]:
    """Lock and return parcels with what their waybills are about."""
    fields = ("delivery_note", "sales_order", "warehouse", "carrier", "currency", "status")
    rows = lock_rows("Parcel", names, (*fields, "waybill_no", "waybill_state", "waybill_account"))
    return {name: {"name": name, **row} for name, row in rows.items()}


def load_parcels(notes: Iterable[str]) -> dict[str, list[Row]]:
    """Return the parcels of deliveries that are not cancelled, by delivery."""
    fields = (
        "name",
        "delivery_note",
        "sales_order",
        "status",
        "carrier",
        "waybill_no",
        "waybill_state",
        "waybill_account",
        "expected_weight_g",
        "weight_g",
    )
    groups: dict[str, list[Row]] = {}
    rows = load_rows("Parcel", notes, fields, key="delivery_note")
    for row in sorted(rows, key=lambda row: row["name"]):
        if row["status"] != "Cancelled":
            groups.setdefault(row["delivery_note"], []).append(row)
    return groups


def load_withdrawn_parcels(notes: Iterable[str]) -> list[str]:
    """Return the parcels of deliveries that were cancelled."""
    rows = load_rows("Parcel", notes, ["name", "status"], key="delivery_note")
    return [row["name"] for row in rows if row["status"] == "Cancelled"]


def load_note_of_parcel(parcel: str) -> str:
    """Return the delivery of a parcel."""
    return str(frappe.db.get_value("Parcel", parcel, "delivery_note") or "")


def find_note(code: str) -> str | None:
    """Return the staged delivery that a code names: its own number, a waybill, its order, or the order's platform number."""
    if frappe.db.exists("Delivery Note", code):
        return code
    parcel = find_parcel(code)
    if parcel:
        return load_note_of_parcel(parcel)
    names = [code, *frappe.get_all("Sales Order", filters={"platform_order_id": code}, pluck="name")]
    return next((note for group in load_orders_with_drafts(names).values() for note in group), None)


def load_check_scans(note: str) -> list[Row]:
    """Return who scanned a delivery in its check, and when, in order."""
    filters = {"task": "Check", "document": note}
    return list(frappe.get_all("Scan Log", filters, ["scanned_by", "scanned_at"], order_by="scanned_at asc", limit=0))


def load_waybill_of(note: str) -> str:
    """Return the waybill number of a delivery; empty where it has none."""
    return str(frappe.db.get_value("Delivery Note", note, "waybill_no") or "")


def find_parcel(code: str) -> str | None:
    """Return the parcel with a waybill number or name."""
    found = frappe.db.get_value("Parcel", {"waybill_no": code, "status": ("!=", "Cancelled")})
    return str(found or frappe.db.get_value("Parcel", {"name": code}) or "") or None
