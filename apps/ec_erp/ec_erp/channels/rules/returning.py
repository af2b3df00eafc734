"""Goods that come back: which delivered line a returned one belongs to, and what is still on its way.

Invariants: a return is tied only to goods of the same buyer, SKU and price that were delivered before it and not
returned yet; no more is on its way back than was delivered and has not come back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from ec_erp.channels.types import IncomingLine, OpenDelivery
from ec_erp.kernel.numbers import ZERO


def tie_returns(
    lines: Sequence[IncomingLine], delivered: Sequence[OpenDelivery]
) -> list[tuple[IncomingLine, str | None]]:
    """Return each returned line with the delivered line it belongs to, None where there is none that is large enough.

    ``delivered`` holds open lines of the same buyer, latest first; a line that was returned in part serves again.
    """
    left = list(delivered)
    tied: list[tuple[IncomingLine, str | None]] = []
    for line in lines:
        at = _find(line, left)
        tied.append((line, None if at is None else left[at].line))
        if at is not None:
            left[at] = replace(left[at], open_qty=left[at].open_qty - line.qty)
    return tied


def _find(line: IncomingLine, delivered: Sequence[OpenDelivery]) -> int | None:
    for at, candidate in enumerate(delivered):
        same = candidate.sku.casefold() == line.sku_code.casefold() and candidate.rate == line.rate
        if same and candidate.open_qty >= line.qty:
            return at
    return None


@dataclass(frozen=True, slots=True)
class BackLine:
    """A delivered line that a refund brings back, in stock units; ``items`` of the platform, None for all of it.

    ``origin`` is where it comes from (shop, item), by which its units per item are known.
    """

    line: str
    sku: str
    warehouse: str
    items: Decimal | None
    delivered: Decimal
    returned: Decimal
    origin: Mapping[str, Any] = field(default_factory=dict, compare=False)


def returning(lines: Iterable[BackLine], units: Mapping[str, Decimal]) -> dict[tuple[str, str], Decimal]:
    """Return what is on its way back by (SKU, warehouse); ``units`` are stock units per item by line.

    Several refunds of a line add up, but to no more than was delivered.
    """
    wanted: dict[str, Decimal] = {}
    known: dict[str, BackLine] = {}
    for line in lines:
        asked = line.delivered if line.items is None else line.items * units.get(line.line, Decimal(1))
        wanted[line.line] = min(line.delivered, wanted.get(line.line, ZERO) + asked)
        known[line.line] = line
    found: dict[tuple[str, str], Decimal] = {}
    for name, line in known.items():
        at = (line.sku, line.warehouse)
        found[at] = found.get(at, ZERO) + max(ZERO, wanted[name] - line.returned)
    return {at: qty for at, qty in found.items() if qty}
