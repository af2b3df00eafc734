"""Progress and statuses of orders, deliveries, reservations, purchase orders and receipts, from the documents about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ec_erp.documents.store import load_rows
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.replay import store
from ec_erp.replay.rules import orders as rules
from ec_erp.replay.types import Difference, Row, differences

_HEAD = (
    "docstatus", "status", "stock_state", "books_state", "delivered_percent", "charges_delivered", "shipping_fee", "charges_total",
    "total_qty", "goods_total", "grand_total", "refunded_amount", "currency",
    "payment_type", "payment_state", "paid_datetime", "deposit_datetime", *store.BITS,
)  # fmt: skip
_LINE = (
    "name", "idx", "sku", "qty", "delivered_qty", "delivered_amount", "returned_qty", "refunded_qty", "reserved_qty", "stock_state",
    "amount", "paid_amount",
)  # fmt: skip
_PAYMENT = "Payment Entry"
_REQUEST = ("status", "kind", "amount", "paid_amount", "outstanding", "offset_amount", "purchase_order")
_HELD = ("name", "sku", "warehouse", "qty", "consumed_qty", "released_qty", "status", "kind", "soft")
_NOTE_LINE = (
    "name",
    "idx",
    "qty",
    "amount",
    "cost",
    "from_reserved",
    "returned_qty",
    "returned_amount",
    "returned_cost",
)


def order_differences() -> Iterator[Difference]:
    """Yield what sales orders, their lines and reservations, and deliveries show otherwise than a replay."""
    for heads in store.pages("Sales Order", _HEAD):
        yield from _orders({head["name"]: head for head in heads})
    for heads in store.pages("Delivery Note", ("docstatus", "status", "is_return")):
        yield from _notes(heads)


def _orders(heads: Mapping[str, Row]) -> Iterator[Difference]:
    lines = store.grouped("Sales Order Item", "parent", heads, _LINE)
    names = [line["name"] for rows in lines.values() for line in rows]
    rows = store.posted(
        "Delivery Note Item", "sales_order_item", names, _NOTE_LINE,
        parent="Delivery Note", head=("is_return", "charges_total", "shipping_fee", "sales_order", "creation"),
    )  # fmt: skip
    held = {row["name"]: row for row in load_rows("Stock Reservation", names, _HELD)}
    logged = store.load_logged_statuses(heads)
    charged, staged, paid = _charged(heads), store.load_staged(heads), store.load_logged_payments(heads)
    for name, head in heads.items():
        own = lines.get(name, [])
        rebuilt = [
            _line(line, rows.get(line["name"], []), held.get(line["name"]), over=rules.is_over(head)) for line in own
        ]
        for line, figures in zip(own, rebuilt, strict=True):
            where = f"Sales Order {name}, row {line['idx']} ({line['sku']})"
            yield from differences(where, line, figures)
            if line["name"] in held:
                yield from _reservation(where, head, held[line["name"]], rows.get(line["name"], []))
        draft = staged.get(name)
        status = _logged_status(*logged.get(name, ("Draft", None)), [rows.get(line["name"], []) for line in own])
        shown = rules.sold_order(head, own, rebuilt, status, draft, charges_out=name in charged)
        shown = {**shown, "payment_state": rules.payment_state(head, paid.get(name, ""))}
        if not rules.is_over(head):
            shown |= rules.order_bits(draft, store.BITS)
        yield from differences(f"Sales Order {name}", head, shown)


def _logged_status(status: str, moment: Any, deliveries: Sequence[Sequence[Row]]) -> str:
    """Return the status of an order's history; one that was done and delivered anew since is shipped."""
    again = any(
        row["creation"] > moment for rows in deliveries for row in rows if status == "Done" and not row["is_return"]
    )
    return "Shipped" if again else status


def _charged(heads: Mapping[str, Row]) -> set[str]:
    """Return the orders whose charges a posted delivery has booked."""
    fields = ("docstatus", "is_return", "charges_total", "shipping_fee")
    notes = store.grouped("Delivery Note", "sales_order", heads, fields)
    return {
        order
        for order, rows in notes.items()
        for row in rows
        if row["docstatus"] == 1 and not row["is_return"] and (row["charges_total"] or row["shipping_fee"])
    }


def _line(line: Row, rows: Sequence[Row], held: Row | None, *, over: bool) -> dict[str, Any]:
    open_qty = (
        decimal_of(held["qty"]) - decimal_of(held["consumed_qty"]) - decimal_of(held["released_qty"]) if held else ZERO
    )
    return rules.sold_line(
        line,
        [row for row in rows if not row["is_return"]],
        [row for row in rows if row["is_return"]],
        open_qty,
        over=over,
    )


def _reservation(where: str, head: Row, held: Row, rows: Sequence[Row]) -> Iterator[Difference]:
    used = rules.total([row for row in rows if not row["is_return"]], "from_reserved")
    figures = rules.reservation(held, used)
    if head["docstatus"] == 2 or head["status"] in ("Merged", "Split", "Shipped", "Done"):
        figures["status"] = "Consumed" if used else "Released"  # nothing is held for what is over
    elif figures["status"] == "Held":
        figures["soft"] = Decimal(int(head["status"] == "Unpaid"))
    yield from differences(f"{where}, reservation", held, figures)


