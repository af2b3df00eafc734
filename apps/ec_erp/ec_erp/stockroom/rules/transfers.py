"""The life of a transfer: which status follows, what each piece of the way is worth.

Invariant: sent = received + lost + sent back + on the way, in quantity and in cost. Worked table: docs/algorithms/transfer.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from ec_erp.kernel.money import next_share
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.stockroom.types import TransferLine

DRAFT, APPROVED, OUT, PART_IN, IN, SETTLED, CANCELLED = (
    "Draft",
    "Approved",
    "Out",
    "Part In",
    "In",
    "Settled",
    "Cancelled",
)
ON_THE_WAY = (OUT, PART_IN)
LOSS, BACK = "Loss", "Back"


def status_of(lines: Iterable[TransferLine]) -> str:
    """Return the status of a transfer that was sent: Out, Part In while some is on its way, then In."""
    known = list(lines)
    if not any(line.on_the_way for line in known):
        return IN
    return PART_IN if any(line.received for line in known) else OUT


def receipt_problems(lines: Mapping[str, TransferLine], quantities: Mapping[str, Decimal]) -> list[Problem]:
    """Return what is wrong with quantities that are said to have come, by row."""
    found = []
    for name, qty in quantities.items():
        line = lines.get(name)
        if line is None:
            found.append(problem(N_("The transfer has no row {0}"), name))
        elif qty < 0 or qty > line.on_the_way:
            found.append(problem(N_("{0}: {1} are on their way, not {2}"), line.sku, line.on_the_way, qty))
    return found


def worth(line: TransferLine, qty: Decimal, currency: str) -> Decimal:
    """Return what the next ``qty`` pieces that leave the way are worth; the last ones take what is left."""
    return next_share(line.cost, line.settled, qty, line.sent, currency)


def received(line: TransferLine, qty: Decimal) -> TransferLine:
    """Return the line after pieces have come."""
    return replace(line, received=line.received + qty)


def closed(line: TransferLine, how: str) -> TransferLine:
    """Return the line after what is on its way was given up (Loss) or went back (Back)."""
    if how == BACK:
        return replace(line, back=line.back + line.on_the_way)
    return replace(line, lost=line.lost + line.on_the_way)


def is_whole(lines: Iterable[TransferLine]) -> bool:
    """Tell whether nothing is on its way."""
    return all(line.on_the_way == ZERO for line in lines)
