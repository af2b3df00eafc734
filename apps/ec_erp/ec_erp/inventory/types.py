"""Values of the inventory area: what moves, what a balance is, what came of a movement.

Invariant: quantities are in the SKU's stock unit, values in the company's currency, both exact decimals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import Problem
from ec_erp.kernel.values import quickly_made

# How far an issue may reach: what is free to promise, or whatever lies on the shelf (damage, loss).
AVAILABLE = "available"
ON_HAND = "on hand"

# Where the unit cost of an entry comes from (Stock Ledger Entry.cost_source).
COST_FROM_DOCUMENT = "Document"
COST_FROM_AVERAGE = "Moving Average"
COST_FROM_ORIGINAL_ISSUE = "Original Issue"
COST_FROM_LAST_COST = "Last Cost"
COST_FROM_REVERSAL = "Reversal"
COST_FROM_LAYERS = "FIFO"
COST_FROM_PROVISION = "Provisional"
COST_FROM_VARIANCE = "Variance"
COST_FROM_MONTH_END = "Month-End Average"
COST_FROM_LANDED = "Landed Cost"
COST_UNKNOWN = "Unknown"

# Quality of pieces (Stock Ledger Entry.grade). Defective pieces have a pool of value of their own.
GOOD = "Good"
DEFECTIVE = "Defective"

# How issues are costed (SKU.valuation_method).
MOVING_AVERAGE = "Moving Average"
FIFO = "FIFO"
MONTH_END_AVERAGE = "Month-End Average"


SERVES_NO_ORDERS = ("Defective", "Virtual", "Transit")  # types of warehouses


class StockKey(NamedTuple):
    """One balance: a SKU in a warehouse."""

    sku: str
    warehouse: str


@quickly_made
@dataclass(frozen=True, slots=True)
class Balance:
    """The state of one key. ``last_cost`` is the unit cost of the latest priced receipt, None where there was none.

    ``unpaid`` is part of ``reserved``, ``defective`` part of ``on_hand`` and of ``frozen``, ``defective_value`` part of
    ``value``; ``locked`` is what quotas of channel groups still keep.
    """

    on_hand: Decimal = ZERO
    reserved: Decimal = ZERO
    frozen: Decimal = ZERO
    on_order: Decimal = ZERO
    value: Decimal = ZERO
    last_cost: Decimal | None = None
    unpaid: Decimal = ZERO
    locked: Decimal = ZERO
    in_transit: Decimal = ZERO
    defective: Decimal = ZERO
    defective_value: Decimal = ZERO
    counted_by: str | None = None

    @property
    def available(self) -> Decimal:
        """What may still be promised: on hand − frozen − reserved. Negative means oversold."""
        return self.on_hand - self.frozen - self.reserved

    @property
    def free(self) -> Decimal:
        """What the public pool may still promise: available − what quotas keep."""
        return self.available - self.locked

    def pool(self, grade: str) -> tuple[Decimal, Decimal]:
        """Return quantity and value of the pieces of a grade."""
        if grade == DEFECTIVE:
            return self.defective, self.defective_value
        return self.on_hand - self.defective, self.value - self.defective_value


EMPTY = Balance()


@quickly_made
@dataclass(frozen=True, slots=True)
class Tracking:
    """What is known of pieces beyond SKU and warehouse: batch, bin, grade, serial numbers."""

    batch: str | None = None
    bin: str | None = None
    grade: str = GOOD
    serials: tuple[str, ...] = ()


UNTRACKED = Tracking()


@quickly_made
@dataclass(frozen=True, slots=True)
class StockMove:
    """A wanted change of one key, before valuation.

    ``qty`` is signed (+ in, − out). ``value`` is the unsigned total the document claims: for a receipt what came in,
    for an issue the value that should leave (undoing a receipt); None means 'at the current average'.
    ``fallback_cost`` is a unit cost used by a receipt without value when there is no average. ``from_reserved`` is
    the part of an issue that its own reservation covers. ``origin`` names the row of an earlier document that a return
    brings back, ``takes_over`` how many movements right before this one hand their value on to it, ``is_return`` that
    goods come back from a buyer. A quantity of zero with a value changes the value alone (signed then).
    """

    key: StockKey
    qty: Decimal
    line: str
    value: Decimal | None = None
    fallback_cost: Decimal | None = None
    from_reserved: Decimal = ZERO
    reach: str = AVAILABLE
    source: str = COST_FROM_DOCUMENT
    reverses: str | None = None
    tracking: Tracking = UNTRACKED
    origin: str | None = None
    takes_over: int = 0
    is_return: bool = False


@quickly_made
@dataclass(frozen=True, slots=True)
class ValuedMove:
    """A movement with its value. ``value_change`` carries the sign of the quantity.

    A movement that took several batches or bins, or met negative stock, has ``parts``: one ledger entry each; without
    parts it is one ledger entry itself.
    """

    move: StockMove
    value_change: Decimal
    qty_after: Decimal
    value_after: Decimal
    unit_cost: Decimal
    cost_source: str
    parts: tuple[ValuedMove, ...] = ()


@quickly_made
@dataclass(frozen=True, slots=True)
class BalanceChange:
    """A change of promises that moves no goods, in the stock unit, signed.

    ``unpaid`` is the part of ``reserved`` that belongs to unpaid orders. ``needs`` is what the public pool must have free
    for the change to be allowed, ``needs_in_all`` what must be available whoever it is kept for; None where nothing has to be.
    """

    key: StockKey
    reserved: Decimal = ZERO
    on_order: Decimal = ZERO
    unpaid: Decimal = ZERO
    frozen: Decimal = ZERO
    locked: Decimal = ZERO
    in_transit: Decimal = ZERO
    needs: Decimal | None = None
    needs_in_all: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Shortage:
    """A key that cannot give what is asked of it."""

    key: StockKey
    needed: Decimal
    available: Decimal


@dataclass(frozen=True, slots=True, order=True)
class PlaceKey:
    """Where pieces of a key lie: bin and batch (empty text where there is none) and grade."""

    key: StockKey
    bin: str
    batch: str
    grade: str


@dataclass(frozen=True, slots=True)
class Place:
    """What lies of a SKU, batch and grade in a bin.

    ``rank`` orders bins for picking (kind of zone, priority, route). ``expires`` and ``sell_until`` are those of the
    batch; ``sellable`` is False for a disabled bin or batch.
    """

    at: PlaceKey
    on_hand: Decimal = ZERO
    frozen: Decimal = ZERO
    allocated: Decimal = ZERO
    expires: date | None = None
    sell_until: date | None = None
    rank: tuple[int, int, int, str] = (0, 0, 0, "")
    sellable: bool = True


@dataclass(frozen=True, slots=True)
class Layer:
    """What is left of one receipt of a FIFO SKU. ``name`` is empty until its ledger entry is written."""

    key: StockKey
    qty: Decimal
    value: Decimal
    received: datetime
    seq: int
    name: str = ""
    batch: str = ""
    grade: str = GOOD
    line: str = ""


RECORDED, IN_STOCK, HELD_BACK, OUT = "Recorded", "In Stock", "Reserved", "Out"


@dataclass(frozen=True, slots=True)
class Piece:
    """One serial number: whose, in which state (Recorded, In Stock, Reserved, Out), and where."""

    serial: str
    sku: str
    status: str = RECORDED
    warehouse: str = ""
    bin: str = ""
    batch: str = ""
    grade: str = GOOD


@dataclass(frozen=True, slots=True)
class StockTerms:
    """How a key is kept: costing, batches, serial numbers ("", "Weak", "Strong"), bins, and where goods go by default."""

    method: str = MOVING_AVERAGE
    has_batch: bool = False
    serials: str = ""
    has_bins: bool = False
    allow_negative: bool = False
    receiving_bin: str = ""
    return_bin: str = ""
    defective_bin: str = ""

    @property
    def tracked(self) -> bool:
        """Whether places are kept for the key."""
        return self.has_batch or self.has_bins


PLAIN_TERMS = StockTerms()


@dataclass(frozen=True, slots=True)
class Shelf:
    """All that is locked for a list of movements. ``currency_of`` maps a warehouse to its company's currency.

    ``places`` are grouped by key; ``pieces`` have case-folded numbers; ``seqs`` say how many ledger entries a key has;
    ``origins`` say how the goods of an earlier document's row left, for those that come back.
    """

    balances: Mapping[StockKey, Balance]
    currency_of: Mapping[str, str]
    terms: Mapping[StockKey, StockTerms] = field(default_factory=dict)
    places: Mapping[StockKey, Mapping[PlaceKey, Place]] = field(default_factory=dict)
    layers: Mapping[StockKey, tuple[Layer, ...]] = field(default_factory=dict)
    pieces: Mapping[str, Piece] = field(default_factory=dict)
    seqs: Mapping[StockKey, int] = field(default_factory=dict)
    origins: Mapping[str, tuple[tuple[Tracking, Decimal], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MoveResult:
    """What a list of moves comes to: entries in order, the changed state, shortages and problems.

    Where there are shortages or problems nothing may be written. ``places`` and ``pieces`` are those that changed.
    """

    entries: tuple[ValuedMove, ...]
    balances: dict[StockKey, Balance]
    shortages: tuple[Shortage, ...]
    problems: tuple[Problem, ...] = ()
    places: dict[PlaceKey, Place] = field(default_factory=dict)
    layers: dict[StockKey, tuple[Layer, ...]] = field(default_factory=dict)
    pieces: dict[str, Piece] = field(default_factory=dict)


@quickly_made
@dataclass(frozen=True, slots=True)
class ReservationRequest:
    """One line of a document that wants stock put aside.

    ``group`` is the document: it is served whole unless partial is allowed. ``kind`` says for what (Order, Transfer,
    Purchase Return, Process, Manual); ``soft`` holds belong to unpaid orders and may expire at ``expires``.
    ``channel_group`` may take from its quotas; where ``public`` is False from nothing else. Where requests compete,
    higher ``priority`` goes first, then the earlier ``since``.
    """

    group: str
    line: str
    key: StockKey
    qty: Decimal
    partial: bool = False
    kind: str = "Order"
    soft: bool = False
    channel_group: str | None = None
    public: bool = True
    priority: int = 0
    since: datetime | None = None
    expires: datetime | None = None


@quickly_made
@dataclass(frozen=True, slots=True)
class Allocation:
    """What a request got; ``qty`` may be less than asked only where partial reservation is allowed.

    ``from_quota`` is the part of it that the quota named ``quota`` gave.
    """

    request: ReservationRequest
    qty: Decimal
    from_quota: Decimal = ZERO
    quota: str | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """What a channel group may still take of a key: assigned less used, zero unless active.

    While an ``exclusive`` quota is active its group takes from nothing else.
    """

    name: str
    key: StockKey
    channel_group: str
    qty: Decimal
    used: Decimal = ZERO
    active: bool = True
    exclusive: bool = False

    @property
    def left(self) -> Decimal:
        """What is locked for the group."""
        return max(ZERO, self.qty - self.used) if self.active else ZERO


@quickly_made
@dataclass(frozen=True, slots=True)
class VoucherRef:
    """The document that moves stock, as ledger entries name it."""

    company: str
    currency: str
    voucher_type: str
    voucher_no: str
    posting_datetime: datetime
    is_reversal: bool = False


@quickly_made
@dataclass(frozen=True, slots=True)
class Movement:
    """The movements of one document, in order."""

    ref: VoucherRef
    moves: tuple[StockMove, ...]


@quickly_made
@dataclass(frozen=True, slots=True)
class Head:
    """The end of a key's hash chain: how many entries it has and the hash of the last one."""

    seq: int = 0
    hash: str = ""


@quickly_made
@dataclass(frozen=True, slots=True)
class Reservation:
    """Stock put aside for one line of a document (``line`` is the name of its row).

    ``from_quota`` is what the quota named ``quota`` gave and has not been given back to it.
    """

    line: str
    key: StockKey
    qty: Decimal
    consumed: Decimal = ZERO
    released: Decimal = ZERO
    kind: str = "Order"
    soft: bool = False
    quota: str | None = None
    from_quota: Decimal = ZERO
    expires: datetime | None = None
    since: datetime | None = None
    priority: int = 0

    @property
    def held(self) -> Decimal:
        """What is still put aside."""
        return self.qty - self.consumed - self.released

    @property
    def status(self) -> str:
        """Held while anything is, then Consumed where any of it was delivered, else Released."""
        if self.held > 0:
            return "Held"
        return "Consumed" if self.consumed > 0 else "Released"


@dataclass(frozen=True, slots=True)
class PostedMove:
    """A stock ledger entry that exists: what a cancellation has to undo."""

    name: str
    voucher_no: str
    line: str
    key: StockKey
    qty_change: Decimal
    value_change: Decimal
    tracking: Tracking = UNTRACKED