def _notes(heads: Sequence[Row]) -> Iterator[Difference]:
    lines = store.grouped("Delivery Note Item", "parent", [head["name"] for head in heads], _NOTE_LINE)
    names = [line["name"] for rows in lines.values() for line in rows]
    back = store.posted(
        "Delivery Note Item", "return_against_item", names, ("qty", "amount", "cost"), parent="Delivery Note", head=()
    )
    for head in heads:
        own = lines.get(head["name"], [])
        where = f"Delivery Note {head['name']}"
        for line in own:
            figures = rules.delivered_line(back.get(line["name"], []))
            yield from differences(f"{where}, row {line['idx']}", line, figures)
        returned = [rules.total(back.get(line["name"], []), "qty") for line in own]
        yield from differences(where, head, {"status": rules.note_status(head, own, returned)})


def purchase_differences() -> Iterator[Difference]:
    """Yield what purchase orders, receipts and requests to pay show otherwise than what has come, was sent back and paid."""
    for heads in store.pages("Purchase Order", ("docstatus", "status", "received_percent", "settlement_state")):
        yield from _purchase_orders(heads)
    for heads in store.pages("Payment Request", _REQUEST):
        yield from _requests(heads)
    for heads in store.pages("Purchase Receipt", ("docstatus", "status")):
        yield from _receipts(heads)


def _purchase_orders(heads: Sequence[Row]) -> Iterator[Difference]:
    fields = ("name", "idx", "sku", "qty", "received_qty", "stopped_qty")
    lines = store.grouped("Purchase Order Item", "parent", [head["name"] for head in heads], fields)
    received = _received([line["name"] for rows in lines.values() for line in rows])
    asked = store.grouped("Payment Request", "purchase_order", lines, ("status", "amount", "paid_amount"))
    for head in heads:
        own = lines.get(head["name"], [])
        came = [received.get(line["name"], ZERO) for line in own]
        for line, qty in zip(own, came, strict=True):
            where = f"Purchase Order {head['name']}, row {line['idx']} ({line['sku']})"
            yield from differences(where, line, {"received_qty": qty})
        settled = rules.settlement_state([row for row in asked.get(head["name"], []) if row["status"] != "Cancelled"])
        yield from differences(f"Purchase Order {head['name']}", head, rules.bought_order(head, own, came, settled))


def _requests(heads: Sequence[Row]) -> Iterator[Difference]:
    """Yield requests to pay that show other payments than those that stand."""
    fields = ("amount", "reference_doctype", "reference_name")
    rows = store.grouped("Payment Request Payment", "parent", [head["name"] for head in heads], fields)
    entries = store.load_payment_heads(
        {row["reference_name"] for group in rows.values() for row in group if row["reference_doctype"] == _PAYMENT}
    )
    orders = {head["purchase_order"] for head in heads if head["kind"] == "Prepayment"}
    came = store.grouped("Purchase Receipt", "purchase_order", orders, ("docstatus", "grand_total"))
    for head in heads:
        own = rows.get(head["name"], [])
        booked = [row for row in own if row["reference_doctype"] == _PAYMENT]
        standing = [row for row in booked if entries[row["reference_name"]]["docstatus"] == 1]
        others = [row for row in own if row["reference_doctype"] != _PAYMENT]
        figures = rules.payment_request(head, rules.total([*standing, *others], "amount"))
        if head["kind"] == "Prepayment" and head["status"] != "Cancelled":
            receipts = [row for row in came.get(head["purchase_order"], []) if row["docstatus"] == 1]
            received = rules.total(receipts, "grand_total")
            figures["offset_amount"] = rules.set_off(head, rules.total(standing, "amount"), received)
        yield from differences(f"Payment Request {head['name']}", head, figures)


def _received(order_lines: Sequence[str]) -> dict[str, Decimal]:
    """Return what has come of order lines: accepted, less what was sent back to be replaced."""
    came = store.posted(
        "Purchase Receipt Item", "purchase_order_item", order_lines, ("name", "accepted_qty"), parent="Purchase Receipt", head=()
    )  # fmt: skip
    rows = {row["name"]: line for line, group in came.items() for row in group}
    back = _sent_back(list(rows))
    totals = {line: rules.total(group, "accepted_qty") for line, group in came.items()}
    for name, group in back.items():
        replaced = [row for row in group if row["settle_by"] == "Replacement"]
        totals[rows[name]] -= rules.total(replaced, "qty")
    return totals


def _sent_back(receipt_lines: Sequence[str]) -> dict[str, list[Row]]:
    back = store.posted(
        "Purchase Return Item", "purchase_receipt_item", receipt_lines, ("qty",),
        parent="Purchase Return", head=("settle_by", "status"),
    )  # fmt: skip
    return {name: [row for row in rows if row["status"] != "Held"] for name, rows in back.items()}


def _receipts(heads: Sequence[Row]) -> Iterator[Difference]:
    fields = ("name", "idx", "sku", "accepted_qty", "returned_qty")
    lines = store.grouped("Purchase Receipt Item", "parent", [head["name"] for head in heads], fields)
    back = _sent_back([line["name"] for rows in lines.values() for line in rows])
    for head in heads:
        own = lines.get(head["name"], [])
        where = f"Purchase Receipt {head['name']}"
        returned = [rules.total(back.get(line["name"], []), "qty") for line in own]
        for line, qty in zip(own, returned, strict=True):
            yield from differences(f"{where}, row {line['idx']} ({line['sku']})", line, {"returned_qty": qty})
        yield from differences(where, head, {"status": rules.receipt_status(head, own, returned)})
