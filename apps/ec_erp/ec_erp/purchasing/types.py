"""Values of the purchasing area."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from ec_erp.inventory.rules.demand import DailySales
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


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """When orders need whose approval. Zero amounts and percentages do not matter; None means every one."""

    name: str
    step: str
    role: str
    company: str | None = None
    supplier: str | None = None
    min_amount: Decimal = ZERO
    deviation_percent: Decimal = ZERO
    allow_own: bool = True


@dataclass(frozen=True, slots=True)
class OrderTerms:
    """What approval rules look at: total including tax, and the largest price rise of any row in percent."""

    company: str
    supplier: str
    amount: Decimal
    deviation: Decimal


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval that an order needs; given where ``approved_by`` is set. ``row`` is its row's name once saved."""

    step: str
    role: str
    rule: str
    reason: str
    allow_own: bool = True
    approved_by: str | None = None
    approved_at: datetime | None = None
    row: str = ""


@dataclass(frozen=True, slots=True)
class PriceTier:
    """A price before tax from a quantity on, for a while (None: open)."""

    min_qty: Decimal
    price: Decimal
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class SupplierTerms:
    """What a supplier sells a SKU for, and how. ``name`` is the Supplier SKU; prices are before tax; None is unknown."""

    name: str
    supplier: str
    sku: str
    price: Decimal | None = None
    tiers: tuple[PriceTier, ...] = ()
    last_price: Decimal | None = None
    lowest_price: Decimal | None = None
    moq: Decimal = ZERO
    pack: Decimal = ZERO
    lead_days: Decimal | None = None
    is_primary: bool = False
    needs_inspection: bool = False
    currency: str = ""
    tax_rate: Decimal = ZERO
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class LearnedPrices:
    """What receipts have taught of a SKU at a supplier, before tax: the last price, the one before, the lowest, the last day."""

    last: Decimal
    before: Decimal | None
    low: Decimal
    day: date | None


@dataclass(frozen=True, slots=True)
class Window:
    """The sales of the last ``days`` days count with ``weight``."""

    days: int
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Season:
    """From ``first`` to ``last`` (both included) ``factor`` times the usual is sold."""

    first: date
    last: date
    factor: Decimal


@dataclass(frozen=True, slots=True)
class PlannedEvent:
    """From ``first`` to ``last`` (both included) ``qty`` units are sold beyond the usual. ``sku`` None: of each SKU."""

    name: str
    first: date
    last: date
    qty: Decimal
    sku: str | None = None


DEFAULT_WINDOWS = (Window(7, Decimal(4)), Window(30, Decimal(3)), Window(90, Decimal(1)))


