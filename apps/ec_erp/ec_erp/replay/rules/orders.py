"""Sales orders, purchase orders, deliveries and receipts, replayed from the documents that are about them.

Invariant: what a row shows of its progress is what the submitted documents that name it add up to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from ec_erp.kernel.money import share_so_far
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.replay.types import Row

_HUNDRED = Decimal(100)
_CENT = Decimal("0.01")
_OVER = ("Cancelled", "Merged", "Split")
_WAREHOUSE = ("To Ship", "Picking", "Packed", "Shipped", "Done")
# What an order shows while the warehouse works on its delivery, by the delivery's stage.
_STAGES = {"Picking": "Picking", "Picked": "Picking", "Checked": "Picking", "Packed": "Packed", "Handed Over": "Packed"}


def is_over(head: Row) -> bool:
    """Tell whether an order has ended without its goods leaving."""
    return head["docstatus"] == 2 or head["status"] in _OVER


def total(rows: Iterable[Row], field: str) -> Decimal:
    """Return the sum of a field."""
    return sum((decimal_of(row[field]) for row in rows), ZERO)


# sales orders


def sold_line(
    line: Row, delivered: Sequence[Row], returned: Sequence[Row], held: Decimal, *, over: bool
) -> dict[str, Any]:
    """Return the progress of an order line from the rows that delivered it and brought it back, and what is put aside."""
    qty = total(delivered, "qty")
    kept = line["stock_state"] in ("None", "Presale")
    return {
        "delivered_qty": qty,
        "delivered_amount": total(delivered, "amount"),
        "returned_qty": total(returned, "qty"),
        "reserved_qty": held,
        **({} if kept else {"stock_state": "None" if over else _line_state(line, qty, held)}),
    }


def sold_order(
    head: Row, lines: Sequence[Row], rebuilt: Sequence[Row], logged: str, staged: Row | None, *, charges_out: bool
) -> Row:
    """Return what the head of an order shows, from its rebuilt lines, the status its history came to and its ``staged`` delivery."""
    due = [max(ZERO, decimal_of(line["qty"]) - decimal_of(line["refunded_qty"])) for line in lines]
    ordered = sum(due, ZERO)
    delivered = sum((min(row["delivered_qty"], qty) for row, qty in zip(rebuilt, due, strict=True)), ZERO)
    whole = delivered >= ordered and (bool(lines) or charges_out)
    status = _status(head, logged, staged, started=bool(delivered), whole=whole)
    if status in _OVER:
        return {"status": status}
    return {
        "status": status,
        "books_state": "Posted" if whole else "Part Posted" if delivered else "Not Posted",
        "delivered_percent": _percent(delivered, ordered, whole=whole),
        "charges_delivered": Decimal(int(charges_out)),
        **_amounts(head, lines),
        **_shown_stock(rebuilt),
    }


def _shown_stock(rebuilt: Sequence[Row]) -> dict[str, str]:
    if not all("stock_state" in row for row in rebuilt):
        return {}  # lines without stock of their own, and presale goods
    return {"stock_state": _order_state([row["stock_state"] for row in rebuilt])}


def _amounts(head: Row, lines: Sequence[Row]) -> dict[str, Decimal]:
    """Return the totals of an order; its charges and shipping fee are as they were typed."""
    gross = total(lines, "paid_amount")
    return {
        "total_qty": total(lines, "qty"),
        "goods_total": total(lines, "amount"),
        "grand_total": gross + decimal_of(head["charges_total"]) + decimal_of(head["shipping_fee"]),
        "refunded_amount": sum((_refunded(line, head["currency"]) for line in lines), ZERO),
    }


def _refunded(line: Row, currency: str) -> Decimal:
    paid, qty, refunded = (decimal_of(line[field]) for field in ("paid_amount", "qty", "refunded_qty"))
    return paid - share_so_far(paid, qty - min(refunded, qty), qty, currency) if refunded else ZERO


def order_bits(staged: Row | None, bits: Sequence[str]) -> dict[str, Decimal]:
    """Return the progress bits of an order: those of the delivery that the warehouse works on or has sent."""
    return {bit: decimal_of(staged[bit] if staged else 0) for bit in bits}


def payment_state(head: Row, logged: str) -> str:
    """Return how far an order is paid, by the way it is paid, its dates, and what its history says (``logged``)."""
    if logged == "Paid" or head["paid_datetime"]:
        return "Paid"
    if head["payment_type"] == "Deposit":
        return "Deposit Paid" if logged or head["deposit_datetime"] else "Unpaid"
    return {"On Account": "On Account", "Cash on Delivery": "Collect"}.get(head["payment_type"] or "", "Unpaid")


def _status(head: Row, logged: str, staged: Row | None, *, started: bool, whole: bool) -> str:
    """Return the status: as logged up to the warehouse, from there on as its deliveries say."""
    if head["docstatus"] == 2:
        return "Cancelled"
    if whole:
        return "Done" if logged == "Done" else "Shipped"
    if started or logged in _WAREHOUSE:
        return _STAGES.get(staged["stage"] if staged and not staged["docstatus"] else "", "To Ship")
    return logged


def _line_state(line: Row, delivered: Decimal, held: Decimal) -> str:
    due = max(ZERO, decimal_of(line["qty"]) - decimal_of(line["refunded_qty"]))
    if delivered >= due:
        return "Delivered"
    if held + delivered >= due:
        return "Reserved"
    return "Part Reserved" if held else "Short"


def _order_state(states: Sequence[str]) -> str:
    if states and all(state == "Delivered" for state in states):
        return "Delivered"
    if states and all(state in ("Reserved", "Delivered") for state in states):
        return "Reserved"
    return (
        "Part Reserved"
        if any(state in ("Reserved", "Part Reserved", "Delivered") for state in states)
        else "Not Reserved"
    )


def _percent(done: Decimal, of: Decimal, *, whole: bool) -> Decimal:
    return (_HUNDRED * done / of).quantize(_CENT) if of else _HUNDRED * int(whole)


def reservation(held: Row, used: Decimal) -> dict[str, Any]:
    """Return what a reservation must say, ``used`` being what posted deliveries took of it."""
    open_qty = decimal_of(held["qty"]) - used - decimal_of(held["released_qty"])
    status = "Held" if open_qty > 0 else "Consumed" if used else "Released"
    return {"consumed_qty": used, "status": status}


# deliveries


def delivered_line(returned: Sequence[Row]) -> dict[str, Decimal]:
    """Return what has come back of a delivered row."""
    return {
        "returned_qty": total(returned, "qty"),
        "returned_amount": total(returned, "amount"),
        "returned_cost": total(returned, "cost"),
    }


def note_status(head: Row, lines: Sequence[Row], returned: Sequence[Decimal]) -> str:
    """Return the status of a note from what came back of its rows."""
    if head["docstatus"] == 2:
        return "Cancelled"
    if head["is_return"]:
        return "Taken Back"
    if not any(returned):
        return "Shipped"
    whole = all(back >= decimal_of(line["qty"]) for line, back in zip(lines, returned, strict=True))
    return "Returned" if whole else "Part Returned"


# purchasing


def payment_request(head: Row, paid: Decimal) -> dict[str, Any]:
    """Return what a request to pay shows, ``paid`` being what payments that stand and others have paid of it."""
    amount = decimal_of(head["amount"])
    if head["status"] == "Cancelled":
        return {"paid_amount": paid}
    whole = abs(paid) >= abs(amount) and (bool(paid) or not amount)
    return {
        "paid_amount": paid,
        "outstanding": amount - paid,
        "status": "Paid" if whole else "Part Paid" if paid else "Open",
    }


def settlement_state(requests: Sequence[Row]) -> str:
    """Return how far a purchase order is settled by the requests of it that stand."""
    asked, paid = total(requests, "amount"), total(requests, "paid_amount")
    if not asked:
        return "Paid" if paid else "Not Due"
    if not paid:
        return "To Pay"
    return "Paid" if abs(paid) >= abs(asked) else "Part Paid"


def set_off(head: Row, booked: Decimal, received: Decimal) -> Decimal:
    """Return what of a prepayment is set off: what payments paid of it, as far as receipts have used it."""
    used = max(ZERO, min(decimal_of(head["amount"]), received))
    return max(ZERO, min(booked, used))


def bought_order(head: Row, lines: Sequence[Row], received: Sequence[Decimal], settled: str) -> dict[str, Any]:
    """Return what a purchase order shows, from what has come of its lines and how far it is ``settled``."""
    if head["docstatus"] == 2:
        return {"status": "Cancelled"}
    pairs = list(zip(lines, received, strict=True))
    still = [open_of(line, came) for line, came in pairs]
    ordered = total(lines, "qty")
    within = sum((min(came, decimal_of(line["qty"])) for line, came in pairs), ZERO)
    figures: dict[str, Any] = {"received_percent": _percent(within, ordered, whole=False), "settlement_state": settled}
    if head["status"] not in ("To Approve", "To Finance Approve", "Closed", "Rejected"):
        status = _bought_status(lines, received, any_open=any(still))
        figures["status"] = "Settled" if status == "Received" and settled == "Paid" else status
    return figures


def _bought_status(lines: Sequence[Row], received: Sequence[Decimal], *, any_open: bool) -> str:
    if any_open:
        return "Part Received" if any(received) else "Approved"
    return "Stopped" if any(decimal_of(line["stopped_qty"]) for line in lines) else "Received"


def open_of(line: Row, received: Decimal) -> Decimal:
    """Return what of a purchase order's line is still expected."""
    return max(ZERO, decimal_of(line["qty"]) - received - decimal_of(line["stopped_qty"]))


def receipt_status(head: Row, lines: Sequence[Row], returned: Sequence[Decimal]) -> str:
    """Return the status of a receipt from what was sent back of its rows."""
    if head["docstatus"] == 2:
        return "Cancelled"
    if not any(returned):
        return "Received"
    left = [decimal_of(line["accepted_qty"]) - back for line, back in zip(lines, returned, strict=True)]
    return "Part Returned" if any(qty > 0 for qty in left) else "Returned"
