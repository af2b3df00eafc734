"""The scan check: every unit is scanned; a wrong or surplus one stops.

Invariant: no line is ever checked beyond its quantity, and a scan that stops changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from ec_erp.fulfilment.types import CheckLine, Scanned
from ec_erp.inventory.types import HELD_BACK, IN_STOCK, Piece
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, Problem, problem

OK, DONE, WRONG, SURPLUS, WRONG_BATCH = "ok", "done", "wrong", "surplus", "wrong batch"


def check_scan(lines: Sequence[CheckLine], sku: str, qty: Decimal, batch: str = "") -> Scanned:
    """Count ``qty`` scanned units of a SKU (of a batch, where that was scanned) on the lines that still want them.

    Lines of the batch come before lines without one; these take the batch that is scanned first.
    """
    own = [line for line in lines if line.sku.casefold() == sku.casefold()]
    if not own:
        return Scanned(WRONG, tuple(lines))
    if batch:
        own = [line for line in own if line.batch == batch] + [line for line in own if not line.batch]
        if not own:
            return Scanned(WRONG_BATCH, tuple(lines))
    if qty <= 0 or qty > sum((line.left for line in own), ZERO):
        return Scanned(SURPLUS, tuple(lines))
    left, counted = qty, {}
    for line in own:
        used = min(left, line.left)
        if used > 0:
            counted[line.line] = replace(line, checked=line.checked + used, batch=line.batch or batch)
            left -= used
    after = tuple(counted.get(line.line, line) for line in lines)
    return Scanned(DONE if is_complete(after) else OK, after)


def batches_wanted(lines: Sequence[CheckLine], sku: str) -> list[str]:
    """Return the batches of a SKU that are still to be scanned."""
    return sorted(
        {line.batch for line in lines if line.sku.casefold() == sku.casefold() and line.left > 0 and line.batch}
    )


def is_complete(lines: Sequence[CheckLine]) -> bool:
    """Tell whether nothing is left to scan."""
    return not any(line.left > 0 for line in lines)


def serial_problems(lines: Sequence[CheckLine], serial: str, piece: Piece | None) -> list[Problem]:
    """Return why a piece with a serial number can't go with a delivery."""
    if any(serial.casefold() == known.casefold() for line in lines for known in line.serials):
        return [problem(N_("The serial number {0} was scanned already"), serial)]
    warehouses = {line.warehouse for line in lines if piece is not None and line.sku == piece.sku}
    if piece is not None and piece.status == HELD_BACK:
        return [problem(N_("The serial number {0} is in another delivery already"), serial)]
    if piece is None or piece.status != IN_STOCK or piece.warehouse not in warehouses:
        return [problem(N_("The serial number {0} is not in {1}"), serial, ", ".join(sorted(warehouses)) or "?")]
    return []
