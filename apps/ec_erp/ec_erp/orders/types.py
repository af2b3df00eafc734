"""Values of the orders area."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.tax import TaxSplit


@dataclass(frozen=True, slots=True)
class ShopTerms:
    """A shop as orders see it. ``reserve_on`` is Order, Pay or Audit."""

    name: str
    company: str
    currency: str
    default_warehouse: str | None = None
    default_customer: str | None = None
    reserve_on: str = "Order"
    allow_partial: bool = False
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line of a submitted order with its progress. ``price`` is for the whole ordered quantity."""

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

    @property
    def open_qty(self) -> Decimal:
        """What is still to be delivered."""
        return max(ZERO, self.qty - self.delivered)


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

    @property
    def has_charges(self) -> bool:
        """Whether anything besides goods is to be paid."""
        return bool(self.shipping_fee or self.charges_total)


@dataclass(frozen=True, slots=True)
class OrderProgress:
    """How far an order is: what its head shows."""

    status: str
    stock_state: str
    books_state: str
    delivered_percent: Decimal
