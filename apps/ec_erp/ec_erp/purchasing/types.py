"""Values of the purchasing area."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.tax import TaxSplit


@dataclass(frozen=True, slots=True)
class BoughtOrderLine:
    """A line of a purchase order with its progress."""

    line: str
    order: str
    sku: str
    warehouse: str
    qty: Decimal
    rate: Decimal
    tax_rate: Decimal
    received: Decimal = ZERO
    stopped: Decimal = ZERO

    @property
    def open_qty(self) -> Decimal:
        """What is still expected."""
        return max(ZERO, self.qty - self.received - self.stopped)


@dataclass(frozen=True, slots=True)
class BoughtOrder:
    """The head of a submitted purchase order with its lines."""

    name: str
    company: str
    supplier: str
    warehouse: str | None
    status: str
    prices_include_tax: bool
    lines: tuple[BoughtOrderLine, ...]


@dataclass(frozen=True, slots=True)
class ReceivedLine:
    """A line of a posted receipt, as a return sees it. ``price`` is for the accepted quantity."""

    line: str
    receipt: str
    sku: str
    warehouse: str
    qty: Decimal
    rate: Decimal
    tax_rate: Decimal
    price: TaxSplit
    returned: Decimal = ZERO

    @property
    def open_qty(self) -> Decimal:
        """What can still be sent back."""
        return max(ZERO, self.qty - self.returned)


@dataclass(frozen=True, slots=True)
class ReceivedGoods:
    """A posted receipt with its lines, as a return sees it."""

    name: str
    company: str
    supplier: str
    prices_include_tax: bool
    lines: tuple[ReceivedLine, ...]
