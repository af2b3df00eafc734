"""Hash chains that make a ledger tamper-evident: each entry's hash covers its content and the hash before it.

Invariant: the canonical text of an entry does not depend on how a database gives numbers and moments back.
See docs/algorithms/hash-chain.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from operator import methodcaller
from typing import Any

from ec_erp.kernel.numbers import decimal_of, plain

GENESIS = ""
_SEPARATOR = "\x1f"
_WHOLE = 1e15  # floats below it hold every whole number


def chain_hash(previous: str, fields: Sequence[str], row: Mapping[str, object]) -> str:
    """Return the SHA-256 (hex) of an entry's canonical text, chained to the hash before it (``""`` for the first)."""
    text = _SEPARATOR.join([previous, *[_WRITERS[type(value)](value) for value in map(row.get, fields)]])
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(value: object) -> str:
    """Return one text per value: numbers without trailing zeros, moments in ISO form with microseconds, None as ''."""
    return _WRITERS[type(value)](value)


@lru_cache(maxsize=16_384)
def _of_float(value: float) -> str:
    """Write whole floats, and those whose shortest text has no exponent, without the way through decimals."""
    if value.is_integer() and -_WHOLE < value < _WHOLE:
        return str(int(value))
    text = repr(value)
    return plain(decimal_of(value)) if "e" in text or "n" in text else text.removesuffix(".0")


def _of_any_kind(value: object) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int | float | Decimal):
        return plain(decimal_of(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


class _Writers(dict[type, Callable[[Any], str]]):
    """How values are written, by exact type; whatever else comes goes the long way."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        """Return what writes a value of a type that entries hardly hold."""
        return _of_any_kind


_WRITERS = _Writers(
    {
        type(None): "".format,  # nothing is written for nothing
        str: str,
        int: str,
        float: _of_float,
        datetime: methodcaller("isoformat", " ", "microseconds"),
        date: date.isoformat,
    }
)
