"""What every document must have done to the stock ledger and the general ledger, from its rows.

Invariants: a cancelled document leaves nothing but, where goods could not leave at what they came for, a price variance. Keys are
(SKU, warehouse, grade) for quantities, account roles (fields of Company) or accounts for amounts; debits are positive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.replay.types import Row, sums

Goods = tuple[str, str, str]
GOOD, DEFECTIVE = "Good", "Defective"
STOCK, VARIANCE, REST = "stock_account", "price_variance_account", "rest"


def _grade(row: Row) -> str:
    return str(row.get("grade") or GOOD)


# quantities


def moved_by_note(head: Row, rows: Sequence[Row]) -> Iterable[tuple[Goods, Decimal]]:
    """A delivery takes its rows out, a return brings them in."""
    sign = 1 if head["is_return"] else -1
    return [((row["sku"], row["warehouse"], _grade(row)), sign * decimal_of(row["qty"])) for row in rows]


def moved_by_receipt(head: Row, rows: Sequence[Row]) -> Iterable[tuple[Goods, Decimal]]:  # noqa: ARG001  the table's shape
    """What was accepted comes in."""
    return [((row["sku"], row["warehouse"], GOOD), decimal_of(row["accepted_qty"])) for row in rows]


def moved_by_purchase_return(head: Row, rows: Sequence[Row]) -> Iterable[tuple[Goods, Decimal]]:
    """What was sent back goes out; what is held alone stays."""
    if head["status"] == "Held":
        return []
    return [((row["sku"], row["warehouse"], _grade(row)), -decimal_of(row["qty"])) for row in rows]


def moved_by_entry(head: Row, rows: Sequence[Row]) -> Iterable[tuple[Goods, Decimal]]:
    """Other goods in or out."""
    sign = 1 if head["purpose"] == "Receipt" else -1
    return [((row["sku"], row["warehouse"], _grade(row)), sign * decimal_of(row["qty"])) for row in rows]


def moved_by_count(head: Row, rows: Sequence[Row]) -> Iterable[tuple[Goods, Decimal]]:
    """What was found or missed."""
    return [((row["sku"], head["warehouse"], _grade(row)), decimal_of(row["variance"])) for row in rows]


def moved_by_change(head: Row, rows: Sequence[Row]) -> Iterable[tuple[Goods, Decimal]]:
    """Pieces leave one grade and enter the other."""
    first, second = (GOOD, DEFECTIVE) if head["direction"] == "Good to Defective" else (DEFECTIVE, GOOD)
    for row in rows:
        yield (row["sku"], head["warehouse"], first), -decimal_of(row["qty"])
        yield (row["sku"], head["warehouse"], second), decimal_of(row["qty"])


def moved_by_transfer(head: Row, rows: Sequence[Row]) -> Iterable[tuple[Goods, Decimal]]:
    """What was sent is on its way until it has come, was lost, or went back."""
    for row in rows:
        sent, received, lost, back = (
            decimal_of(row[name]) for name in ("sent_qty", "received_qty", "lost_qty", "back_qty")
        )
        yield (row["sku"], head["from_warehouse"], GOOD), back - sent
        yield (row["sku"], head["to_warehouse"], GOOD), received
        if head["transit_warehouse"]:
            yield (row["sku"], head["transit_warehouse"], GOOD), sent - received - lost - back


def quantities(head: Row, moved: Iterable[tuple[Goods, Decimal]]) -> dict[Goods, Decimal]:
    """Return what a document has moved; nothing where it is cancelled."""
    return {} if head["docstatus"] == 2 else sums(moved)


# amounts


def booked_by_note(head: Row, rows: Sequence[Row], values: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Receivable against revenue, charges and output tax; cost of sales, and of gifts, against stock."""
    sign = -1 if head["is_return"] else 1
    gross, tax = sign * decimal_of(head["grand_total"]), sign * decimal_of(head["total_tax"])
    net = sign * sum((decimal_of(row["net_amount"]) for row in rows), ZERO)
    charges = sign * (decimal_of(head["charges_total"]) + decimal_of(head["shipping_fee"]))
    worth = sum(values.values(), ZERO)
    cost = "resend_account" if head.get("order_type") in ("Resend", "Replacement") else "cogs_account"
    gifts = sum((values.get(row["name"], ZERO) for row in rows if row["gift_cost"] == "Promotion Expense"), ZERO)
    booked = {"receivable_account": gross, "output_tax_account": -tax, cost: gifts - worth, STOCK: worth}
    booked |= {"gift_account": -gifts} if gifts else {}
    return booked | ({"revenue_account": -net} if not charges else {})


def booked_by_receipt(head: Row, rows: Sequence[Row], values: Mapping[str, Decimal]) -> dict[str, Decimal]:  # noqa: ARG001
    """Stock against goods received, not invoiced."""
    owed = sum((decimal_of(row["net_amount"]) for row in rows), ZERO)
    return _with_variance({"grni_account": -owed, STOCK: sum(values.values(), ZERO)})


