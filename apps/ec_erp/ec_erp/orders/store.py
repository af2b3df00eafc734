"""Reading, locking and writing orders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import frappe

from ec_erp.documents.memo import read_through
from ec_erp.documents.store import insert_rows, load_rows, lock_rows, update_rows
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.tax import TaxSplit
from ec_erp.orders.rules.machine import blocking
from ec_erp.orders.types import OrderHead, OrderLine, OrderProgress, ShopTerms

Row = dict[str, Any]

_SHOP_FIELDS = (
    "name",
    "company",
    "currency",
    "default_warehouse",
    "default_customer",
    "reserve_on",
    "allow_partial_reservation",
    "enabled",
)
_HEAD_FIELDS = (
    "company",
    "status",
    "docstatus",
    "customer",
    "shop",
    "warehouse",
    "carrier",
    "charges_delivered",
    "shipping_fee",
    "charges_total",
)
_LINE_FIELDS = (
    "name",
    "parent",
    "idx",
    "sku",
    "warehouse",
    "qty",
    "rate",
    "tax_rate",
    "paid_amount",
    "net_amount",
    "tax_amount",
    "delivered_qty",
    "delivered_amount",
    "returned_qty",
)


def load_shops(names: Iterable[str]) -> dict[str, ShopTerms]:
    """Return shops by case-folded name."""
    return read_through("Shop", names, _load_shops)


def _load_shops(names: list[str]) -> dict[str, ShopTerms]:
    return {
        row["name"]: ShopTerms(
            name=row["name"],
            company=row["company"],
            currency=row["currency"],
            default_warehouse=row["default_warehouse"] or None,
            default_customer=row["default_customer"] or None,
            reserve_on=row["reserve_on"] or "Order",
            allow_partial=bool(row["allow_partial_reservation"]),
            enabled=bool(row["enabled"]),
        )
        for row in load_rows("Shop", names, _SHOP_FIELDS)
    }


def platform_key(shop: str, platform_order_id: str) -> str:
    """Return the text that makes a shop's order id unique while the order lives."""
    return f"{shop}|{platform_order_id}"


def load_orders_by_platform_key(keys: Iterable[str]) -> dict[str, str]:
    """Return which order has each platform key."""
    rows = load_rows("Sales Order", keys, ["name", "platform_key"], key="platform_key")
    return {row["platform_key"]: row["name"] for row in rows}


def lock_orders(names: Iterable[str]) -> dict[str, OrderHead]:
    """Lock submitted orders and return them with their lines; drafts and cancelled ones are left out."""
    wanted = sorted(set(names))
    heads = {name: row for name, row in lock_rows("Sales Order", wanted, _HEAD_FIELDS).items() if row["docstatus"] == 1}
    return _with_lines(heads)


def load_orders(names: Iterable[str]) -> dict[str, OrderHead]:
    """Return submitted orders with their lines by case-folded name, without locking them."""
    return read_through("Sales Order", names, _load_orders)


def _load_orders(names: list[str]) -> dict[str, OrderHead]:
    rows = load_rows("Sales Order", names, ["name", *_HEAD_FIELDS])
    return _with_lines({row["name"]: row for row in rows if row["docstatus"] == 1})


def _with_lines(heads: Mapping[str, Row]) -> dict[str, OrderHead]:
    lines: dict[str, list[OrderLine]] = {}
    for row in sorted(load_rows("Sales Order Item", heads, _LINE_FIELDS, key="parent"), key=lambda row: row["idx"]):
        lines.setdefault(row["parent"], []).append(_line(row))
    blocks = _blocks(heads)
    return {name: _head(name, row, lines.get(name, []), blocks.get(name, [])) for name, row in heads.items()}


def _blocks(orders: Iterable[str]) -> dict[str, list[str]]:
    blocks: dict[str, list[str]] = {}
    for row in load_rows("Order Block", orders, ["parent", "code"], key="parent"):
        blocks.setdefault(row["parent"], []).append(row["code"])
    return blocks


