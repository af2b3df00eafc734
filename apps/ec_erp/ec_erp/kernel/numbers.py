"""The one way from what a document holds (float, text, None) to an exact ``Decimal`` and back.

Invariant: a float becomes the decimal that a person reads, never its binary expansion.
"""

from __future__ import annotations

import math
from decimal import Decimal, InvalidOperation

ZERO = Decimal(0)
_KNOWN: dict[float, Decimal] = {}  # what floats come to: documents hold the same few again and again
_MOST_KNOWN = 20_000


class NotANumber(ValueError):
    """Raised when a value that must be a number is text, NaN or infinite."""

    http_status_code = 417  # who sent it is told; nothing is wrong with the server


def decimal_of(value: object) -> Decimal:
    """Return ``value`` as an exact decimal; ``None`` and ``""`` count as zero.

    Floats go through their shortest text form, so ``0.1`` becomes ``Decimal("0.1")``; text may carry thousands commas.
    Raises ``NotANumber`` for anything else.
    """
    if isinstance(value, float):  # first, for documents hold little else
        known = _KNOWN.get(value)
        return _of_float(value) if known is None else known
    if value is None or value == "":
        return ZERO
    if isinstance(value, Decimal):
        return _finite(value)
    if isinstance(value, int):
        return Decimal(int(value))
    if isinstance(value, str):
        return _from_text(value)
    raise NotANumber(repr(value))


def _of_float(value: float) -> Decimal:
    if not math.isfinite(value):
        raise NotANumber(str(value))
    if len(_KNOWN) >= _MOST_KNOWN:
        _KNOWN.clear()
    exact = _KNOWN[value] = Decimal(repr(value or 0.0))  # zero has one text, with a sign or without
    return exact


def optional_decimal(value: object) -> Decimal | None:
    """Return ``decimal_of(value)``, or ``None`` where nothing was given, so that 'not given' and zero stay apart."""
    return None if value is None or value == "" else decimal_of(value)


def is_number(value: object) -> bool:
    """Tell whether ``decimal_of`` accepts the value."""
    try:
        decimal_of(value)
    except NotANumber:
        return False
    return True


def plain(value: Decimal) -> str:
    """Return the shortest text of a decimal without an exponent: ``Decimal("10.500")`` → ``"10.5"``."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"", "-0"} else text


def _from_text(text: str) -> Decimal:
    try:
        return _finite(Decimal(text.strip().replace(",", "")))
    except InvalidOperation as error:
        raise NotANumber(text) from error


def _finite(value: Decimal) -> Decimal:
    if not value.is_finite():
        raise NotANumber(str(value))
    return value
