"""The catalog at work: completing and checking SKUs, combos, units, prices, tax classes, the quality of the data.

Other areas use what is named here.
"""

from ec_erp.catalog.flows.prices import list_rates, prefetch_rates
from ec_erp.catalog.flows.skus import (
    DEFAULT_UNIT,
    check_sku,
    combo_rows,
    expand_combos,
    fill_sku,
    make_variants,
    prefetch_skus,
    skus_of_rows,
)
from ec_erp.catalog.flows.units import convert_rows, show_unit_rates

__all__ = [
    "DEFAULT_UNIT",
    "check_sku",
    "combo_rows",
    "convert_rows",
    "expand_combos",
    "fill_sku",
    "list_rates",
    "make_variants",
    "prefetch_rates",
    "prefetch_skus",
    "show_unit_rates",
    "skus_of_rows",
]