@dataclass(frozen=True, slots=True)
class DemandTerms:
    """How demand follows from sales."""

    windows: tuple[Window, ...] = DEFAULT_WINDOWS
    growth_percent: Decimal = ZERO
    leave_out_empty: bool = True
    seasons: tuple[Season, ...] = ()
    events: tuple[PlannedEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class SupplyTerms:
    """How goods come: days until they are there (with their spread), days between orders, safety, minimum and pack."""

    lead_days: Decimal
    review_days: Decimal = Decimal(7)
    safety_days: Decimal = Decimal(3)
    service_percent: Decimal = ZERO
    lead_spread: Decimal = ZERO
    minimum: Decimal = ZERO
    pack: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Position:
    """What there is and what is coming, of a SKU in a warehouse. Backorders are units promised and not there."""

    available: Decimal
    on_order: Decimal = ZERO
    transfer_in: Decimal = ZERO
    returns: Decimal = ZERO
    backorders: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """Available + on order + transfers and good returns on their way − backorders."""
        return self.available + self.on_order + self.transfer_in + self.returns - self.backorders


@dataclass(frozen=True, slots=True)
class StockPlan:
    """What a demand per day asks for, in units."""

    demand: Decimal
    spread: Decimal
    safety: Decimal
    reorder_point: Decimal
    level: Decimal


@dataclass(frozen=True, slots=True)
class Transfer:
    """Units that go from one warehouse to another."""

    source: str
    target: str
    qty: Decimal


@dataclass(frozen=True, slots=True)
class Suggested:
    """How many days the position lasts, when it is used up, and until when to order; None where nothing is sold."""

    cover_days: Decimal | None
    stock_out: date | None
    order_by: date | None


@dataclass(frozen=True, slots=True)
class Term:
    """A line of an explanation: what, how much, in which unit, and where the value comes from."""

    term: str
    value: Decimal
    unit: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """The parameters of suggestions for a part of the goods; None in a scope means every one."""

    name: str
    demand: DemandTerms
    plan_days: Decimal = ZERO
    qc_days: Decimal = ZERO
    transport_days: Decimal = ZERO
    review_days: Decimal = Decimal(7)
    safety_days: Decimal = Decimal(3)
    service_percent: Decimal = ZERO
    transfer_first: bool = True
    company: str | None = None
    warehouse: str | None = None
    supplier: str | None = None
    category: str | None = None
    sku: str | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A received row as a scorecard sees it. ``price`` is before tax; dates that nobody said are None."""

    receipt: str
    sku: str
    arrived: date
    qty: Decimal
    price: Decimal
    rejected: Decimal = ZERO
    returned: Decimal = ZERO
    ordered: date | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """A supplier's scorecard; None is unknown. Percentages to two places, days with their standard deviation."""

    receipts: int
    qty: Decimal
    on_time_percent: Decimal | None
    defect_percent: Decimal | None
    price_trend_percent: Decimal | None
    lead_days: Decimal | None
    lead_spread: Decimal | None


@dataclass(frozen=True, slots=True)
class Due:
    """What a receipt makes due, and how much of a prepayment it uses."""

    amount: Decimal
    from_prepayment: Decimal


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A payment request as payments see it; amounts are negative where the supplier owes.

    ``is_prepayment`` is true for what is paid before goods come and for what comes back of it; ``set_off`` is what of it
    has been set off against receipts in the books.
    """

    name: str
    company: str
    supplier: str
    status: str
    amount: Decimal
    paid: Decimal = Decimal(0)
    set_off: Decimal = Decimal(0)
    order: str = ""
    document: tuple[str, str] = ("", "")
    is_prepayment: bool = False

    @property
    def outstanding(self) -> Decimal:
        """What is still to be paid."""
        return self.amount - self.paid


@dataclass(frozen=True, slots=True)
class PaidShare:
    """What of a payment entry (``voucher``) counts on a request; negative where money comes back."""

    request: str
    voucher: str
    amount: Decimal
    moment: datetime


@dataclass(frozen=True, slots=True)
class Advance:
    """What a payment entry paid for an order itself and no request has counted yet."""

    order: str
    voucher: str
    amount: Decimal
    moment: datetime


@dataclass(frozen=True, slots=True)
class Overrides:
    """What a person said for one suggestion instead of the policy; None is as the policy says."""

    growth_percent: Decimal | None = None
    daily_sales: Decimal | None = None
    lead_days: Decimal | None = None
    review_days: Decimal | None = None
    safety_days: Decimal | None = None


NO_OVERRIDES = Overrides()


@dataclass(frozen=True, slots=True)
class SkuPlace:
    """A SKU in a warehouse, with all that a suggestion needs to know about it."""

    sku: str
    warehouse: str
    company: str
    category: str | None
    sales: DailySales
    position: Position
    policy: Policy
    supplier: SupplierTerms | None = None
    supplier_days: Decimal = ZERO
    score: Score | None = None
    safety_stock: Decimal = ZERO
    overrides: Overrides = NO_OVERRIDES
    spread: Decimal | None = None
    """How far daily sales lie from their mean, where that has been worked out already."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What comes of a SKU in a warehouse: the plan, what to buy, from where to transfer, when, and (where asked for) why."""

    place: SkuPlace
    plan: StockPlan
    supply: SupplyTerms
    dates: Suggested
    terms: tuple[Term, ...]
    qty: Decimal
    transfers: tuple[Transfer, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestedLine:
    """A line of a submitted purchase request with what has been ordered of it."""

    line: str
    request: str
    sku: str
    warehouse: str
    qty: Decimal
    ordered: Decimal = ZERO
    supplier: str | None = None
    needed: date | None = None

    @property
    def open_qty(self) -> Decimal:
        """What is still to be ordered."""
        return max(ZERO, self.qty - self.ordered)


@dataclass(frozen=True, slots=True)
class LandedGoods:
    """A row of a posted receipt that bears costs: what was kept of it, its net value, and what one unit weighs and fills."""

    line: str
    receipt: str
    sku: str
    warehouse: str
    qty: Decimal
    value: Decimal
    weight_g: Decimal = ZERO
    volume_cm3: Decimal = ZERO
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class LandedCharge:
    """What getting goods here cost: ``amount`` is what the goods bear (without tax that is recovered).

    It is owed to ``supplier``; where ``account`` is given, that account has paid it, and its tax is none of ours.
    """

    row: int
    kind: str
    amount: Decimal
    basis: str
    supplier: str = ""
    account: str = ""
    tax: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class LandedReceipt:
    """The head of a receipt that costs are put on."""

    name: str
    company: str
    supplier: str
    posted: bool
    moment: datetime


@dataclass(frozen=True, slots=True)
class DockException:
    """Days, the last one included, on which docks are closed, or open whatever their weekdays say; ``slot`` None: all of them."""

    warehouse: str
    first: date
    last: date
    is_open: bool = False
    slot: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DockSlot:
    """A window in which a warehouse takes deliveries; weekdays count from Monday = 0, bounds of zero do not matter.

    ``exceptions`` are those of its warehouse.
    """

    name: str
    warehouse: str
    begins: time
    ends: time
    weekdays: frozenset[int]
    most_deliveries: int = 0
    most_cartons: Decimal = ZERO
    exceptions: tuple[DockException, ...] = ()


@dataclass(frozen=True, slots=True)
class DockLoad:
    """What is booked of a slot on a day."""

    deliveries: int
    cartons: Decimal


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A slot with room on a day; ``left`` is how many deliveries more it takes, None where that is not limited."""

    slot: DockSlot
    day: date
    left: int | None = None


@dataclass(frozen=True, slots=True)
class AppointedLine:
    """A row (``line``) of a delivery appointment: what is expected of an order's line, and what has come."""

    line: str
    order: str
    order_line: str
    sku: str
    qty: Decimal
    received: Decimal = ZERO

    @property
    def open_qty(self) -> Decimal:
        """What is still to come."""
        return max(ZERO, self.qty - self.received)


@dataclass(frozen=True, slots=True)
class Appointment:
    """The head of a submitted delivery appointment with its lines."""

    name: str
    company: str
    supplier: str
    warehouse: str
    status: str
    arrival: str
    ends: datetime
    arrived: datetime | None
    lines: tuple[AppointedLine, ...]


@dataclass(frozen=True, slots=True)
class AppointmentKept:
    """How an appointment of a supplier ended: on time, late, not at all; empty while it is open."""

    supplier: str
    arrival: str


@dataclass(frozen=True, slots=True)
class Punctuality:
    """How a supplier keeps appointments; percentages to two places, None where none is over."""

    appointments: int
    late_percent: Decimal | None
    missed_percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a buyer moves to see what would happen; nothing moved is the present way.

    Days and percentage points are added to what holds for each SKU; a promotion sells so many percent more from its first to its last
    day; the service level replaces the policies'; ``budget`` is what may be bought for in all (None: no limit).
    """

    lead_days_more: Decimal = ZERO
    growth_more: Decimal = ZERO
    uplift_percent: Decimal = ZERO
    uplift_first: date | None = None
    uplift_last: date | None = None
    service_percent: Decimal | None = None
    budget: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Projected:
    """A SKU in a warehouse as a projection begins: by day what is wanted and what comes, by review the plan that holds then.

    ``first_order`` is what would be bought today; ``price`` is what a unit costs.
    """

    sku: str
    warehouse: str
    supply: SupplyTerms
    stock: Decimal
    wanted: tuple[Decimal, ...]
    arriving: tuple[tuple[int, Decimal], ...]
    plans: tuple[StockPlan, ...]
    first_order: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a SKU in a warehouse: what is bought today and in all, days and units it is missing, money it ties up."""

    ordered_now: Decimal
    value_now: Decimal
    bought: Decimal
    value_bought: Decimal
    stock_out_days: int
    lost: Decimal
    sold: Decimal
    came: Decimal
    end_stock: Decimal
    tied_up: Decimal


@dataclass(frozen=True, slots=True)
class Projection:
    """The outcomes of all SKUs in their order, and by day the money that lies in stock at the day's end."""

    outcomes: tuple[Outcome, ...]
    tied_up: tuple[Decimal, ...]
