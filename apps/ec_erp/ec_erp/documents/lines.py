"""Rows of document tables as pricing rules see them, and back.

Invariant: what is written to a row is what the rule returned.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.pricing import LineTerms, PricedLine
from ec_erp.kernel.tax import TaxSplit


def line_terms(row: Any, *, whole_units: bool, qty_field: str = "qty") -> LineTerms:
    """Return the terms of a row whose rate and tax rate are filled."""
    return LineTerms(
        row=row.idx,
        sku=row.sku,
        qty=decimal_of(row.get(qty_field)),
        rate=decimal_of(row.rate),
        discount=decimal_of(row.get("discount_amount")),
        tax_rate=decimal_of(row.tax_rate),
        whole_units=whole_units,
    )


def write_price(row: Any, line: PricedLine) -> None:
    """Put a priced line into its row."""
    row.amount = float(line.amount)
    row.net_amount = float(line.price.net)
    row.tax_amount = float(line.price.tax)


def total_of(rows: Iterable[Any], field: str) -> Decimal:
    """Add up a number field over rows."""
    return sum((decimal_of(row.get(field)) for row in rows), ZERO)


def tax_totals(splits: Sequence[TaxSplit]) -> TaxSplit:
    """Add up amounts with their tax."""
    net = sum((split.net for split in splits), ZERO)
    tax = sum((split.tax for split in splits), ZERO)
    return TaxSplit(net, tax, net + tax)


def set_floats(doc: Any, values: dict[str, Decimal]) -> None:
    """Set number fields of a document from exact values."""
    for field, value in values.items():
        doc.set(field, float(value))
