"""Values of the outer-warehouse area.

Invariant: what a provider sends is read into these once, checked; flows see nothing raw.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from ec_erp.kernel.numbers import ZERO


@dataclass(frozen=True, slots=True)
class Provider:
    """How to speak to a provider. ``secret`` never leaves the process."""

    name: str
    warehouse: str
    adapter: str
    base_url: str
    owner_code: str
    timeout_s: int
    secret: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a provider is told: the kind of task, the key by which it knows a repeated one, and the content."""

    kind: str
    key: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a provider answers. ``again`` false: trying again does not help."""

    ok: bool
    again: bool = True
    message: str = ""
    outer_no: str = ""


@dataclass(frozen=True, slots=True)
class MessageLine:
    """Goods in a message: a SKU code or barcode; ``defective`` is beside ``qty``, not part of it."""

    code: str
    qty: Decimal
    defective: Decimal = ZERO
    batch: str = ""
    serials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SentParcel:
    """A parcel that has left: carrier (name or code), waybill number, weight in grams, goods."""

    carrier: str
    waybill_no: str
    weight_g: Decimal
    lines: tuple[MessageLine, ...]


@dataclass(frozen=True, slots=True)
class Shipment:
    """Parcels of an order that have left; ``final``: no more will come."""

    order_no: str
    moment: datetime
    parcels: tuple[SentParcel, ...]
    final: bool


@dataclass(frozen=True, slots=True)
class Arrival:
    """Goods that came in: on a notice (purchase order or transfer), or back from a buyer of an order."""

    number: str
    moment: datetime
    lines: tuple[MessageLine, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What lies with a provider at a moment; ``whole``: what is not listed does not lie there."""

    moment: datetime
    whole: bool
    lines: tuple[MessageLine, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A SKU and grade: what the provider says, what the books say of the same moment, what is on its way out."""

    sku: str
    grade: str
    outer: Decimal
    own: Decimal
    in_flight: Decimal = ZERO

    @property
    def difference(self) -> Decimal:
        """Outer quantity − own quantity."""
        return self.outer - self.own

    @property
    def explained(self) -> Decimal:
        """The part of the difference that orders in flight explain: zero or negative, at most what they ask for."""
        return max(min(self.difference, ZERO), -self.in_flight)

    @property
    def to_settle(self) -> Decimal:
        """What is left of the difference: what a count has to book."""
        return self.difference - self.explained
