"""The states of a sales order, the events that lead from one to the next, and what each event asks for.

Invariant: every change of status goes through ``next_status``; what the table does not have does not happen, and no
event happens while one of its guards does not hold. Progress and blocks are not states: an order with a block keeps
its status and does not move on. Worked table: docs/algorithms/order-machine.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ec_erp.kernel.problems import N_
from ec_erp.kernel.values import quickly_made
from ec_erp.orders.types import GuardFacts, ShopTerms

DRAFT = "Draft"
UNPAID = "Unpaid"
TO_PROCESS = "To Process"
PREORDER = "Preorder"
TO_AUDIT = "To Audit"
TO_FINANCE_AUDIT = "To Finance Audit"
AUDITED = "Audited"
TO_SHIP = "To Ship"
PICKING = "Picking"
PACKED = "Packed"
SHIPPED = "Shipped"
DONE = "Done"
CANCELLED = "Cancelled"
MERGED = "Merged"
SPLIT = "Split"

# Before the pipeline has decided; waiting for a person or stock; in the hands of the warehouse; at an end.
WAITING = (UNPAID, PREORDER)
PREPARING = (TO_PROCESS, TO_AUDIT, TO_FINANCE_AUDIT, AUDITED)
RELEASED = (TO_SHIP, PICKING, PACKED)
LIVE = (*WAITING, *PREPARING, *RELEASED)
ENDED = (DONE, CANCELLED, MERGED, SPLIT)

ACCEPT = "accept"
PAY = "pay"
DEPOSIT = "take the deposit"
POSTPONE = "postpone"
RELEASE = "release the preorder"
PREPARE = "prepare"
AUDIT = "audit"
PASS_TO_FINANCE = "pass to finance"
FINANCE_AUDIT = "finance audit"
REPROCESS = "process again"
ALLOCATE = "allocate"
PICK = "pick"
UNPICK = "stop picking"
PACK = "pack"
UNPACK = "unpack"
RECALL = "recall"
DELIVER_PART = "deliver a part"
DELIVER_ALL = "deliver the rest"
TAKE_BACK = "cancel a delivery"
FINISH = "finish"
CANCEL = "cancel"
MERGE = "merge"
UNMERGE = "undo the merge"
SPLIT_UP = "split"
UNSPLIT = "undo the split"


@dataclass(frozen=True, slots=True)
class Guard:
    """What must hold before an event: a test of the facts, and what a person reads where it fails."""

    holds: Callable[[GuardFacts], bool]
    message: str


UNBLOCKED = Guard(lambda facts: not facts.blocking, N_("it is blocked: {0}"))
PAID = Guard(lambda facts: facts.paid, N_("it is not paid"))
DEPOSIT_PAID = Guard(lambda facts: facts.deposit_paid, N_("its deposit is not paid"))
ARRIVED = Guard(lambda facts: facts.presale_ready, N_("its presale goods are not released"))
PRESALE = Guard(lambda facts: facts.presale, N_("it has no presale goods"))
WINDOW_OVER = Guard(lambda facts: not facts.held, N_("it waits until {1}"))
MAPPED = Guard(lambda facts: facts.mapped, N_("some of its lines have no SKU"))
SOURCED = Guard(lambda facts: facts.sourced, N_("it has no warehouse"))
CARRIED = Guard(lambda facts: facts.carried, N_("it has no carrier"))
STOCKED = Guard(lambda facts: facts.stocked, N_("stock is short for some lines"))
HELD_STOCK = Guard(lambda facts: facts.reserved, N_("stock is not put aside for all lines"))
NO_FINANCE = Guard(lambda facts: not facts.finance_audit, N_("it needs a finance audit"))
FINANCE = Guard(lambda facts: facts.finance_audit, N_("it needs no finance audit"))
UNSHIPPED = Guard(lambda facts: not facts.shipped, N_("it has been delivered; cancel its deliveries first"))
UNSEALED = Guard(lambda facts: not facts.sealed, N_("it is sealed"))
NO_OPEN_CASE = Guard(lambda facts: not facts.open_case, N_("a case about it is open"))

_READY = (UNBLOCKED, PAID, MAPPED, SOURCED, CARRIED, STOCKED)


@dataclass(frozen=True, slots=True)
class Transition:
    """Where an event leads, and its guards."""

    to: str
    guards: tuple[Guard, ...] = ()


def _table() -> Mapping[tuple[str, str], Transition]:
    table = {
        (DRAFT, ACCEPT): Transition(UNPAID),
        (UNPAID, PAY): Transition(TO_PROCESS, (PAID,)),
        (UNPAID, DEPOSIT): Transition(PREORDER, (DEPOSIT_PAID,)),
        (TO_PROCESS, POSTPONE): Transition(PREORDER, (PRESALE,)),
        (PREORDER, RELEASE): Transition(TO_PROCESS, (UNBLOCKED, PAID, ARRIVED)),
        (TO_PROCESS, PREPARE): Transition(TO_AUDIT, (UNBLOCKED, PAID, WINDOW_OVER, MAPPED)),
        (TO_AUDIT, AUDIT): Transition(AUDITED, (*_READY, NO_FINANCE)),
        (TO_AUDIT, PASS_TO_FINANCE): Transition(TO_FINANCE_AUDIT, (*_READY, FINANCE)),
        (TO_FINANCE_AUDIT, FINANCE_AUDIT): Transition(AUDITED, _READY),
        (AUDITED, ALLOCATE): Transition(TO_SHIP, (UNBLOCKED, HELD_STOCK)),
        (TO_SHIP, PICK): Transition(PICKING, (UNBLOCKED,)),
        (PICKING, UNPICK): Transition(TO_SHIP),
        (TO_SHIP, PACK): Transition(PACKED, (UNBLOCKED,)),
        (PICKING, PACK): Transition(PACKED, (UNBLOCKED,)),
        (PACKED, UNPACK): Transition(PICKING),
        (SHIPPED, DELIVER_ALL): Transition(SHIPPED),
        (SHIPPED, TAKE_BACK): Transition(TO_SHIP),
        (DONE, TAKE_BACK): Transition(TO_SHIP),
        (SHIPPED, FINISH): Transition(DONE, (NO_OPEN_CASE,)),
        (MERGED, UNMERGE): Transition(TO_PROCESS),
        (SPLIT, UNSPLIT): Transition(TO_PROCESS),
    }
    for status in (TO_AUDIT, TO_FINANCE_AUDIT, AUDITED):
        table[(status, REPROCESS)] = Transition(TO_PROCESS)
    for status in RELEASED:
        table[(status, DELIVER_PART)] = Transition(TO_SHIP, (UNBLOCKED,))
        table[(status, DELIVER_ALL)] = Transition(SHIPPED, (UNBLOCKED,))
        table[(status, TAKE_BACK)] = Transition(TO_SHIP)
        table[(status, RECALL)] = Transition(TO_AUDIT, (UNSHIPPED,))
    for status in (TO_PROCESS, TO_AUDIT):
        table[(status, MERGE)] = Transition(MERGED, (UNSHIPPED, UNSEALED))
        table[(status, SPLIT_UP)] = Transition(SPLIT, (UNSHIPPED, UNSEALED))
    for status in LIVE:
        table[(status, CANCEL)] = Transition(CANCELLED, (UNSHIPPED,))
    return MappingProxyType(table)


TRANSITIONS = _table()


class NoTransition(ValueError):
    """An event does not exist in a status."""

    def __init__(self, status: str, event: str) -> None:
        """Keep both for the message."""
        super().__init__(f"{event}: {status}")
        self.status = status
        self.event = event


class Held(NoTransition):
    """An event exists, but guards do not hold; ``guards`` names them."""

    def __init__(self, status: str, event: str, guards: tuple[Guard, ...]) -> None:
        """Keep what failed for the message."""
        super().__init__(status, event)
        self.guards = guards


def next_status(status: str, event: str, facts: GuardFacts) -> str:
    """Return the status after an event. Raises ``NoTransition``, or ``Held`` naming every guard that fails."""
    transition = TRANSITIONS.get((status, event))
    if transition is None:
        raise NoTransition(status, event)
    failed = tuple(guard for guard in transition.guards if not guard.holds(facts))
    if failed:
        raise Held(status, event, failed)
    return transition.to


def can(status: str, event: str, facts: GuardFacts) -> bool:
    """Tell whether an event may happen now."""
    transition = TRANSITIONS.get((status, event))
    return transition is not None and all(guard.holds(facts) for guard in transition.guards)


def can_be_shipped(status: str) -> bool:
    """Tell whether goods of an order in this status may leave."""
    return (status, DELIVER_PART) in TRANSITIONS or status == SHIPPED


@quickly_made
@dataclass(frozen=True, slots=True)
class Path:
    """The statuses an order has come through in one go: ``start``, then (event, status) each."""

    start: str
    steps: tuple[tuple[str, str], ...] = field(default=())

    @property
    def status(self) -> str:
        """Where it is now."""
        return self.steps[-1][1] if self.steps else self.start

    def then(self, event: str, facts: GuardFacts) -> Path:
        """Return the path with one more event. Raises as ``next_status`` does."""
        return Path(self.start, (*self.steps, (event, next_status(self.status, event, facts))))


def reserves(status: str, terms: ShopTerms | None) -> bool:
    """Tell whether an order in this status has its stock put aside: when its shop says so, and always once audited."""
    if status in (*RELEASED, AUDITED):
        return True
    when = terms.reserve_on if terms else "Order"
    if status in (*WAITING, DRAFT):
        return when == "Order" and status == UNPAID
    return status in PREPARING and when in ("Order", "Pay")
