"""What is to be paid to a supplier, and when, from how an order is paid and what has come of it.

Invariant: over all receipts of an order, what is asked for adds up to the receipts' totals, the prepayment included once.
Worked table: docs/algorithms/supplier-payment.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from ec_erp.kernel.money import round_money
from ec_erp.kernel.numbers import ZERO
from ec_erp.purchasing.types import Due

ON_ACCOUNT, ON_ARRIVAL, PREPAYMENT = "On Account", "On Arrival", "Prepayment"
NOT_DUE, TO_PAY, PART_PAID, PAID = "Not Due", "To Pay", "Part Paid", "Paid"
_HUNDRED = Decimal(100)


def prepayment(total: Decimal, percent: Decimal, currency: str) -> Decimal:
    """Return what is paid before goods come."""
    return round_money(total * min(max(percent, ZERO), _HUNDRED) / _HUNDRED, currency)


def due_for_receipt(total: Decimal, prepaid_left: Decimal) -> Due:
    """Return what a receipt makes due, and how much of the prepayment it uses up."""
    used = max(ZERO, min(prepaid_left, total))
    return Due(total - used, used)


def used_by_receipts(prepaid: Decimal, received: Decimal) -> Decimal:
    """Return how much of what was asked for before goods came the receipts of the order have used up."""
    return max(ZERO, min(prepaid, received))


def set_off(paid: Decimal, used: Decimal) -> Decimal:
    """Return how much of a prepayment is set off against what is owed: what was paid, as far as it is used up."""
    return max(ZERO, min(paid, used))


def after_stop(amount: Decimal, paid: Decimal, used: Decimal) -> tuple[Decimal, Decimal]:
    """Return what stays asked as prepayment of an order of which nothing more comes, and what is to be paid back."""
    kept = max(paid, used)
    return min(amount, kept), max(ZERO, min(amount, kept) - used)


def share(amount: Decimal, open_amounts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Spread a payment over (name, what is open) in order, to each no more than is open; what is left stays unspread."""
    shares: dict[str, Decimal] = {}
    for name, open_amount in open_amounts:
        part = min(amount, open_amount)
        if part > 0:
            shares[name], amount = part, amount - part
    return shares


def due_date(pay_type: str, day: date, terms_days: int) -> date:
    """Return when something is to be paid: at once, or after the supplier's days where it goes on account."""
    return day + timedelta(days=terms_days) if pay_type == ON_ACCOUNT else day


def request_status(amount: Decimal, paid: Decimal) -> str:
    """Return the status of a payment request."""
    if paid == ZERO and amount != ZERO:
        return "Open"
    return "Paid" if abs(paid) >= abs(amount) else "Part Paid"


def settlement_state(amount: Decimal, paid: Decimal) -> str:
    """Return how far an order is settled, from the sums of its requests."""
    if amount == ZERO:
        return PAID if paid else NOT_DUE
    if paid == ZERO:
        return TO_PAY
    return PAID if abs(paid) >= abs(amount) else PART_PAID
