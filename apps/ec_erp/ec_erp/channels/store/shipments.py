"""The queue of shipments that are reported to platforms: one row per platform order and parcel.

Invariant: a row's key is unique, so that a parcel is reported once however often its delivery is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import frappe

from ec_erp.channels.rules.writing_back import CANCELLED, FAILED, QUEUED, SENT
from ec_erp.documents.store import insert_rows, load_rows, lock_rows, update_rows
from ec_erp.orders.store import platform_key

Row = dict[str, Any]

_KIND, _LINE = "Shipment Push", "Shipment Push Line"
_FIELDS = (
    "shop", "platform_order_id", "status", "is_partial", "carrier", "waybill_no", "sales_order", "delivery_note",
    "attempts", "next_try", "sent_at", "withdrawn", "message", "push_key",
)  # fmt: skip
_GOODS = (
    "name", "parent", "root_line", "platform_line_id", "platform_order_id", "platform_item_id", "platform_sku_id", "sku",
    "combo_sku", "qty", "delivered_qty",
)  # fmt: skip


def load_raw_orders(orders: Iterable[str]) -> list[Row]:
    """Return the platform orders that stand behind the lines of orders, payload included."""
    heads = {row["name"]: row for row in load_rows("Sales Order", orders, ("name", "shop", "platform_order_id"))}
    lines = load_rows("Sales Order Item", heads, ("parent", "platform_order_id"), key="parent")
    ids = {
        (heads[row["parent"]]["shop"], row["platform_order_id"] or heads[row["parent"]]["platform_order_id"])
        for row in lines
    }
    keys = [platform_key(shop, order_id) for shop, order_id in ids if shop and order_id]
    fields = ("name", "shop", "platform_order_id", "sales_orders", "payload")
    return load_rows("Platform Order", keys, fields, key="order_key")


def load_goods_of(orders: Iterable[str]) -> tuple[list[Row], list[Row]]:
    """Return the lines of the first orders of platform orders, and the lines of orders derived from them."""
    roots = load_rows("Sales Order Item", orders, _GOODS, key="parent")
    return roots, load_rows("Sales Order Item", [row["name"] for row in roots], _GOODS, key="root_line")


def load_parcels(orders: Iterable[str]) -> list[Row]:
    """Return what has left for orders: a row per parcel with carrier, waybill_no, delivery_note and ``goods`` {order line: qty}.

    A delivery without parcels is one.
    """
    fields = ("name", "sales_order", "carrier", "waybill_no", "status", "docstatus", "is_return")
    notes = {
        row["name"]: row
        for row in load_rows("Delivery Note", orders, fields, key="sales_order")
        if row["docstatus"] == 1 and not row["is_return"]
    }
    items = load_rows("Delivery Note Item", notes, ("name", "parent", "idx", "sales_order_item", "qty"), key="parent")
    line_of = {row["name"]: row["sales_order_item"] for row in items}
    columns = ("name", "delivery_note", "carrier", "waybill_no", "status")
    found = load_rows("Parcel", notes, columns, key="delivery_note")
    parcels = {row["name"]: {**row, "goods": {}} for row in found if row["waybill_no"] and row["status"] != "Cancelled"}
    for row in load_rows("Parcel Item", parcels, ("parent", "delivery_note_item", "qty"), key="parent"):
        _add(parcels[row["parent"]]["goods"], line_of.get(row["delivery_note_item"]), row["qty"])
    packed = {row["delivery_note"] for row in parcels.values()}
    for name in notes.keys() - packed:
        parcels[name] = {**notes[name], "delivery_note": name, "goods": {}}
    for row in items:
        if row["parent"] in parcels:
            _add(parcels[row["parent"]]["goods"], row["sales_order_item"], row["qty"])
    return [{**row, "sales_order": notes[row["delivery_note"]]["sales_order"]} for _, row in sorted(parcels.items())]


def _add(goods: dict[str, float], line: str | None, qty: float) -> None:
    if line:
        goods[line] = goods.get(line, 0.0) + float(qty or 0)


def load_pushes(names: Iterable[str]) -> list[Row]:
    """Return rows by name."""
    return load_rows(_KIND, names, ("name", *_FIELDS))


def load_pushes_of_orders(orders: Iterable[str]) -> list[Row]:
    """Return the rows of sales orders."""
    return load_rows(_KIND, orders, ("name", *_FIELDS), key="sales_order")


def load_pushes_of_notes(notes: Iterable[str]) -> list[Row]:
    """Return the rows of deliveries."""
    return load_rows(_KIND, notes, ("name", *_FIELDS), key="delivery_note")


def load_push_lines(raw: Iterable[tuple[str, str]]) -> list[Row]:
    """Return what was reported of platform orders (shop, id) already, cancelled rows left out: lines with their order's id."""
    wanted = set(raw)
    rows = load_rows(_KIND, {order_id for _, order_id in wanted}, ("name", *_FIELDS), key="platform_order_id")
    live = {
        row["name"]: row
        for row in rows
        if (row["shop"], row["platform_order_id"]) in wanted and row["status"] != CANCELLED
    }
    lines = load_rows(_LINE, live, ("parent", "platform_line_id", "qty"), key="parent")
    return [
        {**row, "platform_order_id": live[row["parent"]]["platform_order_id"], "shop": live[row["parent"]]["shop"]}
        for row in lines
    ]


