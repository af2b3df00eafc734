"""Reading, locking and writing deliveries and returns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ec_erp.documents.memo import forget, read_through
from ec_erp.documents.sets import SUBMITTED
from ec_erp.documents.store import load_rows, lock_rows, update_rows
from ec_erp.fulfilment.types import DeliveredLine, DeliveredNote
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.tax import TaxSplit

Row = dict[str, Any]

_NOTE_FIELDS = ("sales_order", "customer", "shop", "company", "warehouse", "docstatus", "is_return")
_LINE_FIELDS = (
    "name",
    "parent",
    "idx",
    "sku",
    "warehouse",
    "qty",
    "rate",
    "tax_rate",
    "net_amount",
    "tax_amount",
    "cost",
    "sales_order_item",
    "returned_qty",
    "returned_amount",
    "returned_cost",
    "gift_cost",
)


def load_notes(names: Iterable[str]) -> dict[str, DeliveredNote]:
    """Return posted deliveries with their lines by case-folded name, without drafts, cancelled ones and returns."""
    return read_through("Delivery Note", names, _load_notes)


def _load_notes(names: list[str]) -> dict[str, DeliveredNote]:
    return _with_lines({row["name"]: row for row in load_rows("Delivery Note", names, ["name", *_NOTE_FIELDS])})


def load_notes_of_lines(lines: Iterable[str]) -> dict[str, DeliveredNote]:
    """Return the posted deliveries that some delivered lines belong to, by name, without locking them."""
    return {note.name: note for note in load_notes(_notes_of(lines)).values()}


def lock_notes_of_lines(lines: Iterable[str]) -> dict[str, DeliveredNote]:
    """Lock the posted deliveries that some delivered lines belong to, and return them with all their lines."""
    return lock_notes(_notes_of(lines))


def _notes_of(lines: Iterable[str]) -> set[str]:
    return {row["parent"] for row in load_rows("Delivery Note Item", lines, ["parent"])}


def lock_notes(names: Iterable[str], *, docstatus: int = SUBMITTED) -> dict[str, DeliveredNote]:
    """Lock posted deliveries (with ``CANCELLED``: those just being cancelled) and return them with their lines."""
    return _with_lines(lock_rows("Delivery Note", names, _NOTE_FIELDS), docstatus)


def _with_lines(rows: Mapping[str, Row], docstatus: int = SUBMITTED) -> dict[str, DeliveredNote]:
    heads = {name: row for name, row in rows.items() if row["docstatus"] == docstatus and not row["is_return"]}
    lines: dict[str, list[DeliveredLine]] = {}
    for row in sorted(load_rows("Delivery Note Item", heads, _LINE_FIELDS, key="parent"), key=lambda row: row["idx"]):
        lines.setdefault(row["parent"], []).append(_line(row))
    return {
        name: DeliveredNote(
            name=name,
            sales_order=row["sales_order"] or None,
            customer=row["customer"],
            shop=row["shop"] or None,
            company=row["company"],
            warehouse=row["warehouse"] or None,
            lines=tuple(lines.get(name, [])),
        )
        for name, row in heads.items()
    }


def _line(row: Row) -> DeliveredLine:
    net, tax = decimal_of(row["net_amount"]), decimal_of(row["tax_amount"])
    returned = decimal_of(row["returned_amount"])
    return DeliveredLine(
        line=row["name"],
        note=row["parent"],
        sku=row["sku"],
        warehouse=row["warehouse"],
        qty=decimal_of(row["qty"]),
        price=TaxSplit(net, tax, net + tax),
        cost=decimal_of(row["cost"]),
        rate=decimal_of(row["rate"]),
        tax_rate=decimal_of(row["tax_rate"]),
        order_line=row["sales_order_item"] or None,
        returned=decimal_of(row["returned_qty"]),
        returned_price=TaxSplit(returned, ZERO, returned),
        returned_cost=decimal_of(row["returned_cost"]),
        gift_cost=row["gift_cost"] or "",
    )


def load_order_charges(orders: Iterable[str]) -> dict[str, list[Row]]:
    """Return the charge rows of orders."""
    charges: dict[str, list[Row]] = {}
    fields = ["parent", "idx", "charge_type", "description", "amount", "tax_rate"]
    for row in sorted(load_rows("Order Charge", orders, fields, key="parent"), key=lambda row: row["idx"]):
        charges.setdefault(row.pop("parent"), []).append(row)
    return charges


def write_posted_lines(lines: Mapping[str, Row]) -> None:
    """Write price, cost and use of reservations of lines that were just posted."""
    update_rows("Delivery Note Item", lines, touch=False)


def write_posted_notes(notes: Mapping[str, Row]) -> None:
    """Write status and totals of documents that were just posted."""
    update_rows("Delivery Note", notes, touch=False)


def write_returned(lines: Sequence[DeliveredLine], status_of: Mapping[str, str]) -> None:
    """Write what has come back of delivered lines, and the status of their notes."""
    forget("Delivery Note")
    update_rows(
        "Delivery Note Item",
        {
            line.line: {
                "returned_qty": float(line.returned),
                "returned_amount": float(line.returned_price.gross),
                "returned_cost": float(line.returned_cost),
            }
            for line in lines
        },
    )
    update_rows("Delivery Note", {name: {"status": status} for name, status in status_of.items()})
