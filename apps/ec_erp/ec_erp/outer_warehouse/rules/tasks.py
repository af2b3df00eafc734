"""Tasks of outside providers: which may be sent, what a confirmation makes of them: pure.

Invariants: an order is sent again only after the provider has let go of the one before; a cancellation never overtakes its order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.outbox import CANCELLED, DONE, FAILED, MANUAL, OPEN, QUEUED, SENT

OUTBOUND, CANCEL, INBOUND = "Outbound Order", "Cancel", "Inbound Notice"
ACCEPTED, PART, SHORT, CANCELLING = "With Provider", "Part Confirmed", "Short", "Cancelling"
# The provider has it, or may have it.
LIVE = (QUEUED, SENT, FAILED, ACCEPTED, PART, CANCELLING)
__all__ = (
    "ACCEPTED",
    "CANCEL",
    "CANCELLED",
    "CANCELLING",
    "DONE",
    "FAILED",
    "INBOUND",
    "LIVE",
    "MANUAL",
    "OPEN",
    "OUTBOUND",
    "PART",
    "QUEUED",
    "SENT",
    "SHORT",
    "Due",
    "TaskLine",
    "after_answer",
    "after_confirmation",
    "confirmed",
    "in_flight",
    "must_ask",
    "number_for",
    "sendable",
)


@dataclass(frozen=True, slots=True)
class Due:
    """A task that may be due: its name, its kind, the document it is about, the task that it cancels."""

    name: str
    kind: str
    document: str
    cancels: str = ""


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A row of a task: what is asked for, what of it the provider has confirmed."""

    line: str
    sku: str
    qty: Decimal
    confirmed: Decimal = ZERO

    @property
    def left(self) -> Decimal:
        """What the provider has not confirmed."""
        return max(ZERO, self.qty - self.confirmed)


def number_for(order: str, earlier: int) -> str:
    """Return the number under which a provider gets an order: its own, and with -2, -3 … when it is sent anew."""
    return order if not earlier else f"{order}-{earlier + 1}"


def sendable(due: Iterable[Due], cancelling: Collection[str], under_way: Collection[str]) -> list[str]:
    """Return the tasks to send of those that are due, in their order.

    An order waits for its open cancellation (``cancelling`` names the orders), and a cancellation for the answer to the
    message it takes back (``under_way`` names the tasks): what is sent second might arrive first.
    """
    return [task.name for task in due if not _waits(task, cancelling, under_way)]


def _waits(task: Due, cancelling: Collection[str], under_way: Collection[str]) -> bool:
    return task.document in cancelling if task.kind == OUTBOUND else task.cancels in under_way


def must_ask(status: str, tries: int) -> bool:
    """Tell whether a provider has to be asked to let go of an order: it may have heard of it."""
    return status in (SENT, ACCEPTED, PART) or (status in (QUEUED, FAILED) and tries > 0)


def after_answer(kind: str, status: str) -> str:
    """Return the state of a task that the provider took; one that is being cancelled meanwhile stays so."""
    if kind == CANCEL:
        return DONE
    return ACCEPTED if status == SENT else status


def confirmed(lines: Sequence[TaskLine], quantities: Mapping[str, Decimal]) -> list[TaskLine]:
    """Spread confirmed quantities (by SKU) over a task's rows; what is too much stands on the SKU's last row."""
    left = dict(quantities)
    after = []
    for line in lines:
        used = min(line.left, left.get(line.sku, ZERO))
        left[line.sku] = left.get(line.sku, ZERO) - used
        after.append(replace(line, confirmed=line.confirmed + used))
    last = {line.sku: at for at, line in enumerate(after)}
    for sku, qty in left.items():
        if qty and sku in last:
            after[last[sku]] = replace(after[last[sku]], confirmed=after[last[sku]].confirmed + qty)
    return after


def after_confirmation(lines: Iterable[TaskLine], *, final: bool) -> str:
    """Return the state of a task after a confirmation: done, more to come, or short where the provider sends no more."""
    if all(line.left == ZERO for line in lines):
        return DONE
    return SHORT if final else PART


def in_flight(lines: Iterable[TaskLine]) -> dict[str, Decimal]:
    """Return by SKU what tasks ask for that no confirmation has booked yet."""
    quantities: dict[str, Decimal] = {}
    for line in lines:
        if line.left:
            quantities[line.sku] = quantities.get(line.sku, ZERO) + line.left
    return quantities
