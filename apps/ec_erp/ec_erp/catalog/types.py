"""Values of the catalog area."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class SkuFacts:
    """A SKU as documents see it. ``purchase_rate`` is None where no price is known."""

    name: str
    sku_name: str
    stock_uom: str
    whole_units: bool
    standard_rate: Decimal
    purchase_rate: Decimal | None
    tax_rate: Decimal
    disabled: bool
