"""Writing stock to a shop so that nothing can be sold that is not there: which write is next, and what it keeps: pure.

A shop's **grant** is the most that it could still sell, orders that we have not seen yet included; it is kept for the shop
by quotas. Invariants: before a write that raises what a shop shows, as much more is kept; what is kept falls only when the
shop has confirmed that it shows less, or when every order up to that moment has come in; while an outcome is unknown
nothing else is written. Worked tables and the proof: docs/algorithms/stock-escrow.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from ec_erp.kernel.numbers import ZERO, plain
from ec_erp.kernel.problems import N_, Problem, problem

SHARED, STRICT = "Shared", "Strict"
SET, DELTA, SWAP, READ = "Set Quantity", "Delta", "Compare and Set", "Read"
REFUSES, CLAMPS = "Refuses", "Clamps"
# A write that nobody has answered may still arrive for so long.
LATE = timedelta(minutes=10)
# What is moved between shops only to share better: less than this share of the target is not worth a write.
_WORTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Primitive:
    """How a platform takes stock. ``repeatable``: a write sent again with the same key counts once.

    ``below_zero`` says what becomes of a decrease by more than there is; ``tells``: the answer names what is shown now.
    """

    kind: str = SET
    repeatable: bool = False
    below_zero: str = REFUSES
    reads: bool = False
    tells: bool = False
    skew: timedelta = timedelta(seconds=60)
    stale: timedelta = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Write:
    """One write of a listing's stock in items: ``qty`` is what it is to show then, ``change`` by how much (Delta).

    ``keeps`` is what has to be kept for the shop before it is sent.
    """

    kind: str
    qty: Decimal = ZERO
    change: Decimal = ZERO
    expected: Decimal | None = None
    keeps: Decimal = ZERO
    sent: datetime | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """What is known of one listing at its shop, in items.

    ``shown`` is what the shop showed at ``since``, our later changes included, None where that is not known; ``sold`` what
    orders placed after ``since`` have taken, ``surely_sold`` those of them that no difference of clocks can explain;
    ``returned`` what other orders gave back when they were closed after it. ``settled``: what is kept was brought down to
    what can still be sold. ``uncertain``: a write's outcome is unknown. ``pinned``: the platform lets nobody lower it.
    """

    shown: Decimal | None = None
    since: datetime | None = None
    sold: Decimal = ZERO
    surely_sold: Decimal = ZERO
    returned: Decimal = ZERO
    settled: bool = False
    uncertain: bool = False
    pinned: bool = False
    open: Write | None = None

    @property
    def estimate(self) -> Decimal | None:
        """What the shop shows now as far as orders have come in; None where it is not known."""
        return None if self.shown is None or self.uncertain else max(ZERO, self.shown - self.sold + self.returned)

    @property
    def bound(self) -> Decimal | None:
        """The most that the shop can still sell once all orders up to ``since`` have come in."""
        if self.shown is None or self.uncertain:
            return None
        return max(ZERO, self.shown - self.surely_sold + self.returned)


@dataclass(frozen=True, slots=True)
class Step:
    """What to do for a listing now: a write, or none, and why; ``lost``: the open write's outcome is to be taken as unknown;
    ``again``: it is sent once more as it was; ``stuck``: a person has to help.
    """

    write: Write | None = None
    why: tuple[Problem, ...] = ()
    lost: bool = False
    again: bool = False
    stuck: bool = False


def is_stale(primitive: Primitive, complete_until: datetime | None, now: datetime) -> bool:
    """Tell whether too many orders of a shop may not have come in for it to get more."""
    return complete_until is None or complete_until < now - primitive.stale


def may_settle(primitive: Primitive, account: Account, complete_until: datetime | None) -> bool:
    """Tell whether every order that was placed before the shop's figure was taken has come in."""
    if account.open is not None or account.estimate is None or account.since is None or complete_until is None:
        return False
    return complete_until > account.since + primitive.skew


def is_worth_it(target: Decimal, estimate: Decimal | None, *, forced: bool) -> bool:
    """Tell whether a better share is worth a write: always where goods are missing, one side is nothing, or a tenth moves."""
    if estimate is None or forced or (target == 0) != (estimate == 0):
        return target != estimate
    return abs(target - estimate) >= max(Decimal(1), (target * _WORTH).to_integral_value(ROUND_CEILING))


def next_step(
    primitive: Primitive,
    account: Account,
    target: Decimal,
    room: Decimal,
    *,
    complete_until: datetime | None,
    now: datetime,
) -> Step:
    """Return what to do so that the shop comes to show ``target`` items; ``room`` is how many more can be kept for it."""
    if account.open is not None:
        return _while_open(primitive, account.open, now)
    estimate = account.estimate
    if estimate is None:
        return _find_out(primitive, now)
    stale = is_stale(primitive, complete_until, now)
    if primitive.kind == SET and not account.settled and target > 0:
        return Step(why=(problem(N_("Waits until the orders placed before the last write have come in")),))
    if target > estimate:
        if stale:
            return Step(why=(problem(N_("Not raised: it is not known whether all orders of the shop have come in")),))
        return _raise(primitive, estimate, target, room, now)
    if target < estimate:
        return _lower(primitive, account, estimate, target, room, now)
    return Step()


def _while_open(primitive: Primitive, write: Write, now: datetime) -> Step:
    if write.sent is not None and write.sent >= now - LATE:
        return Step(why=(problem(N_("Waits for the answer to the last write")),))
    if primitive.repeatable or write.kind == READ:
        return Step(
            replace(write, sent=now), (problem(N_("Nobody has answered: sent again with the same key")),), again=True
        )
    return Step(lost=True, why=(problem(N_("Nobody has answered: what the shop shows is not known")),))


