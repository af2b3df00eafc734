"""Values of the orders area."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.tax import TaxSplit
from ec_erp.kernel.values import quickly_made

SALE, RESEND, REPLACEMENT = "Sale", "Resend", "Replacement"
SENT_AGAIN = (RESEND, REPLACEMENT)


@dataclass(frozen=True, slots=True)
class ShopTerms:
    """A shop as orders see it. ``reserve_on`` is Order, Pay or Audit; percentages are of what the buyer pays.

    ``allow_partial`` lets what is there of an order leave; ``refuse_short`` refuses entered orders that are short.
    """

    name: str
    company: str
    currency: str
    platform: str = ""
    default_warehouse: str | None = None
    default_customer: str | None = None
    reserve_on: str = "Order"
    allow_partial: bool = False
    refuse_short: bool = False
    enabled: bool = True
    merge_group: str = ""
    auto_merge: bool = False
    split_by_stock: bool = False
    choose_warehouse: bool = False
    delay_minutes: int = 0
    unpaid_minutes: int = 0
    ship_within_hours: int = 0
    commission_percent: Decimal = ZERO
    payment_fee_percent: Decimal = ZERO
    deposit_percent: Decimal = ZERO
    price_list: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True)
class GuardFacts:
    """What the guards of the order machine look at. Everything defaults to 'no', so that a forgotten fact stops an order."""

    blocking: tuple[str, ...] = ()
    paid: bool = False
    deposit_paid: bool = False
    presale: bool = False
    presale_ready: bool = False
    held: bool = False
    mapped: bool = False
    sourced: bool = False
    carried: bool = False
    stocked: bool = False
    reserved: bool = False
    finance_audit: bool = False
    shipped: bool = False
    sealed: bool = False
    open_case: bool = False


@quickly_made
@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line of a submitted order with its progress. ``price`` is for the whole ordered quantity.

    ``refunded`` is what the buyer gets money for instead of goods: it is not to leave any more.
    """

    line: str
    order: str
    sku: str
    warehouse: str
    qty: Decimal
    price: TaxSplit
    tax_rate: Decimal
    rate: Decimal
    delivered: Decimal = ZERO
    delivered_amount: Decimal = ZERO
    returned: Decimal = ZERO
    refunded: Decimal = ZERO
    is_gift: bool = False

    @property
    def due_qty(self) -> Decimal:
        """What is to be delivered in all: ordered − refunded."""
        return max(ZERO, self.qty - self.refunded)

    @property
    def open_qty(self) -> Decimal:
        """What is still to be delivered."""
        return max(ZERO, self.due_qty - self.delivered)


@quickly_made
@dataclass(frozen=True, slots=True)
class OrderHead:
    """The head of a submitted order with its lines."""

    name: str
    company: str
    status: str
    customer: str
    shop: str | None
    warehouse: str | None
    carrier: str | None
    shipping_fee: Decimal
    charges_total: Decimal
    charges_delivered: bool
    blocking: tuple[str, ...]
    lines: tuple[OrderLine, ...]
    origin: str = ""
    payment_type: str = ""
    payment_state: str = ""
    order_type: str = ""

    @property
    def has_charges(self) -> bool:
        """Whether anything besides goods is to be paid."""
        return bool(self.shipping_fee or self.charges_total)


@quickly_made
@dataclass(frozen=True, slots=True)
class OrderProgress:
    """How far an order is: what its head shows."""

    status: str
    stock_state: str
    books_state: str
    delivered_percent: Decimal


class Debtor(NamedTuple):
    """Who owes what a delivery bills, and what kind of order it is for (empty without one)."""

    party_type: str
    party: str
    order_type: str = ""