def _head(name: str, row: Row, lines: Sequence[OrderLine], codes: list[str]) -> OrderHead:
    return OrderHead(
        name=name,
        company=row["company"],
        status=row["status"],
        customer=row["customer"],
        shop=row["shop"] or None,
        warehouse=row["warehouse"] or None,
        carrier=row["carrier"] or None,
        shipping_fee=decimal_of(row["shipping_fee"]),
        charges_total=decimal_of(row["charges_total"]),
        charges_delivered=bool(row["charges_delivered"]),
        blocking=blocking(codes),
        lines=tuple(lines),
    )


def _line(row: Row) -> OrderLine:
    net, tax = decimal_of(row["net_amount"]), decimal_of(row["tax_amount"])
    return OrderLine(
        line=row["name"],
        order=row["parent"],
        sku=row["sku"],
        warehouse=row["warehouse"],
        qty=decimal_of(row["qty"]),
        price=TaxSplit(net, tax, net + tax),
        tax_rate=decimal_of(row["tax_rate"]),
        rate=decimal_of(row["rate"]),
        delivered=decimal_of(row["delivered_qty"]),
        delivered_amount=decimal_of(row["delivered_amount"]),
        returned=decimal_of(row["returned_qty"]),
    )


def write_line_progress(lines: Iterable[OrderLine], reserved: Mapping[str, Any], states: Mapping[str, str]) -> None:
    """Write what has been delivered and returned, what is still reserved, and the stock state of lines."""
    update_rows(
        "Sales Order Item",
        {
            line.line: {
                "delivered_qty": float(line.delivered),
                "delivered_amount": float(line.delivered_amount),
                "returned_qty": float(line.returned),
                "reserved_qty": float(reserved[line.line]),
                "stock_state": states[line.line],
            }
            for line in lines
        },
    )


def write_progress(progress: Mapping[str, OrderProgress], charges_delivered: Mapping[str, bool]) -> None:
    """Write what the heads of orders show."""
    update_rows(
        "Sales Order",
        {
            name: {
                "status": state.status,
                "stock_state": state.stock_state,
                "books_state": state.books_state,
                "delivered_percent": float(state.delivered_percent),
                "charges_delivered": int(charges_delivered[name]),
            }
            for name, state in progress.items()
        },
    )


def add_returned(quantities: Mapping[str, float], orders: Iterable[str]) -> None:
    """Add quantities to what has come back of order lines, their orders locked."""
    lock_rows("Sales Order", orders, ["docstatus"])
    known = load_rows("Sales Order Item", quantities, ["name", "returned_qty"])
    update_rows(
        "Sales Order Item",
        {
            row["name"]: {"returned_qty": float(decimal_of(row["returned_qty"]) + decimal_of(quantities[row["name"]]))}
            for row in known
        },
    )


def write_acceptance(orders: Mapping[str, Row], lines: Mapping[str, Row]) -> None:
    """Write status and stock states of orders that were just accepted; their forms are still being saved."""
    update_rows("Sales Order", orders, touch=False)
    update_rows("Sales Order Item", lines, touch=False)


def insert_blocks(orders: Iterable[str], code: str, note: str) -> None:
    """Add a block to orders that do not have it."""
    known = {
        row["parent"]
        for row in load_rows("Order Block", orders, ["parent", "code"], key="parent")
        if row["code"] == code
    }
    rows = [
        {
            "name": frappe.generate_hash(length=10),
            "parent": order,
            "parenttype": "Sales Order",
            "parentfield": "blocks",
            "idx": 1,
            "docstatus": 1,
            "code": code,
            "source": "stock",
            "since": frappe.utils.now_datetime(),
            "note": note,
        }
        for order in orders
        if order not in known
    ]
    insert_rows("Order Block", rows)


def delete_blocks(orders: Iterable[str], code: str) -> None:
    """Take a block off orders."""
    frappe.db.delete("Order Block", {"parent": ("in", sorted(set(orders))), "code": code})


def forget_platform_keys(orders: Iterable[str]) -> None:
    """Free the platform order ids of cancelled orders, so that an amended order may take them."""
    update_rows("Sales Order", {order: {"platform_key": None} for order in orders}, touch=False)


def with_progress(order: OrderHead, lines: Iterable[OrderLine]) -> OrderHead:
    """Return the order with some of its lines replaced."""
    changed = {line.line: line for line in lines}
    return replace(order, lines=tuple(changed.get(line.line, line) for line in order.lines))
