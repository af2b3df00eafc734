"""Orders as warehouse and books see them: heads with lines and amounts, locked and written as goods move.

Invariant: within one save an order that is locked or read already is not read again, unless a flow has changed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ec_erp.documents.memo import LOCKED, read_through
from ec_erp.documents.store import load_rows, lock_rows, update_rows
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.tax import TaxSplit
from ec_erp.kernel.values import with_changes
from ec_erp.orders.rules.blocks import blocking
from ec_erp.orders.types import OrderHead, OrderLine, OrderProgress

Row = dict[str, Any]
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
    "is_blocked",
    "origin",
    "payment_type",
    "payment_state",
    "order_type",
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
    "is_gift",
    "paid_amount",
    "net_amount",
    "tax_amount",
    "delivered_qty",
    "delivered_amount",
    "returned_qty",
    "refunded_qty",
)


def lock_orders(names: Iterable[str]) -> dict[str, OrderHead]:
    """Lock submitted orders and return them with their lines; drafts and cancelled ones are left out.

    Within one save an order that is locked already is not read again, unless a flow has changed it.
    """
    return {order.name: order for order in read_through("Sales Order" + LOCKED, names, _lock_orders).values()}


def _lock_orders(names: list[str]) -> dict[str, OrderHead]:
    rows = lock_rows("Sales Order", names, _HEAD_FIELDS)
    return _with_lines({name: row for name, row in rows.items() if row["docstatus"] == 1})


def load_orders(names: Iterable[str], *, lock: bool = False) -> dict[str, OrderHead]:
    """Return submitted orders with their lines by case-folded name; ``lock`` those that were not read yet."""
    return read_through("Sales Order", names, lock_orders if lock else _load_orders)


def _load_orders(names: list[str]) -> dict[str, OrderHead]:
    rows = load_rows("Sales Order", names, ["name", *_HEAD_FIELDS])
    return _with_lines({row["name"]: row for row in rows if row["docstatus"] == 1})


def _with_lines(heads: Mapping[str, Row]) -> dict[str, OrderHead]:
    lines: dict[str, list[OrderLine]] = {}
    for row in sorted(load_rows("Sales Order Item", heads, _LINE_FIELDS, key="parent"), key=lambda row: row["idx"]):
        lines.setdefault(row["parent"], []).append(_line(row))
    blocks = _blocks(name for name, row in heads.items() if row["is_blocked"])
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
        origin=row["origin"] or "",
        payment_type=row["payment_type"] or "",
        payment_state=row["payment_state"] or "",
        order_type=row["order_type"] or "",
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
        refunded=decimal_of(row["refunded_qty"]),
        is_gift=bool(row["is_gift"]),
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


def write_progress(progress: Mapping[str, OrderProgress], charges_delivered: Mapping[str, bool], besides: Row) -> None:
    """Write what the heads of orders show, and the fields ``besides`` on all of them."""
    update_rows(
        "Sales Order",
        {
            name: {
                "status": state.status,
                "stock_state": state.stock_state,
                "books_state": state.books_state,
                "delivered_percent": float(state.delivered_percent),
                "charges_delivered": int(charges_delivered[name]),
                **besides,
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


def with_progress(order: OrderHead, lines: Mapping[str, OrderLine]) -> OrderHead:
    """Return the order with those of its lines replaced that are among ``lines``, by name."""
    return with_changes(order, lines=tuple([lines.get(line.line, line) for line in order.lines]))
