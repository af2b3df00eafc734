"""Numbers and choice."""

from __future__ import annotations

import math
import os
import random
import re
import sqlite3
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from frappe_engine.database.functions.registry import Value, sql_function


@sql_function("if", 3, nulls=True)
def _if(condition: Value, then: Value, otherwise: Value) -> Value:
    return then if _true(condition) else otherwise


def _true(value: Value) -> bool:
    if isinstance(value, str):
        match = re.match(r"\s*-?\d+(\.\d+)?", value)
        return bool(match and float(match.group()))
    return bool(value)


@sql_function("greatest", -1)
def _greatest(*values: Value) -> Value:
    return max(values, key=_order_key(values))


@sql_function("least", -1)
def _least(*values: Value) -> Value:
    return min(values, key=_order_key(values))


def _order_key(values: tuple[Value, ...]) -> Callable[[Value], Any]:
    """Texts compare as texts, as numbers where there is a number among them."""
    kinds = {isinstance(value, str) for value in values}
    if kinds == {True}:
        return lambda value: value.lower()
    return to_number


_NUMBER = re.compile(r"\s*([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?)", re.IGNORECASE)


def to_number(value: Value) -> float:
    """Read a value as a number: a text as the number it begins with, 0 when it begins with none."""
    if isinstance(value, (int, float)):
        return value
    match = _NUMBER.match(value.decode() if isinstance(value, bytes) else str(value))
    if match is None:
        return 0
    return int(match[1]) if match[1].lstrip("+-").isdigit() else float(match[1])


@sql_function("ec_number", 1)
def _as_number(value: Value) -> float:
    return float(to_number(value))


@sql_function("ec_int", 1)
def _as_int(value: Value) -> int:
    """A number is rounded, of a text only the integer it begins with counts."""
    if isinstance(value, str):
        match = re.match(r"\s*[-+]?\d+", value)
        return int(match.group()) if match else 0
    return int(round_half_up(value, 0))


def round_half_up(number: float, digits: int) -> float:
    """Round as decimals are rounded: a half goes away from zero."""
    if digits >= 0 and (isinstance(number, int) or number.is_integer()):
        return number
    if not math.isfinite(number):
        return number
    rounded = Decimal(repr(number)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return int(rounded) if isinstance(number, int) else float(rounded)


@sql_function("round", 1)
def _round(number: Value) -> float:
    return round_half_up(to_number(number), 0)


@sql_function("round", 2)
def _round_to(number: Value, digits: int) -> float:
    return round_half_up(to_number(number), int(digits))


def _ceil(number: Value) -> int:
    return math.ceil(to_number(number))


sql_function("ceil", 1)(_ceil)
sql_function("ceiling", 1)(_ceil)


@sql_function("floor", 1)
def _floor(number: Value) -> int:
    return math.floor(to_number(number))


@sql_function("sign", 1)
def _sign(number: Value) -> int:
    value = to_number(number)
    return (value > 0) - (value < 0)


def _power(base: Value, exponent: Value) -> float | None:
    try:
        return float(to_number(base) ** to_number(exponent))
    except (ZeroDivisionError, OverflowError, TypeError):
        return None


sql_function("power", 2)(_power)
sql_function("pow", 2)(_power)


def _partial(name: str, function: Callable[[float], float]) -> None:
    """Register a function that gives NULL outside its domain."""

    @sql_function(name, 1)
    def compute(number: Value) -> float | None:
        try:
            return float(function(to_number(number)))
        except (ValueError, OverflowError):
            return None


for _name, _function in (
    ("sqrt", math.sqrt), ("exp", math.exp), ("ln", math.log), ("log", math.log), ("log2", math.log2), ("log10", math.log10),
):  # fmt: skip
    _partial(_name, _function)


@sql_function("log", 2)
def _log(base: Value, number: Value) -> float | None:
    try:
        return math.log(to_number(number), to_number(base))
    except (ValueError, ZeroDivisionError):
        return None


@sql_function("format", 2)
def _format(number: Value, digits: int) -> str:
    places = max(int(digits), 0)
    return f"{round_half_up(float(to_number(number)), places):,.{places}f}"


@sql_function("ec_xor", 2)
def _xor(one: Value, two: Value) -> int:
    return int(to_number(one)) ^ int(to_number(two))


@sql_function("truncate", 2)
def _truncate(number: Value, digits: int) -> float:
    value = to_number(number)
    cut = Decimal(repr(value)).quantize(Decimal(1).scaleb(-int(digits)), ROUND_DOWN)
    return int(cut) if isinstance(value, int) else float(cut)


@sql_function("ec_mod", 2)
def _mod(number: Value, divisor: Value) -> float | None:
    one, two = to_number(number), to_number(divisor)
    if not two:
        return None
    rest = Decimal(repr(one)) % Decimal(repr(two))
    return int(rest) if isinstance(one, int) and isinstance(two, int) else float(rest)


sql_function("mod", 2)(_mod)


@sql_function("ec_div", 2)
def _div(number: Value, divisor: Value) -> int | None:
    one, two = to_number(number), to_number(divisor)
    return None if not two else int(Decimal(repr(one)) / Decimal(repr(two)))


@sql_function("rand", 0, deterministic=False)
def _rand() -> float:
    return random.random()


@sql_function("database", 0)
def _database() -> str:
    return "main"


@sql_function("connection_id", 0)
def _connection_id() -> int:
    return os.getpid()


for _user in ("user", "session_user", "system_user"):
    sql_function(_user, 0)(lambda: "main")


@sql_function("version", 0)
def _version() -> str:
    return f"SQLite {sqlite3.sqlite_version}"
