"""Values of the fulfilment area."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.tax import TaxSplit
from ec_erp.kernel.values import quickly_made

NOTHING = TaxSplit(ZERO, ZERO, ZERO)


@quickly_made
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
    gift_cost: str = ""

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


@dataclass(frozen=True, slots=True)
class WaveTerms:
    """A wave rule. Zero limits do not matter; None means every shop or carrier. ``cut_off`` is the carrier's time of day."""

    name: str
    warehouse: str
    kind: str
    priority: int = 10
    shop: str | None = None
    carrier: str | None = None
    min_orders: int = 1
    max_orders: int = 0
    max_weight_g: Decimal = ZERO
    max_volume_cm3: Decimal = ZERO
    wait_limit_minutes: int = 0
    most_misses: int = 0
    urgent_hours: Decimal = ZERO
    cut_off: time | None = None
    cut_off_lead_minutes: int = 0
    every_minutes: int = 0
    last_run: datetime | None = None
    misses: int = 0


@dataclass(frozen=True, slots=True)
class WaitingNote:
    """A delivery that waits for a wave: what it holds ((SKU, quantity) pairs), since when, and how urgent it is."""

    note: str
    order: str
    goods: tuple[tuple[str, Decimal], ...]
    since: datetime
    ship_by: datetime | None = None
    shop: str | None = None
    carrier: str | None = None
    priority: int = 0
    weight_g: Decimal = ZERO
    volume_cm3: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class PlannedWave:
    """Deliveries that are picked together, in the order of their baskets, and why now: ``reason`` is a template."""

    rule: str
    kind: str
    notes: tuple[WaitingNote, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class WantedGoods:
    """A row of a delivery that is to be picked, for a basket."""

    note: str
    line: str
    sku: str
    qty: Decimal
    basket: int = 0


@dataclass(frozen=True, slots=True)
class Pick:
    """What to take for a row of a delivery from a bin (empty text where the warehouse has none, or nothing lies there)."""

    wanted: WantedGoods
    qty: Decimal
    bin: str = ""
    batch: str = ""
    rank: tuple[int, int, int, str] = (0, 0, 0, "")
    missing: bool = False


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A stop on a picker's way: a SKU (and batch) in a bin, for baskets."""

    bin: str
    sku: str
    batch: str
    qty: Decimal
    baskets: tuple[tuple[int, Decimal], ...]


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A row of a delivery with what was scanned of it."""

    line: str
    sku: str
    qty: Decimal
    checked: Decimal = ZERO
    warehouse: str = ""
    serials: tuple[str, ...] = ()
    batch: str = ""

    @property
    def left(self) -> Decimal:
        """What is still to be scanned."""
        return self.qty - self.checked


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan comes to: ok, done (the last one), wrong or surplus; with the lines afterwards."""

    outcome: str
    lines: tuple[CheckLine, ...]


@dataclass(frozen=True, slots=True)
class PackLine:
    """A row to be packed: weight, volume and sides are those of one unit, zero where nobody knows them."""

    line: str
    sku: str
    qty: Decimal
    weight_g: Decimal = ZERO
    volume_cm3: Decimal = ZERO
    sides: tuple[Decimal, Decimal, Decimal] = (ZERO, ZERO, ZERO)
    packing_class: str = ""
    split_class: str = ""


@dataclass(frozen=True, slots=True)
class PutBackLine:
    """A row of a put-back task: where its goods were picked (empty text where the warehouse has no bins), and how far it is.

    ``delivery_row`` is the row of the recalled delivery that still holds the place in the bin.
    """

    line: str
    sku: str
    sku_name: str
    qty: Decimal
    bin: str = ""
    batch: str = ""
    done: Decimal = ZERO
    missing: Decimal = ZERO
    delivery_row: str = ""

    @property
    def left(self) -> Decimal:
        """What is still in the basket."""
        return self.qty - self.done - self.missing
