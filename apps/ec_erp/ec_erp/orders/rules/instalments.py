"""What is paid later, and when: the instalments of an order on account: pure.

Invariants: the instalments of an order add up to what is due of it, to the cent; what was paid goes to the oldest ones first, and none
has more than it asks for. Worked tables: docs/algorithms/instalments.md.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from ec_erp.kernel.money import split_amount
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.orders.rules.cycles import PERIODS, Rhythm

ORDER, SHIPMENT, MONTH_END = "Order", "Shipment", "End of Month"
BASES = (ORDER, SHIPMENT, MONTH_END)
PLANNED, OPEN, PART_PAID, PAID, CANCELLED = "Planned", "Unpaid", "Part Paid", "Paid", "Cancelled"
MOST_PARTS = 120
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class TermsRow:
    """A row of payment terms: so many percent of the order, due so many days after the order, the shipment or the month's end."""

    percent: Decimal
    days: int = 0
    base: str = ORDER


@dataclass(frozen=True, slots=True)
class Instalment:
    """A part of what is paid later. Without a day it is due ``days`` after the shipment that has not been yet."""

    number: int
    due: date | None
    amount: Decimal
    paid: Decimal = ZERO
    days: int = 0

    @property
    def outstanding(self) -> Decimal:
        """What is still to be paid of it."""
        return self.amount - self.paid

    @property
    def state(self) -> str:
        """How far it is paid."""
        if self.outstanding <= 0:
            return PAID
        return PART_PAID if self.paid > 0 else OPEN


def terms_problems(rows: Sequence[TermsRow]) -> list[Problem]:
    """Return what is wrong with payment terms."""
    total = sum((row.percent for row in rows), ZERO)
    found = [problem(N_("The shares come to {0} %, not to 100 %"), total)] if total != _HUNDRED else []
    if any(row.percent <= 0 for row in rows):
        found.append(problem(N_("A share is more than 0 %")))
    if any(row.days < 0 for row in rows):
        found.append(problem(N_("The days until a payment are not negative")))
    return found


def parts_problems(parts: int, every: int, period: str) -> list[Problem]:
    """Return what is wrong with equal parts."""
    found = []
    if not 2 <= parts <= MOST_PARTS:
        found.append(problem(N_("An order is paid in 2 to {0} instalments"), MOST_PARTS))
    if every < 1 or period not in PERIODS:
        found.append(problem(N_("Say how many days, weeks or months lie between two instalments")))
    return found


def by_terms(
    total: Decimal, rows: Sequence[TermsRow], ordered: date, shipped: date | None, currency: str
) -> list[Instalment]:
    """Return the instalments of a total by payment terms; those after a shipment that has not been yet have no day."""
    amounts = split_amount(total, [row.percent for row in rows], currency)
    return [
        Instalment(at, due_day(row.base, row.days, ordered, shipped), amount, days=row.days)
        for at, (row, amount) in enumerate(zip(rows, amounts, strict=True), start=1)
        if amount > 0
    ]


def due_day(base: str, days: int, ordered: date, shipped: date | None) -> date | None:
    """Return the day of a payment so many days after the order, its shipment (None: not yet), or the end of the order's month."""
    if base == SHIPMENT:
        return shipped + timedelta(days=days) if shipped else None
    start = ordered.replace(day=monthrange(ordered.year, ordered.month)[1]) if base == MONTH_END else ordered
    return start + timedelta(days=days)


def equal_parts(total: Decimal, parts: int, rhythm: Rhythm, currency: str) -> list[Instalment]:
    """Return a total in equal parts (a cent more in the first ones), the first on the rhythm's second day: one period later."""
    amounts = split_amount(total, [Decimal(1)] * parts, currency)
    return [Instalment(at, rhythm.day(at), amount) for at, amount in enumerate(amounts, start=1) if amount > 0]


def allocate(instalments: Iterable[Instalment], settled: Decimal) -> list[Instalment]:
    """Return the instalments with what was paid of the order in all: the oldest first, those without a day last."""
    paid: dict[int, Decimal] = {}
    known = list(instalments)
    left = max(ZERO, settled)
    for one in sorted(known, key=_age):
        paid[one.number] = min(left, one.amount)
        left -= paid[one.number]
    return [replace(one, paid=paid[one.number]) for one in known]


def _age(one: Instalment) -> tuple[date, int]:
    return one.due or date.max, one.number


def resize(instalments: Sequence[Instalment], total: Decimal) -> list[Instalment]:
    """Return the instalments of an order of which another total is due: the latest ones grow or shrink, to nothing at least."""
    over = sum((one.amount for one in instalments), ZERO) - total
    changed: dict[int, Decimal] = {}
    for one in sorted(instalments, key=_age, reverse=True):
        cut = min(over, one.amount)
        changed[one.number] = one.amount - cut
        over -= cut
    return [replace(one, amount=changed[one.number]) for one in instalments]


def schedule_problems(rows: Sequence[tuple[date | None, Decimal]], total: Decimal) -> list[Problem]:
    """Return what is wrong with instalments (day, amount) that a person has agreed."""
    found = []
    if not rows or any(day is None for day, _ in rows) or any(amount <= 0 for _, amount in rows):
        found.append(problem(N_("Every instalment has a day and an amount")))
    told = sum((amount for _, amount in rows), ZERO)
    if told != total:
        found.append(problem(N_("The instalments come to {0}, the order to {1}"), told, total))
    return found


def state_of(instalments: Sequence[Instalment]) -> str:
    """Return how far an order is paid."""
    if all(one.outstanding <= 0 for one in instalments):
        return PAID
    return PART_PAID if any(one.paid > 0 for one in instalments) else OPEN


def next_due(instalments: Iterable[Instalment]) -> date | None:
    """Return the day of the oldest instalment that is not paid, None where there is none."""
    return min((one.due for one in instalments if one.due and one.outstanding > 0), default=None)


def overdue_days(one: Instalment, today: date) -> int:
    """Return for how many days an instalment has been overdue; 0 where it is not."""
    return max(0, (today - one.due).days) if one.due and one.outstanding > 0 else 0


def less_overdue(before: Iterable[Instalment], after: Iterable[Instalment], today: date) -> bool:
    """Tell whether less is overdue of instalments than was."""
    return _overdue(after, today) < _overdue(before, today)


def _overdue(instalments: Iterable[Instalment], today: date) -> Decimal:
    return sum((one.outstanding for one in instalments if overdue_days(one, today)), ZERO)


def age_class(days: int) -> str:
    """Return the class of an instalment that has been overdue for so many days."""
    if days <= 0:
        return N_("Not Yet Due")
    for most, label in ((30, N_("1–30 Days")), (60, N_("31–60 Days")), (90, N_("61–90 Days"))):
        if days <= most:
            return label
    return N_("Over 90 Days")
