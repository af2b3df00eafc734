"""Values of the inventory area: what moves, what a balance is, what came of a movement.

Invariant: quantities are in the SKU's stock unit, values in the company's currency, both exact decimals.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO

# How far an issue may reach: what is free to promise, or whatever lies on the shelf (damage, loss).
AVAILABLE = "available"
ON_HAND = "on hand"

# Where the unit cost of an entry comes from (Stock Ledger Entry.cost_source).
COST_FROM_DOCUMENT = "Document"
COST_FROM_AVERAGE = "Moving Average"
COST_FROM_ORIGINAL_ISSUE = "Original Issue"
COST_FROM_LAST_COST = "Last Cost"
COST_FROM_REVERSAL = "Reversal"
COST_UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True, order=True)
class StockKey:
    """One balance: a SKU in a warehouse."""

    sku: str
    warehouse: str


@dataclass(frozen=True, slots=True)
class Balance:
    """The state of one key. ``last_cost`` is the unit cost of the latest priced receipt, None where there was none."""

    on_hand: Decimal = ZERO
    reserved: Decimal = ZERO
    frozen: Decimal = ZERO
    on_order: Decimal = ZERO
    value: Decimal = ZERO
    last_cost: Decimal | None = None

    @property
    def available(self) -> Decimal:
        """What may still be promised: on hand − frozen − reserved. Negative means oversold."""
        return self.on_hand - self.frozen - self.reserved


@dataclass(frozen=True, slots=True)
class StockMove:
    """A wanted change of one key, before valuation.

    ``qty`` is signed (+ in, − out). ``value`` is the unsigned total the document claims: for a receipt what came in,
    for an issue the value that should leave (undoing a receipt); None means 'at the current average'.
    ``fallback_cost`` is a unit cost used by a receipt without value when there is no average. ``from_reserved`` is
    the part of an issue that its own reservation covers.
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


@dataclass(frozen=True, slots=True)
class ValuedMove:
    """A movement with its value: one future ledger entry. ``value_change`` carries the sign of the quantity."""

    move: StockMove
    value_change: Decimal
    qty_after: Decimal
    value_after: Decimal
    unit_cost: Decimal
    cost_source: str


@dataclass(frozen=True, slots=True)
class BalanceChange:
    """A change of promises that moves no goods: reserved or on order, in the stock unit, signed."""

    key: StockKey
    reserved: Decimal = ZERO
    on_order: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Shortage:
    """A key that cannot give what is asked of it."""

    key: StockKey
    needed: Decimal
    available: Decimal


@dataclass(frozen=True, slots=True)
class MoveResult:
    """What a list of moves comes to: entries in order, balances by key, shortages (then nothing may be written)."""

    entries: tuple[ValuedMove, ...]
    balances: dict[StockKey, Balance]
    shortages: tuple[Shortage, ...]


@dataclass(frozen=True, slots=True)
class ReservationRequest:
    """One order line that wants stock put aside.

    ``group`` is the order: it is served whole unless partial is allowed.
    """

    group: str
    line: str
    key: StockKey
    qty: Decimal
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Allocation:
    """What a request got; ``qty`` may be less than asked only where partial reservation is allowed."""

    request: ReservationRequest
    qty: Decimal


@dataclass(frozen=True, slots=True)
class VoucherRef:
    """The document that moves stock, as ledger entries name it."""

    company: str
    currency: str
    voucher_type: str
    voucher_no: str
    posting_datetime: datetime
    is_reversal: bool = False


@dataclass(frozen=True, slots=True)
class Movement:
    """The movements of one document, in order."""

    ref: VoucherRef
    moves: tuple[StockMove, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a key's hash chain: how many entries it has and the hash of the last one."""

    seq: int = 0
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Reservation:
    """Stock put aside for one order line (``line`` is the name of the order's row)."""

    line: str
    key: StockKey
    qty: Decimal
    consumed: Decimal = ZERO
    released: Decimal = ZERO

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
