"""How an order is paid, and what that means for going on.

Invariant: an order goes on when it is paid, when the buyer pays later by agreement, or when the carrier collects.
"""

from __future__ import annotations

from ec_erp.orders.types import ShopTerms

PREPAID, ON_ACCOUNT, COD, DEPOSIT = "Prepaid", "On Account", "Cash on Delivery", "Deposit"
UNPAID, DEPOSIT_PAID, PAID, CREDIT, COLLECT = "Unpaid", "Deposit Paid", "Paid", "On Account", "Collect"


def payment_type(given: str, terms: ShopTerms | None, *, paid: bool) -> str:
    """Return how an order is paid: as it says, else prepaid where it is paid or its shop waits for that, else later."""
    if given:
        return given
    return PREPAID if paid or (terms is not None and terms.reserve_on == "Pay") else ON_ACCOUNT


def debtor(kind: str, state: str, carrier: str | None, customer: str) -> tuple[str, str]:
    """Return who owes what is delivered, as (DocType, name): the carrier while it is to collect, else the customer."""
    return ("Carrier", carrier) if kind == COD and state == COLLECT and carrier else ("Customer", customer)


def payment_state(kind: str, *, paid: bool, deposit_paid: bool) -> str:
    """Return how far the payment of an order is."""
    if paid:
        return PAID
    if kind == ON_ACCOUNT:
        return CREDIT
    if kind == COD:
        return COLLECT
    return DEPOSIT_PAID if kind == DEPOSIT and deposit_paid else UNPAID