def booked_by_purchase_return(head: Row, rows: Sequence[Row], values: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The debt falls by what was paid; what stock lost more or less is a price variance."""
    if head["status"] == "Held":
        return {}
    owed = sum((decimal_of(row["net_amount"]) for row in rows), ZERO)
    return _with_variance({"grni_account": owed, STOCK: sum(values.values(), ZERO)})


def booked_by_costs(head: Row, rows: Sequence[Row], values: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """What getting goods here cost is owed (or was paid from an account); what is not in stock is a price variance."""
    tax = decimal_of(head.get("tax_borne"))
    owed = sums(
        (row["account"] or "grni_account", -decimal_of(row["amount"]) - tax * decimal_of(row["tax_amount"]))
        for row in rows
    )
    return _with_variance({**owed, STOCK: sum(values.values(), ZERO)})


def booked_by_entry(head: Row, rows: Sequence[Row], values: Mapping[str, Decimal]) -> dict[str, Decimal]:  # noqa: ARG001
    """Stock against the account of the reason."""
    worth = sum(values.values(), ZERO)
    return {str(head["account"]): -worth, STOCK: worth}


def booked_by_count(head: Row, rows: Sequence[Row], values: Mapping[str, Decimal]) -> dict[str, Decimal]:  # noqa: ARG001
    """Stock against gains and losses, row by row; ``values`` are those of its lines."""
    rows_of = [value for line, value in values.items() if line != VARIANCE]
    found = sum((value for value in rows_of if value > 0), values.get(VARIANCE, ZERO))
    missed = sum((value for value in rows_of if value < 0), ZERO)
    return {"stock_gain_account": -found, "write_off_account": -missed, STOCK: found + missed}


def booked_by_transfer(head: Row, rows: Sequence[Row], values: Mapping[str, Decimal]) -> dict[str, Decimal]:  # noqa: ARG001
    """Stock against stock; what was lost is written off, what covers goods that had left before is a price variance."""
    worth, covered = sum(values.values(), ZERO), values.get(VARIANCE, ZERO)
    return {"write_off_account": covered - worth, VARIANCE: -covered, STOCK: worth}


def booked_by_change(head: Row, rows: Sequence[Row], values: Mapping[str, Decimal]) -> dict[str, Decimal]:  # noqa: ARG001
    """Nothing: the value stays in the warehouse."""
    return {STOCK: sum(values.values(), ZERO)}


def booked_by_payment(head: Row, rows: Sequence[Row], values: Mapping[str, Decimal]) -> dict[str, Decimal]:  # noqa: ARG001
    """Money against what the party owes or is owed (or what is prepaid), less a fee."""
    sign = 1 if head["payment_type"] == "Receive" else -1
    paid, fee = decimal_of(head["paid_amount"]), decimal_of(head["fee_amount"])
    prepaid = decimal_of(head.get("prepaid"))
    pairs = [
        (head["account"], sign * paid - fee),
        (head["counter_account"], -sign * paid - prepaid),
        ("prepaid_account", prepaid),
        ("bank_charges_account", fee),
    ]
    return sums(pairs)


def booked_by_request(head: Row, rows: Sequence[Row], values: Mapping[str, Decimal]) -> dict[str, Decimal]:  # noqa: ARG001
    """What of a prepayment is set off: the debt falls by it."""
    amount = decimal_of(head["offset_amount"])
    return sums([("payable_account", amount), ("prepaid_account", -amount)])


def booked_by_journal(head: Row, rows: Sequence[Row], values: Mapping[str, Decimal]) -> dict[str, Decimal]:  # noqa: ARG001
    """The lines as typed."""
    return sums((row["account"], decimal_of(row["debit"]) - decimal_of(row["credit"])) for row in rows)


Booking = Callable[[Row, Sequence[Row], Mapping[str, Decimal]], dict[str, Decimal]]


def amounts(
    booking: Booking, head: Row, rows: Sequence[Row], values: Mapping[str, Decimal], account_of: Mapping[str, str]
) -> dict[str, Decimal]:
    """Return what a document must have booked per account, ``values`` being what its rows changed the value of stock by.

    The value that covered goods which had left before they came is apart, under the name of the account of variances.

    A cancelled one: what stock could not give back. Accounts of charges are not named: they are the rest.
    """
    if head["docstatus"] == 2:
        booked = _with_variance({STOCK: sum(values.values(), ZERO)})
    else:
        booked = booking(head, rows, values)
    return sums((account_of.get(role, role), amount) for role, amount in booked.items())


def _with_variance(booked: dict[str, Decimal]) -> dict[str, Decimal]:
    return {**booked, VARIANCE: -sum(booked.values(), ZERO)}
