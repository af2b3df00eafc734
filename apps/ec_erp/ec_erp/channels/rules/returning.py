"""Which delivered line a returned one belongs to when the file does not say.

Invariant: a return is tied only to goods of the same buyer, SKU and price that were delivered before it and not
returned yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ec_erp.channels.types import IncomingLine, OpenDelivery


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
