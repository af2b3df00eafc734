"""Numbers: reading them from anything, and rounding them as a business does.

Invariant: reading never raises (what is no number is 0), and a value that was typed with at most fifteen digits is
rounded as its decimal text says, whatever its binary form is.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

BANKERS: Final = "Banker's Rounding"
BANKERS_LEGACY: Final = "Banker's Rounding (legacy)"
COMMERCIAL: Final = "Commercial Rounding"

_EPSILON: Final = 2.0**-52  # a scaled decimal is off by at most this share of its size
_ALL_WHOLE: Final = 2.0**52  # from here on floats have no decimals
_POWERS: Final = tuple(10.0**exponent for exponent in range(23))  # exact in binary


class UnknownRoundingMethod(ValueError):
    """A rounding method was named that does not exist."""


def flt(value: Any, precision: int | None = None, rounding_method: str = BANKERS) -> float:
    """Read `value` as a float, rounded to `precision` decimals when that is given.

    Text may carry thousands commas ("1,234.5"). None, empty text, and what is no number give 0.0, and so does an
    infinite or undefined number that was to be rounded. Raises `UnknownRoundingMethod`.
    """
    if precision is None:
        return value if type(value) is float else to_float(value)
    number = value if type(value) is float else to_float(value)
    try:
        return rounded(number, precision, rounding_method)
    except UnknownRoundingMethod:
        raise
    except (OverflowError, ValueError):  # infinite, or not a number
        return 0.0


def to_float(value: Any) -> float:
    """Read `value` as a float; thousands commas are skipped, what is no number is 0.0."""
    if value is None or value == "":
        return 0.0
    try:
        if type(value) is str:
            return float(value.replace(",", "") if "," in value else value)
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return 0.0


def cint(s: Any, default: int = 0) -> int:
    """Read `s` as a whole number, cut towards zero; `default` for what is no number."""
    if type(s) is int:
        return s
    if s is None or s == "":
        return default
    if type(s) is str:
        return _int_of_text(s, default)
    try:
        return int(s)
    except (TypeError, ValueError, OverflowError):
        return _int_of_text(s, default) if isinstance(s, (str, bytes)) else default


def _int_of_text(value: Any, default: int) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        pass
    try:
        return int(float(value))
    except (TypeError, ValueError, OverflowError):
        return default


def sbool(x: Any) -> Any:
    """Read the texts "true", "1", "false", "0" (in any case) as a bool; give anything else back unchanged."""
    if not isinstance(x, str):
        return x
    return {"true": True, "1": True, "false": False, "0": False}.get(x.lower(), x)


def ceil(s: Any) -> int:
    """Give the smallest whole number not below `s`; 0 for what is no number."""
    return _whole(s, math.ceil)


def floor(s: Any) -> int:
    """Give the largest whole number not above `s`; 0 for what is no number."""
    return _whole(s, math.floor)


def _whole(value: Any, step: Callable[[float], int]) -> int:
    try:
        return step(to_float(value))
    except (OverflowError, ValueError):
        return 0


def rounded(number: float, precision: int = 0, rounding_method: str = BANKERS) -> float:
    """Round `number` to `precision` decimals (negative: to tens, hundreds …).

    Banker's Rounding gives a tie to the even neighbour, Commercial Rounding away from zero. The legacy kind gives
    ties to the even neighbour at precision 0 (as an int) and otherwise upwards; it is there for sites that began
    with it. Raises `UnknownRoundingMethod`, `OverflowError` for an infinite number and `ValueError` for NaN.
    """
    try:
        tie, slack = _TIES[rounding_method]
    except KeyError:
        raise UnknownRoundingMethod(f"Unknown Rounding Method: {rounding_method}") from None
    factor = _POWERS[precision] if 0 <= precision < 23 else 10.0**precision
    scaled = number * factor
    if not -_ALL_WHOLE < scaled < _ALL_WHOLE:
        return _without_decimals(number)
    lower = math.floor(scaled)
    above = scaled - lower
    whole = tie(lower, precision) if abs(above - 0.5) <= slack + _EPSILON * abs(scaled) else lower + (above > 0.5)
    if precision == 0 and slack:
        return whole
    return whole / factor


def _without_decimals(number: float) -> float:
    if math.isinf(number):
        raise OverflowError("an infinite number can't be rounded")
    if math.isnan(number):
        raise ValueError("NaN can't be rounded")
    return float(number)


def _to_even(lower: int, _precision: int) -> int:
    return lower + (lower & 1)


def _away_from_zero(lower: int, _precision: int) -> int:
    return lower if lower < 0 else lower + 1


def _legacy(lower: int, precision: int) -> int:
    return lower + (lower & 1) if precision == 0 else lower + 1


# What to do with a tie (given the whole number below it), and how far from the middle still counts as one.
_TIES: Final[dict[str, tuple[Callable[[int, int], int], float]]] = {
    BANKERS: (_to_even, 0.0),
    COMMERCIAL: (_away_from_zero, 0.0),
    BANKERS_LEGACY: (_legacy, 5e-9),
}


def remainder(numerator: float, denominator: float, precision: int = 2, rounding_method: str = BANKERS) -> float:
    """Give what is left of `numerator` after whole `denominator`s, with the denominator's sign, rounded.

    Both are taken as their decimal text says, so that 1.2 leaves nothing over 0.1. Raises `ZeroDivisionError`.
    """
    whole, parts = Decimal(str(numerator)), Decimal(str(denominator))
    if not parts:
        raise ZeroDivisionError("remainder of a division by zero")
    left = whole % parts
    if left and (left < 0) != (parts < 0):
        left += parts
    return flt(float(left), precision, rounding_method)


def safe_div(numerator: float, denominator: float, precision: int = 2, rounding_method: str = BANKERS) -> float:
    """Divide and round; 0.0 when the denominator is 0."""
    if denominator == 0:
        return 0.0
    return rounded(numerator / denominator, precision, rounding_method)


def round_to_multiple(value: float, step: float, precision: int = 2, rounding_method: str = BANKERS) -> float:
    """Round `value` to the nearest multiple of `step` (the smallest coin); a tie goes towards zero.

    Without a step (0) it is rounded to a whole number.
    """
    if not step:
        return float(rounded(value, 0, rounding_method))
    size = abs(value)
    over = remainder(size, step, precision, rounding_method)
    size += step - over if over > step / 2 else -over
    return flt(math.copysign(size, value), precision, rounding_method)
