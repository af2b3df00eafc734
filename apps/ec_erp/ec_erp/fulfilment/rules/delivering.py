"""What a delivery takes of its order, and a return of its delivery: bounds and money.

Invariant: partial deliveries of a line cost the buyer in the end exactly what the line costs, and partial returns
give back exactly what was delivered, to the minor unit, in price and in cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from ec_erp.fulfilment.types import DeliveredLine, WantedLine
from ec_erp.kernel.money import next_share, round_money
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.kernel.tax import TaxSplit
from ec_erp.kernel.values import with_changes
from ec_erp.orders.types import OrderLine

_HUNDRED = Decimal(100)


def delivery_problem(wanted: WantedLine, line: OrderLine | None, tolerance_percent: Decimal) -> Problem | None:
    """Return why a row can't be delivered for its order line (as delivered so far)."""
    if line is None or line.sku.casefold() != wanted.sku.casefold():
        return problem(N_("Row {0}: {1} is not in the order"), wanted.row, wanted.sku)
    most = line.due_qty * (_HUNDRED + tolerance_percent) / _HUNDRED - line.delivered
    if wanted.qty > most:
        message = N_("Row {0}: {1} of {2} are to be delivered, but only {3} are open")
        return problem(message, wanted.row, wanted.qty, wanted.sku, max(ZERO, most))
    return None


def deliver(line: OrderLine, qty: Decimal, currency: str) -> tuple[OrderLine, TaxSplit]:
    """Take ``qty`` of an order line: return the line afterwards and the price of this part.

    What goes beyond the ordered quantity (where a tolerance allows it) is priced at the line's average.
    """
    within = min(qty, line.open_qty)
    price = _share(line.price, line.delivered, within, line.qty, currency)
    if qty > within:
        beyond = _round(line.price, (qty - within) / line.qty, currency)
        price = _add(price, beyond)
    after = with_changes(line, delivered=line.delivered + qty, delivered_amount=line.delivered_amount + price.gross)
    return after, price


def undeliver(line: OrderLine, qty: Decimal, amount: Decimal) -> OrderLine:
    """Return an order line after a delivery of ``qty`` and ``amount`` was cancelled."""
    return with_changes(line, delivered=line.delivered - qty, delivered_amount=line.delivered_amount - amount)


def return_problem(wanted: WantedLine, line: DeliveredLine | None) -> Problem | None:
    """Return why a row can't come back for its delivered line (as returned so far)."""
    if line is None or line.sku.casefold() != wanted.sku.casefold():
        return problem(N_("Row {0}: {1} is not in the delivery"), wanted.row, wanted.sku)
    if wanted.qty > line.open_qty:
        message = N_("Row {0}: {1} of {2} come back, but only {3} were delivered and not returned yet")
        return problem(message, wanted.row, wanted.qty, wanted.sku, line.open_qty)
    return None


def take_back(line: DeliveredLine, qty: Decimal, currency: str) -> tuple[DeliveredLine, TaxSplit, Decimal]:
    """Return ``qty`` of a delivered line: the line afterwards, the price and the cost that come back."""
    price = _share(line.price, line.returned, qty, line.qty, currency)
    cost = next_share(line.cost, line.returned, qty, line.qty, currency)
    return with_returned(line, qty, price, cost), price, cost


def with_returned(line: DeliveredLine, qty: Decimal, price: TaxSplit, cost: Decimal) -> DeliveredLine:
    """Return a delivered line with more of it returned (less, for negative numbers)."""
    return replace(
        line,
        returned=line.returned + qty,
        returned_price=_add(line.returned_price, price),
        returned_cost=line.returned_cost + cost,
    )


def note_status(lines: Sequence[DeliveredLine]) -> str:
    """Return the status of a delivery from what came back of its lines."""
    if not any(line.returned for line in lines):
        return "Shipped"
    return "Returned" if all(line.open_qty == 0 for line in lines) else "Part Returned"


def _share(price: TaxSplit, taken: Decimal, qty: Decimal, whole: Decimal, currency: str) -> TaxSplit:
    gross = next_share(price.gross, taken, qty, whole, currency)
    net = next_share(price.net, taken, qty, whole, currency)
    return TaxSplit(net, gross - net, gross)


def _round(price: TaxSplit, factor: Decimal, currency: str) -> TaxSplit:
    gross, net = round_money(price.gross * factor, currency), round_money(price.net * factor, currency)
    return TaxSplit(net, gross - net, gross)


def _add(left: TaxSplit, right: TaxSplit) -> TaxSplit:
    return TaxSplit(left.net + right.net, left.tax + right.tax, left.gross + right.gross)
