"""Values of the catalog area."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.values import quickly_made


@quickly_made
@dataclass(frozen=True, slots=True)
class SkuFacts:
    """A SKU as documents see it. ``purchase_rate`` is None where no price is known.

    ``serials`` is "", "Weak" or "Strong"; shelf life and limits are 0 where nothing was said.
    """

    name: str
    sku_name: str
    stock_uom: str
    whole_units: bool
    standard_rate: Decimal
    purchase_rate: Decimal | None
    tax_rate: Decimal
    disabled: bool
    status: str = "Active"
    valuation_method: str = "Moving Average"
    has_batch: bool = False
    serials: str = ""
    is_combo: bool = False
    shelf_life_days: int = 0
    sale_limit_days: int = 0
    receive_limit_days: int = 0
    weight_g: Decimal = ZERO
    wholesale_rate: Decimal = ZERO
    member_rate: Decimal = ZERO
    minimum_rate: Decimal = ZERO
    shelf_life_months: int = 0
    volume_cm3: Decimal = ZERO
