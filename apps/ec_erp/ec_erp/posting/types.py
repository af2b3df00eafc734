"""Values of the posting area: documents as posting rules see them, and what they come to.

Invariant: amounts are in the company's currency; ``net + tax == gross`` on every line.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ec_erp.accounting.rules.roles import COST_OF_SALES
from ec_erp.accounting.types import Books, Dimensions, Line
from ec_erp.inventory.types import AVAILABLE, UNTRACKED, StockMove, Tracking
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.tax import TaxSplit
from ec_erp.kernel.values import quickly_made

NO_DIMENSIONS = Dimensions()


@quickly_made
@dataclass(frozen=True, slots=True)
class Voucher:
    """What every posted document has: whose books, which document, when it happened."""

    books: Books
    voucher_type: str
    voucher_no: str
    posting_datetime: datetime
    shop: str | None = None
    party_type: str | None = None
    party: str | None = None
    remarks: str = ""


@quickly_made
@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line of goods delivered or taken back: quantity is positive, ``price`` is what the buyer pays or gets back.

    ``original_cost`` is the value that a return brings back, None where the original delivery is unknown; ``origin`` is the
    delivery's row then, whose batches come back. ``gift_cost`` says where the cost of a gift goes, as the company does;
    empty for goods that are sold.
    """

    line: str
    sku: str
    warehouse: str
    qty: Decimal
    price: TaxSplit
    from_reserved: Decimal = ZERO
    original_cost: Decimal | None = None
    fallback_cost: Decimal | None = None
    tracking: Tracking = UNTRACKED
    origin: str | None = None
    gift_cost: str = ""


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge beside the goods, with the account role (Company field) that its net amount is booked on."""

    account_role: str
    price: TaxSplit
    remarks: str = ""


@quickly_made
@dataclass(frozen=True, slots=True)
class Delivery:
    """A Delivery Note: goods to the buyer, or back from the buyer where ``is_return``.

    ``cost_role`` is the account role that the cost of its goods is booked on.
    """

    voucher: Voucher
    lines: tuple[SoldLine, ...]
    charges: tuple[Charge, ...] = ()
    is_return: bool = False
    cost_role: str = COST_OF_SALES


@dataclass(frozen=True, slots=True)
class BoughtLine:
    """A line of goods received from or sent back to a supplier. ``price`` belongs to the accepted quantity."""

    line: str
    sku: str
    warehouse: str
    qty: Decimal
    price: TaxSplit
    tracking: Tracking = UNTRACKED
    from_reserved: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Receipt:
    """A Purchase Receipt."""

    voucher: Voucher
    lines: tuple[BoughtLine, ...]


@dataclass(frozen=True, slots=True)
class PurchaseReturnGoods:
    """A Purchase Return: lines carry the price of the original receipt."""

    voucher: Voucher
    lines: tuple[BoughtLine, ...]


@dataclass(frozen=True, slots=True)
class AdjustedLine:
    """A line of other goods in or out. ``value`` is given where it is known: goods in at a cost, goods lost on their way."""

    line: str
    sku: str
    warehouse: str
    qty: Decimal
    value: Decimal | None = None
    fallback_cost: Decimal | None = None
    tracking: Tracking = UNTRACKED


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A Stock Entry: goods in (``is_receipt``) or out for a reason whose account takes the other side."""

    voucher: Voucher
    lines: tuple[AdjustedLine, ...]
    account: str
    is_receipt: bool
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class MovedLine:
    """Goods from one place of the company to another; ``value`` is None where they leave at the source's cost.

    ``reach`` says whether promised goods may go along; ``arrives`` is what is known of the pieces at their new place.
    """

    line: str
    sku: str
    source: str
    target: str
    qty: Decimal
    value: Decimal | None = None
    from_reserved: Decimal = ZERO
    reach: str = AVAILABLE
    leaves: Tracking = UNTRACKED
    arrives: Tracking = UNTRACKED


@dataclass(frozen=True, slots=True)
class Relocation:
    """Goods that stay the company's: a transfer between warehouses, another bin, another grade."""

    voucher: Voucher
    lines: tuple[MovedLine, ...]


@dataclass(frozen=True, slots=True)
class Journal:
    """A Journal Entry: lines as typed."""

    voucher: Voucher
    lines: tuple[Line, ...]


@quickly_made
@dataclass(frozen=True, slots=True)
class Payment:
    """A Payment Entry: money into (``sign`` 1) or out of (−1) a money account against a counter account, and what was kept.

    ``paid`` is what the party gave or got; ``fee`` was kept of it (in), or paid beside it (out). ``prepaid`` is the part of
    ``paid`` that is for goods still to come; it goes on the account ``prepaid_account``.
    """

    voucher: Voucher
    sign: int
    money_account: str
    counter_account: str
    paid: Decimal
    fee: Decimal = ZERO
    fee_account: str = ""
    prepaid: Decimal = ZERO
    prepaid_account: str = ""
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class LandedLine:
    """What goods of a receipt bear in one place: ``in_stock`` raises the value there, ``gone`` belongs to units that have left.

    ``origin`` is the receipt's row; ``reverses`` the ledger entry that a cancellation undoes. Signed: a cancellation and a
    credit note have negative amounts.
    """

    line: str
    sku: str
    warehouse: str
    in_stock: Decimal
    gone: Decimal = ZERO
    origin: str | None = None
    tracking: Tracking = UNTRACKED
    reverses: str | None = None


@dataclass(frozen=True, slots=True)
class OwedCharge:
    """What is owed (to ``party``, a supplier) or was paid for getting goods here, and the account that it stands on."""

    account: str
    amount: Decimal
    party: str | None = None
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class LandedCost:
    """Costs of getting goods here, put on receipts; with ``is_cancellation`` they are taken off again."""

    voucher: Voucher
    lines: tuple[LandedLine, ...]
    charges: tuple[OwedCharge, ...]
    is_cancellation: bool = False


@dataclass(frozen=True, slots=True)
class Reversal:
    """The undoing of a posted voucher: its movements and lines turned round, at the time of the cancellation."""

    voucher: Voucher
    moves: tuple[StockMove, ...]
    lines: tuple[Line, ...]
    stock_account: str
    variance_account: str


Document = (
    Delivery | Receipt | PurchaseReturnGoods | LandedCost | Adjustment | Relocation | Journal | Payment | Reversal
)


@quickly_made
@dataclass(frozen=True, slots=True)
class CostLine:
    """A ledger line whose amount is the value of movements: ``sign × Σ value_change`` of the numbered moves.

    ``over`` shares it by weight over several dimensions, to the cent; the line's own do not count then.
    """

    account: str
    moves: tuple[int, ...]
    sign: int
    dimensions: Dimensions = NO_DIMENSIONS
    remarks: str = ""
    over: tuple[tuple[Dimensions, Decimal], ...] = ()


@quickly_made
@dataclass(frozen=True, slots=True)
class Posting:
    """What a document does: movements in order, lines known now, lines that take their amount from movements.

    ``remainder_account`` takes what is left when costs differ from what the document claims; None where nothing may
    be left.
    """

    voucher: Voucher
    moves: tuple[StockMove, ...] = ()
    lines: tuple[Line, ...] = ()
    cost_lines: tuple[CostLine, ...] = ()
    remainder_account: str | None = None
    is_reversal: bool = False
