"""What a receipt takes of its order, and a return of its receipt.

Invariant: on order = Σ max(0, ordered − received − stopped), whatever is received beyond it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from ec_erp.kernel.money import next_share
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.kernel.tax import TaxSplit
from ec_erp.purchasing.types import BoughtOrderLine, ReceivedLine

APPROVED, PART_RECEIVED, RECEIVED, STOPPED = "Approved", "Part Received", "Received", "Stopped"
OPEN_STATUSES = (APPROVED, PART_RECEIVED)
SETTLED, CLOSED = "Settled", "Closed"
RECEIVABLE_STATUSES = (APPROVED, PART_RECEIVED, RECEIVED, SETTLED)
CLOSABLE_STATUSES = (RECEIVED, SETTLED, STOPPED)
NOTHING_RECEIVED, ALL_RECEIVED, OVER_RECEIVED, PART_OVER = (
    "Nothing Received",
    "All Received",
    "Over-Received",
    "Part Over-Received",
)
_HUNDRED = Decimal(100)
_PERCENT_STEP = Decimal("0.01")


def accepted_quantity(qty: Decimal, rejected: Decimal, accepted: Decimal | None) -> Decimal:
    """Return the accepted quantity: as given, else what arrived less what was rejected."""
    return accepted if accepted else max(ZERO, qty - rejected)


def quality_problems(row: int, sku: str, qty: Decimal, accepted: Decimal, rejected: Decimal) -> list[Problem]:
    """Return a problem where accepted and rejected do not add up to what arrived."""
    if accepted < 0 or rejected < 0 or accepted + rejected != qty:
        message = N_("Row {0}: of {1}, {2} arrived, but accepted and rejected add up to {3}")
        return [problem(message, row, sku, qty, accepted + rejected)]
    return []


def receipt_problem(
    row: int, sku: str, qty: Decimal, line: BoughtOrderLine | None, tolerance: Decimal
) -> Problem | None:
    """Return why a row can't be received for its order line (as received so far); tolerance in percent."""
    if line is None or line.sku.casefold() != sku.casefold():
        return problem(N_("Row {0}: {1} is not in the order"), row, sku)
    most = line.qty * (_HUNDRED + tolerance) / _HUNDRED - line.received - line.stopped
    if qty > most:
        message = N_("Row {0}: {1} of {2} are to be received, but only {3} are open")
        return problem(message, row, qty, sku, max(ZERO, most))
    return None


def receive(line: BoughtOrderLine, qty: Decimal) -> tuple[BoughtOrderLine, Decimal]:
    """Receive ``qty`` (negative: a receipt is cancelled); return the line and the change of what is on order."""
    after = replace(line, received=line.received + qty)
    return after, after.open_qty - line.open_qty


def stop(line: BoughtOrderLine) -> tuple[BoughtOrderLine, Decimal]:
    """Stop waiting for the rest of a line; return the line afterwards and the change of what is on order."""
    return replace(line, stopped=line.stopped + line.open_qty), -line.open_qty


def order_status(lines: Sequence[BoughtOrderLine]) -> str:
    """Return the status of a purchase order from its lines."""
    if any(line.open_qty for line in lines):
        return PART_RECEIVED if any(line.received for line in lines) else APPROVED
    return STOPPED if any(line.stopped for line in lines) else RECEIVED


def receipt_state(lines: Sequence[BoughtOrderLine]) -> str:
    """Return how far goods have come: nothing, part, all, stopped, over, or over on some lines and open on others."""
    over = any(line.received > line.qty for line in lines)
    if any(line.open_qty for line in lines):
        if over:
            return PART_OVER
        return PART_RECEIVED if any(line.received for line in lines) else NOTHING_RECEIVED
    if any(line.stopped for line in lines):
        return STOPPED
    return OVER_RECEIVED if over else ALL_RECEIVED


def inspection_problems(row: int, sku: str, rejected: Decimal, reason: str | None) -> list[Problem]:
    """Return a problem where goods are rejected without a reason."""
    if rejected > 0 and not (reason or "").strip():
        return [problem(N_("Row {0}: say why {1} of {2} are rejected"), row, rejected, sku)]
    return []


def received_percent(lines: Sequence[BoughtOrderLine]) -> Decimal:
    """Return how much of an order has come, in percent of the ordered quantity."""
    ordered = sum((line.qty for line in lines), ZERO)
    received = sum((min(line.received, line.qty) for line in lines), ZERO)
    return (_HUNDRED * received / ordered).quantize(_PERCENT_STEP) if ordered else ZERO


def return_problem(row: int, sku: str, qty: Decimal, line: ReceivedLine | None) -> Problem | None:
    """Return why a row can't be sent back for its received line (as returned so far)."""
    if line is None or line.sku.casefold() != sku.casefold():
        return problem(N_("Row {0}: {1} is not in the receipt"), row, sku)
    if qty > line.open_qty:
        message = N_("Row {0}: {1} of {2} are to be sent back, but only {3} were received and not returned yet")
        return problem(message, row, qty, sku, line.open_qty)
    return None


def send_back(line: ReceivedLine, qty: Decimal, currency: str) -> tuple[ReceivedLine, TaxSplit]:
    """Send back ``qty`` of a received line: the line afterwards and the price of this part, as it was bought."""
    net = next_share(line.price.net, line.returned, qty, line.qty, currency)
    tax = next_share(line.price.tax, line.returned, qty, line.qty, currency)
    return replace(line, returned=line.returned + qty), TaxSplit(net, tax, net + tax)


def receipt_status(lines: Sequence[ReceivedLine]) -> str:
    """Return the status of a receipt from what was sent back of its lines."""
    if not any(line.returned for line in lines):
        return "Received"
    return "Returned" if all(line.open_qty == 0 for line in lines) else "Part Returned"