def _find_out(primitive: Primitive, now: datetime) -> Step:
    if primitive.reads:
        return Step(Write(READ, sent=now), (problem(N_("Asks first what the shop shows")),))
    if primitive.kind == SET:
        return Step(
            Write(SET, sent=now), (problem(N_("Shows nothing first, for it is not known what the shop shows")),)
        )
    return Step(why=(problem(N_("It is not known what the shop shows, and the platform cannot be asked")),), stuck=True)


def _raise(primitive: Primitive, estimate: Decimal, target: Decimal, room: Decimal, now: datetime) -> Step:
    if primitive.kind == SET:
        return _set(estimate, target, room, now)
    change = min(target - estimate, max(ZERO, room)).to_integral_value(ROUND_FLOOR)
    if change <= 0:
        return Step(why=(problem(N_("Not raised: nothing more can be kept for the shop")),))
    return Step(
        Write(primitive.kind, estimate + change, change, _expected(primitive, estimate), change, now),
        (problem(N_("{0} more are kept for the shop first"), plain(change)),),
    )


def _lower(
    primitive: Primitive, account: Account, estimate: Decimal, target: Decimal, room: Decimal, now: datetime
) -> Step:
    if account.pinned:
        return Step(why=(problem(N_("Not lowered: the platform does not allow it now")),))
    if primitive.kind == SET:
        return _set(estimate, target, room, now)
    return Step(
        Write(primitive.kind, target, target - estimate, _expected(primitive, estimate), ZERO, now),
        (problem(N_("{0} are kept for the shop until it has confirmed"), plain(estimate - target)),),
    )


def _set(estimate: Decimal, target: Decimal, room: Decimal, now: datetime) -> Step:
    """Return a plain write: it brings back what was sold and not seen, so all of it is kept beside what is kept already."""
    if target <= 0:
        return Step(Write(SET, sent=now), (problem(N_("Shows nothing")),))
    some = min(target, max(ZERO, room).to_integral_value(ROUND_FLOOR))
    if some > estimate or some == target:
        why = N_("{0} are kept beside what the shop may have sold already")
        return Step(Write(SET, some, keeps=some, sent=now), (problem(why, plain(some)),))
    if target < estimate:
        why = N_("Shows nothing first: there is no room to write {0} safely")
        return Step(Write(SET, sent=now), (problem(why, plain(target)),))
    return Step(why=(problem(N_("Not raised: nothing more can be kept for the shop")),))


def _expected(primitive: Primitive, estimate: Decimal) -> Decimal | None:
    return estimate if primitive.kind == SWAP else None


OK, MISMATCH, REFUSED, UNKNOWN = "OK", "Mismatch", "Refused", "Unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a shop said of a write: how it went, and what it shows (None where it did not say)."""

    outcome: str
    shown: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """An account after an answer, and how many items need not be kept any more."""

    account: Account
    frees: Decimal = ZERO


def answered(primitive: Primitive, account: Account, answer: Answer, now: datetime) -> Answered:
    """Return the account after the answer to its open write. Without an open write nothing changes."""
    write = account.open
    if write is None:
        return Answered(account)
    after = replace(account, open=None)
    if answer.outcome == UNKNOWN:
        return Answered(_unanswered(primitive, account, write))
    if answer.outcome == OK:
        return _went_well(primitive, after, write, answer, now)
    frees = write.keeps  # it was not done: what was kept for it is not needed
    if answer.shown is not None:
        return Answered(_known(after, answer.shown, now), frees)
    return Answered(_unsure(after) if answer.outcome == MISMATCH or _needs_look(primitive, write) else after, frees)


def _unanswered(primitive: Primitive, account: Account, write: Write) -> Account:
    """Return the account whose write was not answered: repeated at once, or open until it can't arrive any more."""
    if write.kind == READ:
        return _unsure(replace(account, open=None))
    return replace(account, open=replace(write, sent=None)) if primitive.repeatable else account


def lost(account: Account) -> Account:
    """Return the account after its open write was given up: what the shop shows is not known."""
    return _unsure(replace(account, open=None))


def _went_well(primitive: Primitive, after: Account, write: Write, answer: Answer, now: datetime) -> Answered:
    if write.kind in (SET, SWAP):
        frees = max(ZERO, -write.change) if write.kind == SWAP else ZERO
        return Answered(_known(after, write.qty, now), frees)
    if write.kind == READ:
        return Answered(_known(after, answer.shown, now) if answer.shown is not None else _unsure(after))
    if write.change < 0 and primitive.below_zero == CLAMPS:  # how much it fell by is known only by what it shows now
        return Answered(_known(after, answer.shown, now) if answer.shown is not None else _unsure(after))
    shown = (after.shown or ZERO) + write.change
    return Answered(replace(after, shown=shown, settled=False), max(ZERO, -write.change))


def _needs_look(primitive: Primitive, write: Write) -> bool:
    return write.kind == READ or (primitive.reads and write.change < 0)


def _known(account: Account, shown: Decimal, now: datetime) -> Account:
    return replace(
        account, shown=shown, since=now, sold=ZERO, surely_sold=ZERO, returned=ZERO, settled=False, uncertain=False
    )


def _unsure(account: Account) -> Account:
    return replace(account, uncertain=True, settled=False)
