"""Delivery appointments: room at the docks, what of orders may be announced, and who came when.

Invariant: a slot never holds more deliveries or cartons than it has room for, unless somebody chose to be warned only; of an order
no more is announced than is open, however many appointments there are. Worked tables: docs/algorithms/dock-slots.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.purchasing.types import (
    AppointedLine,
    AppointmentKept,
    BoughtOrderLine,
    DockException,
    DockLoad,
    DockSlot,
    FreeSlot,
    Punctuality,
)

DRAFT, WAITING, CONFIRMED, REJECTED, RECEIVED = "Draft", "Waiting", "Confirmed", "Rejected", "Received"
HOLDING = (WAITING, CONFIRMED, RECEIVED)  # states in which an appointment takes up room at its dock
EXPECTED = (WAITING, CONFIRMED)  # states in which its goods are still to come
OPEN_DAY = "Deliveries Taken"  # the kind of exception that opens docks; the other one closes them
ON_TIME, LATE, NO_SHOW = "On Time", "Late", "No-Show"
LOOK_AHEAD_DAYS, MOST_TOLD = 14, 5
_NO_LOAD = DockLoad(0, ZERO)
_HUNDRED = Decimal(100)
_LAST_MOMENT = time(23, 59, 59)


def window_of(day: date, begins: time | None, ends: time | None) -> tuple[datetime, datetime]:
    """Return first and last moment of an appointment: its window, or the whole day where it has none."""
    return datetime.combine(day, begins or time()), datetime.combine(day, ends or _LAST_MOMENT)


def window_problem(row: str, begins: time | None, ends: time | None) -> Problem | None:
    """Return a problem where a window ends before it begins; ``row`` names whose window it is."""
    if begins and ends and ends <= begins:
        return problem(N_("{0} ends before it begins"), row)
    return None


def exception_on(exceptions: Iterable[DockException], day: date, slot: str | None) -> DockException | None:
    """Return what holds for a slot (None: for the warehouse as a whole) on a day, None where its weekday decides.

    What is said of the slot alone comes before what is said of all; of two that disagree, closed holds.
    """
    there = [one for one in exceptions if one.first <= day <= one.last and one.slot in (None, slot)]
    return min(there, key=lambda one: (one.slot is None, one.is_open), default=None)


def is_open(slot: DockSlot, day: date) -> bool:
    """Tell whether a slot takes deliveries on a day: as an exception says, else as its weekday does."""
    found = exception_on(slot.exceptions, day, slot.name)
    return found.is_open if found else day.weekday() in slot.weekdays


def closed_problem(
    exceptions: Iterable[DockException], name: str, day: date, slot: str | None, free: Iterable[FreeSlot]
) -> Problem | None:
    """Return why nothing is taken on a day that was closed by date; ``name`` is what is told of the slot or warehouse."""
    found = exception_on(exceptions, day, slot)
    if found is None or found.is_open:
        return None
    return problem(N_("{0} is closed on {1} ({2}). Free: {3}"), name, day, found.reason, told(free) or "–")


def has_room(slot: DockSlot, day: date, cartons: Decimal, load: DockLoad) -> bool:
    """Tell whether a slot is open on a day and takes one more delivery of so many cartons; bounds of zero do not matter."""
    if not is_open(slot, day):
        return False
    fits_one_more = not slot.most_deliveries or load.deliveries < slot.most_deliveries
    return fits_one_more and (not slot.most_cartons or load.cartons + cartons <= slot.most_cartons)


def booking_problem(
    slot: DockSlot,
    day: date,
    cartons: Decimal,
    loads: Mapping[tuple[str, date], DockLoad],
    others: Iterable[DockSlot],
) -> Problem | None:
    """Return why a slot can't be booked, naming the next free ones; None where there is room."""
    load = loads.get((slot.name, day), _NO_LOAD)
    if has_room(slot, day, cartons, load):
        return None
    free = told(free_slots(others, day, cartons, loads)) or "–"
    if not is_open(slot, day):
        return problem(N_("{0} is closed on {1}. Free: {2}"), slot.name, day, free)
    message = N_("{0} on {1} is full: {2} of {3} deliveries, {4} of {5} cartons, and {6} more are to come. Free: {7}")
    most = (slot.most_deliveries or "∞", slot.most_cartons or "∞")
    return problem(message, slot.name, day, load.deliveries, most[0], load.cartons, most[1], cartons, free)


