"""Values of the stockroom area.

Invariant: quantities are in the stock unit, costs in the company's currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ec_erp.inventory.types import GOOD
from ec_erp.kernel.numbers import ZERO


@dataclass(frozen=True, slots=True)
class TransferLine:
    """A row of a transfer: what was sent (at which cost) and what became of it."""

    line: str
    sku: str
    qty: Decimal
    sent: Decimal = ZERO
    received: Decimal = ZERO
    lost: Decimal = ZERO
    back: Decimal = ZERO
    cost: Decimal = ZERO

    @property
    def on_the_way(self) -> Decimal:
        """What was sent and of which nothing is known yet."""
        return self.sent - self.received - self.lost - self.back

    @property
    def settled(self) -> Decimal:
        """What has left the way."""
        return self.received + self.lost + self.back


@dataclass(frozen=True, slots=True, order=True)
class CountPlace:
    """Where pieces are counted: SKU, bin and batch (empty where there is none), grade."""

    sku: str
    bin: str = ""
    batch: str = ""
    grade: str = GOOD


@dataclass(frozen=True, slots=True)
class Scan:
    """What a counter found at a place at a moment; ``add`` adds to what was counted there before.

    ``serial`` is the number of the one piece that was found.
    """

    place: CountPlace
    qty: Decimal
    moment: datetime
    add: bool = False
    serial: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """A change of a place's quantity with its event time."""

    place: CountPlace
    qty: Decimal
    moment: datetime
