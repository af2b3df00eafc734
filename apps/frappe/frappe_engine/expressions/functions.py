"""What expressions may call: helpers by name, and methods of texts, lists and numbers.

Invariant: every function here is pure and takes values of this language; none lets an expression reach anything else.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from frappe_engine.expressions.values import (
    UNDEFINED,
    plain,
    strictly_equal,
    to_number,
    to_text,
    truthy,
    whole_if_whole,
)
from frappe_engine.kit.numbers import COMMERCIAL
from frappe_engine.kit.numbers import flt as round_float

_LEADING_INT: Final = re.compile(r"\s*([+-]?\d+)")
_LEADING_NUMBER: Final = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)")
_ENDLESS: Final = re.compile(r"\s*([+-]?)Infinity")
LARGEST_FIXED: Final = 1e21  # from here on numbers are written with their power of ten
_MAX_TEXT: Final = 100_000


# --- helpers by name -----------------------------------------------------------------------------------------------


def cint(value: Any = UNDEFINED, default: Any = 0) -> Any:
    """Read a whole number from the beginning of a value, cut towards zero; `default` for what has none."""
    if isinstance(value, bool):
        return int(value)
    number = parse_int(to_text(value))
    return default if number != number else number


def flt(value: Any = UNDEFINED, decimals: Any = UNDEFINED) -> float:
    """Read a number, thousands commas skipped, 0 for what is none; rounded commercially to `decimals`."""
    if value is None or value is UNDEFINED or value == "":
        return 0
    number = to_number(value.replace(",", "") if isinstance(value, str) else value)
    if number != number:
        return 0
    if decimals is None or decimals is UNDEFINED:
        return whole_if_whole(number)
    return whole_if_whole(round_float(number, int(to_number(decimals)), COMMERCIAL))


def cstr(value: Any = UNDEFINED) -> str:
    """Give a value as text; nothing is ""."""
    return "" if value is None or value is UNDEFINED else to_text(value)


def in_list(items: Any = UNDEFINED, item: Any = UNDEFINED) -> bool:
    """Tell whether a list holds an item (a text, a part); nothing holds nothing."""
    if isinstance(items, str):
        return to_text(item) in items
    return isinstance(items, list) and _index_in(items, item) >= 0


def has_common(first: Any = UNDEFINED, second: Any = UNDEFINED) -> bool:
    """Tell whether two lists share an item."""
    if not isinstance(first, list) or not isinstance(second, list):
        return False
    return any(_index_in(second, plain(item)) >= 0 for item in first)


def parse_int(value: Any = UNDEFINED, *_radix: Any) -> float:
    """Read the whole number a text begins with; NaN without one."""
    match = _LEADING_INT.match(to_text(value))
    return int(match.group(1)) if match else math.nan


def parse_float(value: Any = UNDEFINED) -> float:
    """Read the number a text begins with; NaN without one."""
    text = to_text(value)
    endless = _ENDLESS.match(text)
    if endless:
        return -math.inf if endless.group(1) == "-" else math.inf
    match = _LEADING_NUMBER.match(text)
    return whole_if_whole(float(match.group(1))) if match else math.nan


def _rounded(value: Any = UNDEFINED) -> float:
    number = to_number(value)
    return number if number != number or math.isinf(number) else whole_if_whole(math.floor(number + 0.5))


def _step(step: Callable[[float], int]) -> Callable[..., float]:
    def stepped(value: Any = UNDEFINED) -> float:
        number = to_number(value)
        return number if number != number or math.isinf(number) else step(number)

    return stepped


def _extreme(pick: Callable[..., float], empty: float) -> Callable[..., float]:
    def picked(*values: Any) -> float:
        numbers = [to_number(value) for value in values]
        return math.nan if any(number != number for number in numbers) else pick(numbers, default=empty)

    return picked


MATH: Final[Mapping[str, Any]] = {
    "abs": lambda value=UNDEFINED: abs(to_number(value)),
    "round": _rounded,
    "floor": _step(math.floor),
    "ceil": _step(math.ceil),
    "trunc": _step(math.trunc),
    "min": _extreme(min, math.inf),
    "max": _extreme(max, -math.inf),
}

BUILT_IN: Final[Mapping[str, Any]] = {
    "cint": cint,
    "flt": flt,
    "cstr": cstr,
    "in_list": in_list,
    "has_common": has_common,
    "parseInt": parse_int,
    "parseFloat": parse_float,
    "isNaN": lambda value=UNDEFINED: math.isnan(to_number(value)),
    "Number": lambda value=0: to_number(value),
    "String": lambda value="": to_text(value),
    "Boolean": lambda value=UNDEFINED: truthy(value),
    "Math": MATH,
    "Array": {"isArray": lambda value=UNDEFINED: isinstance(value, list)},
    "Object": {"keys": lambda value=UNDEFINED: list(value) if isinstance(value, Mapping) else []},
}


# --- methods -------------------------------------------------------------------------------------------------------


def method(target: Any, name: str) -> Callable[..., Any] | None:
    """Give the method `name` of a text, list, number or bool, bound to it; None when it has none."""
    if isinstance(target, str):
        function = TEXT_METHODS.get(name)
    elif isinstance(target, list):
        function = LIST_METHODS.get(name)
    else:
        function = NUMBER_METHODS.get(name) if isinstance(target, (int, float)) else None
    return None if function is None else lambda *arguments: function(target, *arguments)


def _index_in(items: list[Any], item: Any) -> int:
    for index, candidate in enumerate(items):
        if strictly_equal(plain(candidate), item):
            return index
    return -1


def _list_includes(items: list[Any], item: Any = UNDEFINED, *_from: Any) -> bool:
    if item != item:  # NaN is found by includes, though it equals nothing
        return any(candidate != candidate for candidate in items)
    return _index_in(items, item) >= 0


def _position(value: Any, length: int, default: int) -> int:
    if value is UNDEFINED:
        return default
    number = to_number(value)
    if number != number:
        return 0
    number = max(min(number, length), -length)
    return int(number) + length if number < 0 else int(number)


def _slice(sequence: Any, start: Any = UNDEFINED, end: Any = UNDEFINED) -> Any:
    length = len(sequence)
    return sequence[_position(start, length, 0) : _position(end, length, length)]


def _substring(text: str, start: Any = UNDEFINED, end: Any = UNDEFINED) -> str:
    length = len(text)
    ends = [0 if value is UNDEFINED else max(0, to_number(value)) for value in (start,)]
    ends.append(length if end is UNDEFINED else max(0, to_number(end)))
    first, last = sorted(0 if value != value else int(min(value, length)) for value in ends)
    return text[first:last]


def _split(text: str, separator: Any = UNDEFINED, *_limit: Any) -> list[str]:
    if separator is UNDEFINED:
        return [text]
    mark = to_text(separator)
    return text.split(mark) if mark else list(text)


def _concat(items: list[Any], *others: Any) -> list[Any]:
    joined = list(items)
    for other in others:
        joined.extend(other if isinstance(other, list) else [other])
    return joined


def _character(text: str, index: Any = 0) -> str:
    position = to_number(index)
    position = 0 if position != position else position
    return text[int(position)] if 0 <= position < len(text) else ""


def _replaced(text: str, old: Any = UNDEFINED, new: Any = UNDEFINED, count: int = 1) -> str:
    found, instead = to_text(old), to_text(new)
    if len(text) * max(1, len(instead)) > _MAX_TEXT * 10:
        raise ValueError("the text would become too long")
    return text.replace(found, instead, count)


def _to_fixed(number: float, digits: Any = 0) -> str:
    wanted = to_number(digits)
    places = 0 if wanted != wanted else math.trunc(wanted)
    if not 0 <= places <= 100:
        raise ValueError("toFixed takes 0 to 100 digits")
    if number != number or abs(number) >= LARGEST_FIXED:
        return to_text(number)
    return f"{round_float(number, int(places), COMMERCIAL) if places < 16 else number:.{int(places)}f}"


TEXT_METHODS: Final[Mapping[str, Callable[..., Any]]] = {
    "includes": lambda text, part=UNDEFINED, *_from: to_text(part) in text,
    "startsWith": lambda text, part=UNDEFINED: text.startswith(to_text(part)),
    "endsWith": lambda text, part=UNDEFINED: text.endswith(to_text(part)),
    "indexOf": lambda text, part=UNDEFINED: text.find(to_text(part)),
    "lastIndexOf": lambda text, part=UNDEFINED: text.rfind(to_text(part)),
    "toLowerCase": lambda text: text.lower(),
    "toUpperCase": lambda text: text.upper(),
    "trim": lambda text: text.strip(),
    "split": _split,
    "slice": _slice,
    "substring": _substring,
    "charAt": _character,
    "replace": _replaced,
    "replaceAll": lambda text, old=UNDEFINED, new=UNDEFINED: _replaced(text, old, new, -1),
    "concat": lambda text, *others: text + "".join(to_text(other) for other in others),
    "toString": lambda text: text,
}
LIST_METHODS: Final[Mapping[str, Callable[..., Any]]] = {
    "includes": _list_includes,
    "indexOf": lambda items, item=UNDEFINED: _index_in(items, item),
    "join": lambda items, mark=UNDEFINED: ("," if mark is UNDEFINED else to_text(mark)).join(
        "" if item is None or item is UNDEFINED else to_text(plain(item)) for item in items
    ),
    "slice": _slice,
    "concat": _concat,
    "toString": lambda items: to_text(items),
}
NUMBER_METHODS: Final[Mapping[str, Callable[..., Any]]] = {
    "toFixed": _to_fixed,
    "toString": lambda number: to_text(number),
}
