"""What suggestions need to know: sales per day, stock per day, positions, policies, arrivals; and suggestions themselves.

Invariant: every read is one query for all SKUs and warehouses that are asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import frappe
from frappe.query_builder.functions import Coalesce, Date, Sum

from ec_erp.documents.store import load_rows, update_rows
from ec_erp.kernel.numbers import ZERO, decimal_of, optional_decimal
from ec_erp.purchasing.types import (
    DEFAULT_WINDOWS,
    Arrival,
    DemandTerms,
    PlannedEvent,
    Policy,
    Season,
    Window,
)

Row = dict[str, Any]
Key = tuple[str, str]
_GONE = ("Cancelled", "Merged", "Split", "Draft")
_POLICY_FIELDS = (
    "name",
    "company",
    "warehouse",
    "supplier",
    "category",
    "sku",
    "growth_percent",
    "exclude_out_of_stock",
    "plan_days",
    "qc_days",
    "transport_days",
    "review_days",
    "safety_days",
    "service_level_percent",
    "transfer_first",
)


def load_sales(skus: Collection[str], warehouses: Collection[str], first: date) -> dict[Key, dict[date, Decimal]]:
    """Return units ordered per (SKU, warehouse) and day since ``first``; cancelled, merged and split orders left out."""
    order, line = frappe.qb.DocType("Sales Order"), frappe.qb.DocType("Sales Order Item")
    warehouse, day = Coalesce(line.warehouse, order.warehouse), Date(order.order_datetime)
    rows = (
        frappe.qb.from_(line)
        .join(order)
        .on(order.name == line.parent)
        .select(line.sku, warehouse.as_("warehouse"), day.as_("day"), Sum(line.qty).as_("qty"))
        .where(order.docstatus == 1)
        .where(order.order_datetime >= first)
        .where(order.status.notin(_GONE))
        .where(line.sku.isin(sorted(skus)))
        .where(warehouse.isin(sorted(warehouses)))
        .groupby(line.sku, warehouse, day)
        .run(as_dict=True)
    )
    return _by_key_and_day(rows)


def load_stock_changes(
    skus: Collection[str], warehouses: Collection[str], first: date
) -> dict[Key, dict[date, Decimal]]:
    """Return changes of stock per (SKU, warehouse) and day since ``first``."""
    table = frappe.qb.DocType("Stock Ledger Entry")
    day = Date(table.posting_datetime)
    rows = (
        frappe.qb.from_(table)
        .select(table.sku, table.warehouse, day.as_("day"), Sum(table.qty_change).as_("qty"))
        .where(table.posting_datetime >= first)
        .where(table.sku.isin(sorted(skus)))
        .where(table.warehouse.isin(sorted(warehouses)))
        .groupby(table.sku, table.warehouse, day)
        .run(as_dict=True)
    )
    return _by_key_and_day(rows)


def _by_key_and_day(rows: Iterable[Row]) -> dict[Key, dict[date, Decimal]]:
    groups: dict[Key, dict[date, Decimal]] = {}
    for row in rows:
        days = groups.setdefault((row["sku"], row["warehouse"]), {})
        days[frappe.utils.getdate(row["day"])] = decimal_of(row["qty"])
    return groups


def load_balances(skus: Collection[str], warehouses: Collection[str]) -> dict[Key, Row]:
    """Return on hand, available, on order and in transit per (SKU, warehouse)."""
    fields = ["sku", "warehouse", "on_hand", "available", "on_order"]
    if frappe.get_meta("Stock Balance").has_field("in_transit"):
        fields.append("in_transit")
    filters = {"sku": ("in", sorted(skus)), "warehouse": ("in", sorted(warehouses))}
    return {(row.sku, row.warehouse): row for row in frappe.get_all("Stock Balance", filters=filters, fields=fields)}


def load_backorders(skus: Collection[str], warehouses: Collection[str]) -> dict[Key, Decimal]:
    """Return units of open orders that nothing is put aside for, per (SKU, warehouse)."""
    order, line = frappe.qb.DocType("Sales Order"), frappe.qb.DocType("Sales Order Item")
    warehouse = Coalesce(line.warehouse, order.warehouse)
    rows = (
        frappe.qb.from_(line)
        .join(order)
        .on(order.name == line.parent)
        .select(line.sku, warehouse.as_("warehouse"), Sum(line.qty - line.delivered_qty - line.reserved_qty).as_("qty"))
        .where(order.docstatus == 1)
        .where(order.status.notin((*_GONE, "Shipped", "Done", "Unpaid")))
        .where(line.stock_state.isin(("Short", "Part Reserved")))
        .where(line.sku.isin(sorted(skus)))
        .where(warehouse.isin(sorted(warehouses)))
        .groupby(line.sku, warehouse)
        .run(as_dict=True)
    )
    return {(row["sku"], row["warehouse"]): max(ZERO, decimal_of(row["qty"])) for row in rows}


def load_planned_transfers(skus: Collection[str], warehouses: Collection[str]) -> dict[Key, Decimal]:
    """Return units of approved transfers that have not been sent yet, per SKU and the warehouse they go to."""
    transfer, line = frappe.qb.DocType("Stock Transfer"), frappe.qb.DocType("Stock Transfer Item")
    rows = (
        frappe.qb.from_(line)
        .join(transfer)
        .on(transfer.name == line.parent)
        .select(line.sku, transfer.to_warehouse.as_("warehouse"), Sum(line.qty).as_("qty"))
        .where(transfer.docstatus == 1)
        .where(transfer.status == "Approved")
        .where(line.sku.isin(sorted(skus)))
        .where(transfer.to_warehouse.isin(sorted(warehouses)))
        .groupby(line.sku, transfer.to_warehouse)
        .run(as_dict=True)
    )
    return {(row["sku"], row["warehouse"]): decimal_of(row["qty"]) for row in rows}


def load_goods(filters: Mapping[str, Any]) -> dict[str, Row]:
    """Return the SKUs that are bought again, with category and safety stock: none on clearance, none discontinued."""
    own = {"disabled": 0, "is_combo": 0, "status": ("not in", ("Clearance", "Discontinued")), **filters}
    rows = frappe.get_all("SKU", filters=own, fields=["name", "category", "safety_stock"], order_by="name asc")
    return {row.name: row for row in rows}


_REPLENISHED = ("Own", "Self-Flow", "Platform", "Cloud", "3PL", "Overseas")


def load_warehouses(company: str | None, names: Collection[str]) -> dict[str, str]:
    """Return the company of warehouses that are replenished: those that keep goods of ours and are not disabled."""
    filters: dict[str, Any] = {"disabled": 0, "warehouse_type": ("in", _REPLENISHED)}
    if company:
        filters["company"] = company
    if names:
        filters["name"] = ("in", sorted(names))
    rows = frappe.get_all("Warehouse", filters=filters, fields=["name", "company"], order_by="priority asc, name asc")
    return {row.name: row.company for row in rows}


def load_policies() -> list[Policy]:
    """Return the policies in force with their windows, seasons and events."""
    rows = frappe.get_all("Replenishment Policy", filters={"disabled": 0}, fields=list(_POLICY_FIELDS))
    names = [row.name for row in rows]
    windows = _children("Replenishment Window", names, ["days", "weight"])
    seasons = _children("Replenishment Season", names, ["from_date", "to_date", "factor"])
    events = _children("Replenishment Event", names, ["event_name", "from_date", "to_date", "sku", "extra_qty"])
    return [_policy(row, windows[row.name], seasons[row.name], events[row.name]) for row in rows]


def _children(doctype: str, parents: list[str], fields: list[str]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {name: [] for name in parents}
    rows = load_rows(doctype, parents, ["parent", "idx", *fields], key="parent")
    for row in sorted(rows, key=lambda row: row["idx"]):
        groups[row["parent"]].append(row)
    return groups


def _policy(row: Row, windows: list[Row], seasons: list[Row], events: list[Row]) -> Policy:
    day = frappe.utils.getdate
    demand = DemandTerms(
        windows=tuple(Window(int(one["days"]), decimal_of(one["weight"])) for one in windows) or DEFAULT_WINDOWS,
        growth_percent=decimal_of(row["growth_percent"]),
        leave_out_empty=bool(row["exclude_out_of_stock"]),
        seasons=tuple(Season(day(one["from_date"]), day(one["to_date"]), decimal_of(one["factor"])) for one in seasons),
        events=tuple(
            PlannedEvent(
                one["event_name"],
                day(one["from_date"]),
                day(one["to_date"]),
                decimal_of(one["extra_qty"]),
                one["sku"] or None,
            )
            for one in events
        ),
    )
    return Policy(
        name=row["name"],
        demand=demand,
        plan_days=decimal_of(row["plan_days"]),
        qc_days=decimal_of(row["qc_days"]),
        transport_days=decimal_of(row["transport_days"]),
        review_days=decimal_of(row["review_days"]),
        safety_days=decimal_of(row["safety_days"]),
        service_percent=decimal_of(row["service_level_percent"]),
        transfer_first=bool(row["transfer_first"]),
        company=row["company"] or None,
        warehouse=row["warehouse"] or None,
        supplier=row["supplier"] or None,
        category=row["category"] or None,
        sku=row["sku"] or None,
    )


def load_arrivals(
    first: datetime, suppliers: Collection[str] = (), skus: Collection[str] = ()
) -> dict[str, list[Arrival]]:
    """Return what arrived since a moment, by supplier in the order of time; empty collections mean every one."""
    head, line = frappe.qb.DocType("Purchase Receipt"), frappe.qb.DocType("Purchase Receipt Item")
    order, wanted = frappe.qb.DocType("Purchase Order"), frappe.qb.DocType("Purchase Order Item")
    query = (
        frappe.qb.from_(line)
        .join(head)
        .on(head.name == line.parent)
        .left_join(order)
        .on(order.name == head.purchase_order)
        .left_join(wanted)
        .on(wanted.name == line.purchase_order_item)
        .select(head.name.as_("receipt"), head.supplier, head.posting_datetime, line.sku, line.qty, line.rejected_qty)
        .select(line.returned_qty, line.accepted_qty, line.net_amount, order.order_datetime)
        .select(Coalesce(wanted.schedule_date, order.schedule_date).as_("due"))
        .where(head.docstatus == 1)
        .where(head.posting_datetime >= first)
        .orderby(head.posting_datetime)
        .orderby(head.name)
        .orderby(line.idx)
    )
    if suppliers:
        query = query.where(head.supplier.isin(sorted(suppliers)))
    if skus:
        query = query.where(line.sku.isin(sorted(skus)))
    groups: dict[str, list[Arrival]] = {}
    for row in query.run(as_dict=True):
        groups.setdefault(row["supplier"], []).append(_arrival(row))
    return groups


def _arrival(row: Row) -> Arrival:
    accepted, net = decimal_of(row["accepted_qty"]), decimal_of(row["net_amount"])
    return Arrival(
        receipt=row["receipt"],
        sku=row["sku"],
        arrived=frappe.utils.getdate(row["posting_datetime"]),
        qty=decimal_of(row["qty"]),
        price=net / accepted if accepted else ZERO,
        rejected=decimal_of(row["rejected_qty"]),
        returned=decimal_of(row["returned_qty"]),
        ordered=frappe.utils.getdate(row["order_datetime"]) if row["order_datetime"] else None,
        due=frappe.utils.getdate(row["due"]) if row["due"] else None,
    )


def load_open_suggestions(skus: Collection[str], warehouses: Collection[str]) -> dict[Key, Row]:
    """Return open suggestions per (SKU, warehouse), with what a person changed on them."""
    filters = {"status": "Open", "sku": ("in", sorted(skus)), "warehouse": ("in", sorted(warehouses))}
    fields = ["name", "sku", "warehouse", "override", *OVERRIDE_FIELDS]
    rows = frappe.get_all("Purchase Suggestion", filters=filters, fields=fields)
    return {(row.sku, row.warehouse): row for row in rows}


OVERRIDE_FIELDS = ("growth_percent", "daily_sales", "lead_time_days", "review_days", "safety_days")


def drop_suggestions(names: Collection[str]) -> None:
    """Delete suggestions that a new calculation takes the place of, with their terms."""
    if names:
        frappe.db.delete("Suggestion Term", {"parent": ("in", sorted(names))})
        frappe.db.delete("Purchase Suggestion", {"name": ("in", sorted(names))})


def write_made(made: Mapping[str, tuple[str, str | None, str | None]]) -> None:
    """Write what suggestions were made into: status, DocType, name."""
    update_rows(
        "Purchase Suggestion",
        {
            name: {"status": status, "made_doctype": doctype, "made_name": document}
            for name, (status, doctype, document) in made.items()
        },
    )


def days_back(today: date, count: int) -> list[date]:
    """Return the last ``count`` whole days, the latest first: today is not over and does not count."""
    return [today - timedelta(days=back) for back in range(1, count + 1)]


def optional(row: Row, field: str) -> Decimal | None:
    """Return a number that a person may have left empty; zero counts as empty."""
    return optional_decimal(row.get(field)) or None
