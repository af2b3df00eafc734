"""Finding the line of an earlier document that a row of a later one is about.

Invariant: a row is only ever matched with a line of its own SKU.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Protocol, TypeVar

from ec_erp.kernel.numbers import ZERO


class OpenLine(Protocol):
    """A line of an order, delivery or receipt of which something may be left."""

    @property
    def line(self) -> str:
        """Its name."""

    @property
    def sku(self) -> str:
        """Its SKU."""

    @property
    def open_qty(self) -> Decimal:
        """What is left of it."""


Open = TypeVar("Open", bound=OpenLine)


def match_line(sku: str, qty: Decimal, lines: Iterable[Open], used: Mapping[str, Decimal]) -> Open | None:
    """Return the line that a row of this SKU belongs to: the first with enough left, else the one with most left.

    ``used`` says what other rows of the same document take of each line already.
    """
    same = [line for line in lines if line.sku.casefold() == sku.casefold()]
    if not same:
        return None
    left = {line.line: line.open_qty - used.get(line.line, ZERO) for line in same}
    enough = [line for line in same if left[line.line] >= qty]
    return enough[0] if enough else max(same, key=lambda line: left[line.line])
