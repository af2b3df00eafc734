"""Values of the channels area: documents as they come in, whatever they came from.

Invariant: quantities are positive; whether goods leave or come back is said by the document's kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

SALE = "sale"
RETURN = "return"
WRITE_OFF = "write-off"
FOUND = "found"
OUTGOING = (SALE, WRITE_OFF)


@dataclass(frozen=True, slots=True)
class IncomingLine:
    """A line of goods; ``row`` is its line number in the source."""

    row: int
    sku_code: str
    description: str
    qty: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class IncomingCharge:
    """A charge beside the goods: what the buyer pays (or, on a return, gets back) for it in all."""

    row: int
    charge_type: str
    description: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class IncomingDocument:
    """A sale, a return, or goods lost or found. ``buyer_id`` is empty for an anonymous buyer."""

    kind: str
    reference: str
    moment: datetime
    buyer_id: str
    region: str
    lines: tuple[IncomingLine, ...]
    charges: tuple[IncomingCharge, ...] = ()

    @property
    def first_row(self) -> int:
        """The line number by which a person finds it in the source."""
        return min([line.row for line in self.lines] + [charge.row for charge in self.charges])


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line of the source that can't be used, and why (in English: a template and its values)."""

    row: int
    reason: str
    values: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenDelivery:
    """A delivered line that goods may come back for."""

    line: str
    sku: str
    rate: Decimal
    open_qty: Decimal


@dataclass(frozen=True, slots=True)
class ShopAddress:
    """Where a shop (or a gateway to its platform) takes stock, and the secret that signs what is sent there."""

    name: str
    url: str
    secret: str
    writer: str
    timeout_s: float = 10.0
