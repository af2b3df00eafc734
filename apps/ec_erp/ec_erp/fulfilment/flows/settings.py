"""How parcels go through the warehouse: the Fulfilment Settings, or what holds where nobody has saved them.

Invariant: reading them costs no query once they are cached.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.fulfilment.rules.scales import GRAM
from ec_erp.kernel.numbers import ZERO, decimal_of


@dataclass(frozen=True)
class FulfilmentTerms:
    """Steps before shipping, and weights in grams."""

    require_check: bool = True
    check_batches: bool = False
    require_weigh: bool = False
    require_waybill: bool = True
    tolerance_percent: Decimal = Decimal(10)
    tolerance_g: Decimal = Decimal(30)
    packing_weight_g: Decimal = Decimal(50)
    max_parcel_weight_g: Decimal = ZERO
    scale_unit: str = GRAM
    carton_fill_percent: Decimal = Decimal(85)


def load_settings() -> FulfilmentTerms:
    """Return the settings."""
    doc = frappe.get_cached_doc("Fulfilment Settings")
    default = FulfilmentTerms()
    return FulfilmentTerms(
        require_check=_flag(doc, "require_check", default.require_check),
        check_batches=_flag(doc, "check_batches", default.check_batches),
        require_weigh=_flag(doc, "require_weigh", default.require_weigh),
        require_waybill=_flag(doc, "require_waybill", default.require_waybill),
        tolerance_percent=_number(doc, "tolerance_percent", default.tolerance_percent),
        tolerance_g=_number(doc, "tolerance_g", default.tolerance_g),
        packing_weight_g=_number(doc, "packing_weight_g", default.packing_weight_g),
        max_parcel_weight_g=_number(doc, "max_parcel_weight_g", default.max_parcel_weight_g),
        scale_unit=str(doc.get("scale_unit") or default.scale_unit),
        carton_fill_percent=_number(doc, "carton_fill_percent", default.carton_fill_percent)
        or default.carton_fill_percent,
    )


def _flag(doc: Any, field: str, default: bool) -> bool:
    value = doc.get(field) if doc.get("modified") else None
    return default if value is None else bool(int(value))


def _number(doc: Any, field: str, default: Decimal) -> Decimal:
    value = doc.get(field) if doc.get("modified") else None
    return default if value is None else decimal_of(value)
