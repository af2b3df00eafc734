"""Names for rows that nobody types: sortable by the moment they were made, unique by randomness given from outside.

Invariant: within one call the ids sort in the order of the list.
"""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_EPOCH = datetime(2020, 1, 1)
_COUNT_DIGITS = 4
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
MOST_PER_CALL = 32**_COUNT_DIGITS


def row_ids(count: int, moment: datetime, entropy: str) -> list[str]:
    """Return ``count`` ids: microseconds since 2020, running number, ``entropy`` (the caller's randomness).

    Raises ``ValueError`` for more than ``MOST_PER_CALL`` ids or a moment before 2020.
    """
    if count > MOST_PER_CALL:
        raise ValueError("too many ids in one call")
    stamp = _stamp(_microseconds(moment))
    return [f"{stamp}{_PAIRS[position >> 10]}{_PAIRS[position & 1023]}{entropy}" for position in range(count)]


def lane_of(text: str, lanes: int) -> int:
    """Return a stable lane number for a text: the same on every machine, spread evenly over ``lanes``."""
    return zlib.crc32(text.encode()) % lanes


def _microseconds(moment: datetime) -> int:
    micros = (moment - _EPOCH) // timedelta(microseconds=1)
    if micros < 0:
        raise ValueError("ids start in 2020")
    return micros


def _stamp(number: int) -> str:
    """Write a number with eleven digits, two at a time."""
    return _ALPHABET[number >> 50 & 31] + "".join([_PAIRS[number >> shift & 1023] for shift in (40, 30, 20, 10, 0)])