def load_due_pushes(shop: str, now: datetime, leased_before: datetime, limit: int) -> list[str]:
    """Return rows of a shop that wait for their (next) try, or were fetched long ago and never answered; oldest first."""
    table = frappe.qb.DocType(_KIND)
    waits = (table.status == QUEUED) & (table.next_try.isnull() | (table.next_try <= now))
    forgotten = (table.status == SENT) & (table.sent_at < leased_before)
    rows = (
        frappe.qb.from_(table)
        .select(table.name)
        .where(table.shop == shop)
        .where(waits | forgotten)
        .orderby(table.creation)
        .limit(limit)
        .run()
    )
    return [row[0] for row in rows]


def lock_pushes(names: Iterable[str]) -> dict[str, Any]:
    """Lock rows; return them by name with their ``lines``."""
    rows = {name: frappe._dict(row, name=name, lines=[]) for name, row in lock_rows(_KIND, names, _FIELDS).items()}
    lines = load_rows(_LINE, rows, ("parent", "idx", "platform_line_id", "qty"), key="parent")
    for line in sorted(lines, key=lambda row: row["idx"]):
        rows[line["parent"]].lines.append({"id": line["platform_line_id"], "qty": float(line["qty"])})
    return rows


def insert_pushes(rows: Sequence[Row]) -> None:
    """Add rows with their ``lines`` [(platform line, items)]."""
    heads, lines = [], []
    for row in rows:
        name = frappe.generate_hash(length=10)
        heads.append({"name": name, **{key: value for key, value in row.items() if key != "lines"}})
        lines += [
            {
                "name": frappe.generate_hash(length=10), "parent": name, "parenttype": _KIND, "parentfield": "lines",
                "idx": at, "platform_line_id": line, "qty": float(qty),
            }
            for at, (line, qty) in enumerate(row["lines"], start=1)
        ]  # fmt: skip
    insert_rows(_KIND, heads)
    insert_rows(_LINE, lines)


def write_pushes(rows: Mapping[str, Row]) -> None:
    """Write fields of locked rows; every row has the same ones."""
    update_rows(_KIND, rows)


def load_stuck_pushes(limit: int = 500) -> list[Any]:
    """Return rows that wait for a person: failed ones, and reported ones whose delivery was cancelled; oldest first."""
    fields = ["name", "shop", "platform_order_id", "sales_order", "waybill_no", "status", "message", "modified"]
    either = [["status", "=", FAILED], ["withdrawn", "=", 1]]
    return list(frappe.get_all(_KIND, fields=fields, or_filters=either, order_by="modified asc", limit=limit))