def with_one_more(load: DockLoad | None, cartons: Decimal) -> DockLoad:
    """Return what is booked after one more delivery of so many cartons."""
    before = load or _NO_LOAD
    return DockLoad(before.deliveries + 1, before.cartons + cartons)


def free_slots(
    slots: Iterable[DockSlot], first: date, cartons: Decimal, loads: Mapping[tuple[str, date], DockLoad]
) -> list[FreeSlot]:
    """Return the next slots with room, from a day on, earliest first: at most `MOST_TOLD` within `LOOK_AHEAD_DAYS`."""
    by_time = sorted(slots, key=lambda slot: (slot.begins, slot.name))
    found: list[FreeSlot] = []
    for day in (first + timedelta(days=ahead) for ahead in range(LOOK_AHEAD_DAYS)):
        for slot in by_time:
            load = loads.get((slot.name, day), _NO_LOAD)
            if has_room(slot, day, cartons, load):
                left = slot.most_deliveries - load.deliveries if slot.most_deliveries else None
                found.append(FreeSlot(slot, day, left))
        if len(found) >= MOST_TOLD:
            break
    return found[:MOST_TOLD]


def told(free: Iterable[FreeSlot]) -> str:
    """Return free slots as text: day and window."""
    return ", ".join(f"{one.day} {one.slot.begins:%H:%M}–{one.slot.ends:%H:%M}" for one in free)


def line_problem(
    row: int, sku: str, qty: Decimal, line: BoughtOrderLine | None, announced: Decimal, tolerance: Decimal
) -> Problem | None:
    """Return why a row can't be announced for an order's line, of which ``announced`` is expected by other appointments.

    ``tolerance`` is how much more than ordered a company receives, in percent.
    """
    if line is None or line.sku.casefold() != sku.casefold():
        return problem(N_("Row {0}: {1} is not in the purchase order"), row, sku)
    if qty <= 0:
        return problem(N_("Row {0}: the quantity of {1} must be above zero"), row, sku)
    most = line.open_qty + line.qty * tolerance / _HUNDRED - announced
    if qty > most:
        message = N_("Row {0}: {1} of {2} are announced, but only {3} are open and not announced yet")
        return problem(message, row, qty, sku, max(ZERO, line.open_qty - announced))
    return None


def twice(lines: Sequence[tuple[int, str, str]]) -> list[Problem]:
    """Return a problem for each row (number, SKU, order line) whose order line stands in an earlier row already."""
    seen: set[str] = set()
    found = []
    for row, sku, line in lines:
        if line in seen:
            found.append(problem(N_("Row {0}: {1} of this purchase order is listed already"), row, sku))
        seen.add(line)
    return found


def arrival_mark(ends: datetime, arrived: datetime, grace_minutes: int) -> str:
    """Return whether goods came in time: before the window's end and some minutes of grace."""
    return ON_TIME if arrived <= ends + timedelta(minutes=grace_minutes) else LATE


def has_failed_to_come(ends: datetime, now: datetime) -> bool:
    """Tell whether nothing can come in time any more: the day of the appointment is over."""
    return now.date() > ends.date()


def came(lines: Iterable[AppointedLine], quantities: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return what has come of each row, from quantities by order line."""
    return {line.line: quantities.get(line.order_line, ZERO) for line in lines}


def punctuality(kept: Sequence[AppointmentKept]) -> Punctuality:
    """Return how many appointments are over, and how many of them were late or not kept, in percent; None where none is over."""
    over = [one for one in kept if one.arrival in (ON_TIME, LATE, NO_SHOW)]
    return Punctuality(
        appointments=len(over),
        late_percent=_percent(sum(one.arrival == LATE for one in over), len(over)),
        missed_percent=_percent(sum(one.arrival == NO_SHOW for one in over), len(over)),
    )


def _percent(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) * _HUNDRED / whole).quantize(Decimal("0.01")) if whole else None
