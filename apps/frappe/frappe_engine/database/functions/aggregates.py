"""Aggregates: spread of numbers, joined texts, bits."""

from __future__ import annotations

import math
from collections.abc import Callable

from frappe_engine.database.functions.numbers import to_number
from frappe_engine.database.functions.registry import Value, sql_aggregate
from frappe_engine.database.functions.text import as_text


class Spread:
    """Collects the numbers that are not NULL; what it gives is up to the classes below."""

    sample = False
    root = True

    def __init__(self) -> None:
        self.values: list[float] = []

    def step(self, value: Value) -> None:
        """Take one value."""
        if value is not None:
            self.values.append(float(to_number(value)))

    def finalize(self) -> float | None:
        """Give variance or deviation; NULL without enough values."""
        count = len(self.values) - (1 if self.sample else 0)
        if count < 1:
            return None
        mean = math.fsum(self.values) / len(self.values)
        variance = math.fsum((value - mean) ** 2 for value in self.values) / count
        return math.sqrt(variance) if self.root else variance


class SampleDeviation(Spread):
    """The deviation of a sample."""

    sample = True


class Variance(Spread):
    """The variance of all values."""

    root = False


class SampleVariance(Variance):
    """The variance of a sample."""

    sample = True


class GroupConcat:
    """`GROUP_CONCAT([DISTINCT] value ORDER BY key …)`: separator, distinct, value, then key and direction in turn."""

    def __init__(self) -> None:
        self.separator = ","
        self.distinct = False
        self.items: list[tuple[str, tuple[tuple[Value, bool], ...]]] = []

    def step(self, separator: str, distinct: int, value: Value, *keys: Value) -> None:
        """Take one value with its keys."""
        self.separator, self.distinct = separator, bool(distinct)
        if value is not None:
            pairs = tuple((key, bool(down)) for key, down in zip(keys[::2], keys[1::2], strict=True))
            self.items.append((as_text(value), pairs))

    def finalize(self) -> str | None:
        """Give the joined text; NULL without values."""
        for position in reversed(range(len(self.items[0][1]) if self.items else 0)):
            self.items.sort(key=lambda item: _sort_key(item[1][position][0]), reverse=self.items[0][1][position][1])
        texts = [text for text, _keys in self.items]
        if self.distinct:
            texts = list({text.lower(): text for text in reversed(texts)}.values())[::-1]
        return self.separator.join(texts) if texts else None


def _sort_key(value: Value) -> tuple[int, float, str]:
    if value is None:
        return (0, 0.0, "")
    return (1, float(value), "") if isinstance(value, (int, float)) else (2, 0.0, str(value).lower())


def _bits(start: int, join: Callable[[int, int], int]) -> type:
    class Bits:
        """Joins the bits of all values."""

        def __init__(self) -> None:
            self.value = start

        def step(self, value: Value) -> None:
            """Take one value."""
            if value is not None:
                self.value = join(self.value, int(to_number(value)))

        def finalize(self) -> int:
            """Give the result."""
            return self.value

    return Bits


for _name in ("std", "stddev", "stddev_pop"):
    sql_aggregate(_name, 1, Spread)
sql_aggregate("stddev_samp", 1, SampleDeviation)
for _name in ("variance", "var_pop"):
    sql_aggregate(_name, 1, Variance)
sql_aggregate("var_samp", 1, SampleVariance)
sql_aggregate("ec_group_concat", -1, GroupConcat)
sql_aggregate("bit_or", 1, _bits(0, int.__or__))
sql_aggregate("bit_and", 1, _bits(-1, int.__and__))
sql_aggregate("bit_xor", 1, _bits(0, int.__xor__))
