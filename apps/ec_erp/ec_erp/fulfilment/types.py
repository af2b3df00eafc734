"""Values of the fulfilment area."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.tax import TaxSplit

NOTHING = TaxSplit(ZERO, ZERO, ZERO)


@dataclass(frozen=True, slots=True)
class WantedLine:
    """A row of a Delivery Note: what it wants, and of which order line or delivered line (``against``)."""

    row: int
    line: str
    sku: str
    warehouse: str
    qty: Decimal
    against: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveredLine:
    """A line of a posted delivery, as a return sees it."""

    line: str
    note: str
    sku: str
    warehouse: str
    qty: Decimal
    price: TaxSplit
    cost: Decimal
    rate: Decimal
    tax_rate: Decimal
    order_line: str | None
    returned: Decimal = ZERO
    returned_price: TaxSplit = NOTHING
    returned_cost: Decimal = ZERO

    @property
    def open_qty(self) -> Decimal:
        """What can still be returned."""
        return max(ZERO, self.qty - self.returned)


@dataclass(frozen=True, slots=True)
class DeliveredNote:
    """A posted delivery with its lines, as a return sees it."""

    name: str
    sales_order: str | None
    customer: str
    shop: str | None
    company: str
    warehouse: str | None
    lines: tuple[DeliveredLine, ...]
