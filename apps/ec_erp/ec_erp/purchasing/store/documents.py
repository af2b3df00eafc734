"""Reading, locking and writing purchase orders and receipts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ec_erp.documents.memo import forget, read_through
from ec_erp.documents.sets import SUBMITTED
from ec_erp.documents.store import load_rows, lock_rows, update_rows
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.tax import TaxSplit
from ec_erp.purchasing.rules.receiving import order_status, receipt_state, received_percent
from ec_erp.purchasing.types import BoughtOrder, BoughtOrderLine, ReceivedGoods, ReceivedLine

Row = dict[str, Any]

_ORDER_FIELDS = ("company", "supplier", "warehouse", "status", "docstatus", "prices_include_tax")
_ORDER_LINE_FIELDS = (
    "name",
    "parent",
    "idx",
    "sku",
    "warehouse",
    "qty",
    "rate",
    "tax_rate",
    "received_qty",
    "stopped_qty",
)
_RECEIPT_FIELDS = ("company", "supplier", "docstatus", "prices_include_tax")
_RECEIPT_LINE_FIELDS = (
    "name",
    "parent",
    "idx",
    "sku",
    "warehouse",
    "accepted_qty",
    "rate",
    "tax_rate",
    "net_amount",
    "tax_amount",
    "returned_qty",
)


def load_orders(names: Iterable[str]) -> dict[str, BoughtOrder]:
    """Return submitted purchase orders with their lines by case-folded name, without locking them."""
    return read_through("Purchase Order", names, _load_orders)


def _load_orders(names: list[str]) -> dict[str, BoughtOrder]:
    return _orders({row["name"]: row for row in load_rows("Purchase Order", names, ["name", *_ORDER_FIELDS])})


def lock_orders(names: Iterable[str], *, docstatus: int = SUBMITTED) -> dict[str, BoughtOrder]:
    """Lock submitted purchase orders (with ``CANCELLED``: those just being cancelled), with their lines."""
    return _orders(lock_rows("Purchase Order", names, _ORDER_FIELDS), docstatus)


def _orders(rows: Mapping[str, Row], docstatus: int = SUBMITTED) -> dict[str, BoughtOrder]:
    heads = {name: row for name, row in rows.items() if row["docstatus"] == docstatus}
    lines = _by_parent("Purchase Order Item", heads, _ORDER_LINE_FIELDS)
    return {
        name: BoughtOrder(
            name=name,
            company=row["company"],
            supplier=row["supplier"],
            warehouse=row["warehouse"] or None,
            status=row["status"],
            prices_include_tax=bool(row["prices_include_tax"]),
            lines=tuple(_order_line(line) for line in lines.get(name, [])),
        )
        for name, row in heads.items()
    }


def _order_line(row: Row) -> BoughtOrderLine:
    return BoughtOrderLine(
        line=row["name"],
        order=row["parent"],
        sku=row["sku"],
        warehouse=row["warehouse"],
        qty=decimal_of(row["qty"]),
        rate=decimal_of(row["rate"]),
        tax_rate=decimal_of(row["tax_rate"]),
        received=decimal_of(row["received_qty"]),
        stopped=decimal_of(row["stopped_qty"]),
    )


def load_receipts(names: Iterable[str]) -> dict[str, ReceivedGoods]:
    """Return posted receipts with their lines by case-folded name, without locking them."""
    return read_through("Purchase Receipt", names, _load_receipts)


def _load_receipts(names: list[str]) -> dict[str, ReceivedGoods]:
    return _receipts({row["name"]: row for row in load_rows("Purchase Receipt", names, ["name", *_RECEIPT_FIELDS])})


def lock_receipts(names: Iterable[str], *, docstatus: int = SUBMITTED) -> dict[str, ReceivedGoods]:
    """Lock receipts that are posted (or, with ``CANCELLED``, just being cancelled) and return them with their lines."""
    return _receipts(lock_rows("Purchase Receipt", names, _RECEIPT_FIELDS), docstatus)


def load_order_lines_of(receipt_lines: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return (order, order line) of received lines; empty texts where there was no order."""
    rows = load_rows("Purchase Receipt Item", receipt_lines, ["name", "parent", "purchase_order_item"])
    heads = load_rows("Purchase Receipt", {row["parent"] for row in rows}, ["name", "purchase_order"])
    order_of = {head["name"]: head["purchase_order"] or "" for head in heads}
    return {row["name"]: (order_of.get(row["parent"], ""), row["purchase_order_item"] or "") for row in rows}


def _receipts(rows: Mapping[str, Row], docstatus: int = SUBMITTED) -> dict[str, ReceivedGoods]:
    heads = {name: row for name, row in rows.items() if row["docstatus"] == docstatus}
    lines = _by_parent("Purchase Receipt Item", heads, _RECEIPT_LINE_FIELDS)
    return {
        name: ReceivedGoods(
            name=name,
            company=row["company"],
            supplier=row["supplier"],
            prices_include_tax=bool(row["prices_include_tax"]),
            lines=tuple(_received_line(line) for line in lines.get(name, [])),
        )
        for name, row in heads.items()
    }


def _received_line(row: Row) -> ReceivedLine:
    net, tax = decimal_of(row["net_amount"]), decimal_of(row["tax_amount"])
    return ReceivedLine(
        line=row["name"],
        receipt=row["parent"],
        sku=row["sku"],
        warehouse=row["warehouse"],
        qty=decimal_of(row["accepted_qty"]),
        rate=decimal_of(row["rate"]),
        tax_rate=decimal_of(row["tax_rate"]),
        price=TaxSplit(net, tax, net + tax),
        returned=decimal_of(row["returned_qty"]),
    )


def _by_parent(doctype: str, parents: Iterable[str], fields: Sequence[str]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in sorted(load_rows(doctype, parents, fields, key="parent"), key=lambda row: row["idx"]):
        groups.setdefault(row["parent"], []).append(row)
    return groups


def write_order_progress(orders: Iterable[BoughtOrder]) -> None:
    """Write what has come and what is no longer waited for, per line and per order."""
    forget("Purchase Order")
    known = list(orders)
    update_rows(
        "Purchase Order Item",
        {
            line.line: {"received_qty": float(line.received), "stopped_qty": float(line.stopped)}
            for order in known
            for line in order.lines
        },
    )
    update_rows(
        "Purchase Order",
        {
            order.name: {
                "status": order_status(order.lines),
                "receipt_state": receipt_state(order.lines),
                "received_percent": float(received_percent(order.lines)),
            }
            for order in known
        },
    )


def load_status(doctype: str, name: str) -> str | None:
    """Return the status that a document has in the database: the one in hand may be about to change it."""
    rows = load_rows(doctype, [name], ["status"])
    return str(rows[0]["status"]) if rows else None


def write_status(doctype: str, status_of: Mapping[str, str]) -> None:
    """Write the status of documents whose form is being saved."""
    update_rows(doctype, {name: {"status": status} for name, status in status_of.items()}, touch=False)


def write_returned(receipts: Iterable[ReceivedGoods], status_of: Mapping[str, str]) -> None:
    """Write what was sent back of received lines, and the status of their receipts."""
    forget("Purchase Receipt")
    lines = [line for receipt in receipts for line in receipt.lines]
    update_rows("Purchase Receipt Item", {line.line: {"returned_qty": float(line.returned)} for line in lines})
    update_rows("Purchase Receipt", {name: {"status": status} for name, status in status_of.items()})
