"""Values as JavaScript sees them: truth, equality, order, numbers and text of anything.

Invariant: a value is None (null), UNDEFINED, bool, int or float, str, list, a mapping, or a function; other values of
documents (dates, decimals …) are given one of these forms by `plain`. Source: ECMA-262, abstract operations.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any, Final

from frappe_engine.kit.dates import format_timedelta


class _Undefined:
    """The value of what is not there."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "undefined"


UNDEFINED: Final = _Undefined()

_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)")
_OTHER_BASES: Final = re.compile(r"0(?:[xX][0-9a-fA-F]+|[bB][01]+|[oO][0-7]+)")
_SPACES: Final = " \t\n\r\v\f\xa0\ufeff\u2028\u2029"
_EXACT: Final = 2**53


def plain(value: Any) -> Any:
    """Give a value of a document in a form of this language: dates as ISO text, decimals as numbers."""
    if value is None or isinstance(value, (str, bool, float, list, Mapping)) or value is UNDEFINED:
        return value
    if isinstance(value, int):
        return value if -_EXACT < value < _EXACT else float(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, timedelta):
        return format_timedelta(value)
    if isinstance(value, (date, time)):
        return str(value)
    if isinstance(value, (tuple, set, frozenset)):
        return list(value)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def truthy(value: Any) -> bool:
    """Tell whether a value counts as true: empty lists and objects do, NaN, 0 and "" do not."""
    if value is None or value is UNDEFINED:
        return False
    if isinstance(value, (list, Mapping)):
        return True
    return value == value and bool(value) if isinstance(value, (int, float, str)) else True


def kind_of(value: Any) -> str:
    """Give what `typeof` says."""
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    return "function" if callable(value) else "object"


def to_number(value: Any) -> float:
    """Give a value as a number; NaN for what is none."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, float)):
        return value
    if value is None:
        return 0
    if isinstance(value, str):
        return _number_of_text(value)
    return math.nan if value is UNDEFINED else _number_of_text(to_text(value))


def _number_of_text(text: str) -> float:
    digits = text.strip(_SPACES)
    if not digits:
        return 0
    if _NUMBER.fullmatch(digits):
        return whole_if_whole(float(digits))
    if _OTHER_BASES.fullmatch(digits):
        return int(digits, 0)
    return {"Infinity": math.inf, "+Infinity": math.inf, "-Infinity": -math.inf}.get(digits, math.nan)


def whole_if_whole(number: float) -> float:
    """Give a float without decimals as an int, so that it stays exact and reads as JavaScript writes it."""
    if isinstance(number, float) and number.is_integer() and abs(number) < _EXACT:
        return int(number)
    return number


def to_text(value: Any) -> str:
    """Give a value as text, as adding it to a text does."""
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _text_of_number(value)
    if isinstance(value, list):
        return ",".join("" if item is None or item is UNDEFINED else to_text(plain(item)) for item in value)
    return "undefined" if value is UNDEFINED else "[object Object]"


def _text_of_number(number: float) -> str:
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == 0:
        return "0"
    sign = "-" if number < 0 else ""
    mantissa, _, exponent_text = f"{Decimal(repr(abs(float(number)))).normalize():e}".partition("e")
    digits = mantissa.replace(".", "")
    point = int(exponent_text) + 1  # digits before the decimal point
    if 0 < point <= 21:
        whole = digits[:point].ljust(point, "0")
        return f"{sign}{whole}.{digits[point:]}" if digits[point:] else sign + whole
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    power = point - 1
    head = f"{digits[0]}.{digits[1:]}" if len(digits) > 1 else digits
    return f"{sign}{head}e{'+' if power > 0 else '-'}{abs(power)}"


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def strictly_equal(left: Any, right: Any) -> bool:
    """Tell what === says: same kind and same value; lists and objects only when they are the same one."""
    if _is_number(left) and _is_number(right):
        return bool(left == right)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    if isinstance(left, bool) and isinstance(right, bool):
        return left == right
    return left is right


def loosely_equal(left: Any, right: Any) -> bool:
    """Tell what == says: null equals undefined, numbers and texts meet as numbers, lists as their text."""
    if left is None or left is UNDEFINED:
        return right is None or right is UNDEFINED
    if right is None or right is UNDEFINED:
        return False
    left_is_object, right_is_object = (not isinstance(side, (str, int, float)) for side in (left, right))
    if (left_is_object and right_is_object) or kind_of(left) == kind_of(right):
        return strictly_equal(left, right)
    left = to_text(left) if left_is_object else left
    right = to_text(right) if right_is_object else right
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    return to_number(left) == to_number(right)


def less(left: Any, right: Any) -> bool | None:
    """Tell what < says: two texts by their characters, else by number; None where one is no number."""
    left, right = _primitive(left), _primitive(right)
    if isinstance(left, str) and isinstance(right, str):
        return left < right
    first, second = to_number(left), to_number(right)
    return None if first != first or second != second else first < second


def add(left: Any, right: Any) -> Any:
    """Give what + gives: texts joined when one side is a text, list or object, else the sum."""
    left, right = _primitive(left), _primitive(right)
    if isinstance(left, str) or isinstance(right, str):
        return to_text(left) + to_text(right)
    return whole_if_whole(to_number(left) + to_number(right))


def _primitive(value: Any) -> Any:
    return value if value is None or value is UNDEFINED or isinstance(value, (str, int, float)) else to_text(value)


def negative(value: Any) -> float:
    """Give what a minus before a value gives; -0 is not 0 to a division."""
    number = to_number(value)
    return -number if number else -0.0


def divide(left: Any, right: Any) -> float:
    """Give what / gives; by zero it is infinite, zero by zero NaN."""
    first, second = to_number(left), to_number(right)
    if second == 0:
        if first == 0 or first != first:
            return math.nan
        return math.copysign(math.inf, first) * math.copysign(1, second)
    return whole_if_whole(first / second)


def modulo(left: Any, right: Any) -> float:
    """Give what % gives: what is left, with the sign of the first."""
    first, second = to_number(left), to_number(right)
    if second == 0 or math.isinf(first):
        return math.nan
    return whole_if_whole(math.fmod(first, second))


def to_int32(value: Any) -> int:
    """Give a value as the 32 bits that & | ^ ~ work on."""
    number = to_number(value)
    if number != number or math.isinf(number):
        return 0
    bits = int(number) & 0xFFFFFFFF
    return bits - 2**32 if bits >= 2**31 else bits
