"""Counts: what was found, against what the books said at the moment of the scan.

Invariant: after the difference is posted a place holds what was counted plus whatever has moved since the scan.
Worked table: docs/algorithms/counting.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO
from ec_erp.stockroom.types import CountPlace, Moved

DRAFT, TO_COUNT, COUNTING, PART, TO_SETTLE, DONE, CANCELLED = (
    "Draft",
    "To Count",
    "Counting",
    "Part",
    "To Settle",
    "Done",
    "Cancelled",
)
SCANNABLE = (TO_COUNT, COUNTING, PART, TO_SETTLE)


def book_at_scan(place: CountPlace, moment: datetime, now: Decimal, moved: Iterable[Moved]) -> Decimal:
    """Return what the books say a place held at the moment of its scan.

    ``now`` is its quantity at present, ``moved`` are movements by event time: those after the scan are taken back, so a document
    that is recorded late but happened before the scan counts as it should.
    """
    return now - sum((move.qty for move in moved if move.place == place and move.moment > moment), ZERO)


def taken_before(moment: datetime, taken: Iterable[tuple[Decimal, datetime]]) -> Decimal:
    """Return what had been taken out of a place by the moment of its scan and still belongs to it: it lies in baskets."""
    return sum((qty for qty, since in taken if since <= moment), ZERO)


def variance(counted: Decimal, book: Decimal) -> Decimal:
    """Return what has to be booked: positive where more was found."""
    return counted - book


def pieces_of_variance(variance: Decimal, scanned: Sequence[str], here: Iterable[str]) -> tuple[str, ...]:
    """Return the serial numbers of a difference: those in the books that nobody scanned, or scanned ones that they lack.

    Empty where their number is not that of the difference, because pieces moved since; a person has to say then.
    """
    known = {serial.casefold() for serial in scanned}
    books = {serial.casefold(): serial for serial in here}
    missing = tuple(serial for folded, serial in sorted(books.items()) if folded not in known)
    surplus = tuple(serial for serial in scanned if serial.casefold() not in books)
    pieces = missing if variance < 0 else surplus
    return pieces if len(pieces) == abs(variance) else ()


def status_after(counted: Mapping[CountPlace, bool], *, resting: bool) -> str:
    """Return a count's status from which places are counted; ``resting`` says that nobody is counting at the moment."""
    if counted and all(counted.values()):
        return TO_SETTLE
    if not any(counted.values()):
        return TO_COUNT
    return PART if resting else COUNTING
