"""Orders that are delivered in several turns: when each is due, what goes with it, what it is worth: pure.

Invariants: every unit and every cent of the order belongs to exactly one share, every share to exactly one turn that is not skipped; a
turn that was made stays. Worked tables: docs/algorithms/periodic-delivery.md.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.orders.rules.splitting import Part, Share, SplitLine

DAYS, WEEKS, MONTHS = "Days", "Weeks", "Months"
PERIODS = (DAYS, WEEKS, MONTHS)
PLANNED, MADE, SKIPPED, STOPPED = "Planned", "Made", "Skipped", "Stopped"
ACTIVE, DONE = "Active", "Done"
MOST_TURNS = 366
_FINEST = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When an order is delivered: from ``first`` on every so many days, weeks or months, so many times."""

    first: date
    every: int
    period: str
    times: int

    def day(self, at: int) -> date:
        """Return the day of a turn (0: the first); a day that its month lacks is the month's last one."""
        if self.period != MONTHS:
            return self.first + timedelta(days=at * self.every * (7 if self.period == WEEKS else 1))
        months = self.first.year * 12 + self.first.month - 1 + at * self.every
        year, month = divmod(months, 12)
        return date(year, month + 1, min(self.first.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Turn:
    """One delivery of a cycle: its number, which share of the order goes with it, when it is due, and what became of it."""

    number: int
    share: int
    due: date
    state: str = PLANNED


def rhythm_problems(rhythm: Rhythm, lead_days: int) -> list[Problem]:
    """Return what is wrong with when an order is to be delivered."""
    found = []
    if not 2 <= rhythm.times <= MOST_TURNS:
        found.append(problem(N_("A periodic order is delivered 2 to {0} times"), MOST_TURNS))
    if rhythm.every < 1:
        found.append(problem(N_("The time between two deliveries is at least 1")))
    if rhythm.period not in PERIODS:
        found.append(problem(N_("{0} is not known"), rhythm.period))
    if lead_days < 0:
        found.append(problem(N_("The days before a delivery are not negative")))
    return found


def share_problems(lines: Sequence[SplitLine], times: int) -> list[Problem]:
    """Return the problem of an order with too few units for so many deliveries."""
    most = max((_most_parts(line) for line in lines), default=0)
    message = N_("The order has {0} units at most of a line: too few for {1} deliveries")
    return [problem(message, most, times)] if most < times else []


def _most_parts(line: SplitLine) -> int:
    return int(line.qty if line.whole_units else line.qty / _FINEST)


def turns_of(rhythm: Rhythm) -> list[Turn]:
    """Return the turns of an order, the first one first."""
    return [Turn(at + 1, at, rhythm.day(at)) for at in range(rhythm.times)]


def quantities(line: SplitLine, times: int) -> list[Decimal]:
    """Return how much of a line goes with each share: evenly, what cannot be shared with the first ones."""
    unit = Decimal(1) if line.whole_units and line.qty == int(line.qty) else _FINEST
    units = int(line.qty / unit)
    each, more = divmod(units, times)
    found = [(each + (1 if at < more else 0)) * unit for at in range(times)]
    found[0] += line.qty - units * unit
    return found


def parts_of(lines: Sequence[SplitLine], times: int) -> list[Part]:
    """Return what goes with each share."""
    spread = {line.line: quantities(line, times) for line in lines}
    return [
        tuple(Share(line.line, spread[line.line][at]) for line in lines if spread[line.line][at] > 0)
        for at in range(times)
    ]


def amounts_of(total: Decimal, paid: Iterable[Sequence[Decimal]], times: int) -> list[Decimal]:
    """Return what each share is worth: its part of each line's ``paid``; fee and charges go with the first one."""
    amounts = [sum(column, ZERO) for column in zip(*paid, strict=True)] or [ZERO] * times
    amounts[0] += total - sum(amounts, ZERO)
    return amounts


def due_turns(turns: Iterable[Turn], today: date, lead_days: int) -> list[Turn]:
    """Return the turns that are to be made today or were before."""
    return [turn for turn in turns if turn.state == PLANNED and turn.due - timedelta(days=lead_days) <= today]


def skip(turns: Sequence[Turn], number: int, rhythm: Rhythm) -> list[Turn]:
    """Return the turns when one is left out: its share goes with a new one at the end, on the next day of the rhythm."""
    last = max(turn.due for turn in turns)
    at = len(turns)
    while rhythm.day(at) <= last:
        at += 1
    (gone,) = [turn for turn in turns if turn.number == number]
    kept = [replace(turn, state=SKIPPED) if turn == gone else turn for turn in turns]
    return [*kept, Turn(len(turns) + 1, gone.share, rhythm.day(at))]


def postpone(turns: Sequence[Turn], number: int, day: date) -> list[Turn]:
    """Return the turns when one is due on another day; the others keep theirs."""
    return [replace(turn, due=day) if turn.number == number else turn for turn in turns]


def stop(turns: Sequence[Turn]) -> list[Turn]:
    """Return the turns when nothing more is delivered."""
    return [replace(turn, state=STOPPED) if turn.state == PLANNED else turn for turn in turns]


def mark_made(turns: Sequence[Turn], numbers: Iterable[int]) -> list[Turn]:
    """Return the turns when some of them have got their orders."""
    made = set(numbers)
    return [replace(turn, state=MADE) if turn.number in made else turn for turn in turns]


def state_of(turns: Sequence[Turn]) -> str:
    """Return how far a cycle is: active, done, or stopped before its end."""
    states = {turn.state for turn in turns}
    if PLANNED in states:
        return ACTIVE
    return STOPPED if STOPPED in states else DONE


def next_due(turns: Iterable[Turn]) -> date | None:
    """Return the day of the next delivery, None where there is none."""
    return min((turn.due for turn in turns if turn.state == PLANNED), default=None)


def turn_problems(
    turns: Sequence[Turn], number: int, day: date | None = None, today: date | None = None
) -> list[Problem]:
    """Return why a turn may not be skipped, or be postponed to a ``day``."""
    found = [turn for turn in turns if turn.number == number]
    if not found:
        return [problem(N_("The order has no delivery number {0}"), number)]
    if found[0].state != PLANNED:
        return [problem(N_("The delivery {0} is not planned any more"), number)]
    if day and today and day < today:
        return [problem(N_("The day {0} is over"), day)]
    return []
