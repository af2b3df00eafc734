"""Quantities: exact decimals in the stock unit, at most nine places and fifteen digits.

Invariant: what passes ``quantity_of`` survives a round trip through a database float unchanged.
"""

from __future__ import annotations

from decimal import Decimal

from ec_erp.kernel.numbers import NotANumber, decimal_of

PLACES = 9
DIGITS = 15


def quantity_of(value: object) -> Decimal:
    """Return the value as a quantity. Raises ``NotANumber`` for text and for more places or digits than are kept."""
    quantity = decimal_of(value)
    _, digits, exponent = quantity.normalize().as_tuple()
    if int(exponent) < -PLACES or len(digits) + max(int(exponent), 0) > DIGITS:
        raise NotANumber(str(value))
    return quantity


def is_whole(quantity: Decimal) -> bool:
    """Tell whether the quantity is a whole number, as goods counted in pieces must be."""
    return quantity == quantity.to_integral_value()
