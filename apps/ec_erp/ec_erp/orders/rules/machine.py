"""The states of a sales order and the events that lead from one to the next.

Invariant: every change of status goes through ``next_status``; what the table does not have does not happen. Progress
and blocks are not states: an order with a block keeps its status and does not move on.
"""

from __future__ import annotations

from ec_erp.orders.types import ShopTerms

DRAFT = "Draft"
UNPAID = "Unpaid"
TO_AUDIT = "To Audit"
TO_SHIP = "To Ship"
SHIPPED = "Shipped"
CANCELLED = "Cancelled"

ACCEPT = "accept"
ACCEPT_UNPAID = "accept, waiting for payment"
ACCEPT_FOR_AUDIT = "accept, waiting for audit"
PAY = "pay"
AUDIT = "audit"
DELIVER_PART = "deliver a part"
DELIVER_ALL = "deliver the rest"
TAKE_BACK = "cancel a delivery"
CANCEL = "cancel"

TRANSITIONS = {
    (DRAFT, ACCEPT): TO_SHIP,
    (DRAFT, ACCEPT_UNPAID): UNPAID,
    (DRAFT, ACCEPT_FOR_AUDIT): TO_AUDIT,
    (UNPAID, PAY): TO_SHIP,
    (TO_AUDIT, AUDIT): TO_SHIP,
    (TO_SHIP, DELIVER_PART): TO_SHIP,
    (TO_SHIP, DELIVER_ALL): SHIPPED,
    (SHIPPED, DELIVER_ALL): SHIPPED,
    (TO_SHIP, TAKE_BACK): TO_SHIP,
    (SHIPPED, TAKE_BACK): TO_SHIP,
    (UNPAID, CANCEL): CANCELLED,
    (TO_AUDIT, CANCEL): CANCELLED,
    (TO_SHIP, CANCEL): CANCELLED,
}

# Blocks that do not stop what is there from being shipped.
HARMLESS_BLOCKS = frozenset({"Shortage"})


class NoTransition(ValueError):
    """An event does not exist in a status."""

    def __init__(self, status: str, event: str) -> None:
        """Keep both for the message."""
        super().__init__(f"{event}: {status}")
        self.status = status
        self.event = event


def next_status(status: str, event: str) -> str:
    """Return the status after an event. Raises ``NoTransition``."""
    try:
        return TRANSITIONS[(status, event)]
    except KeyError:
        raise NoTransition(status, event) from None


def acceptance(shop: ShopTerms | None, *, paid: bool) -> str:
    """Return the event by which a new order is accepted: when the shop reserves stock decides."""
    if shop is None or shop.reserve_on == "Order":
        return ACCEPT
    if shop.reserve_on == "Audit":
        return ACCEPT_FOR_AUDIT
    return ACCEPT if paid else ACCEPT_UNPAID


def reserves(status: str) -> bool:
    """Tell whether an order in this status has its stock put aside."""
    return status == TO_SHIP


def blocking(codes: list[str]) -> tuple[str, ...]:
    """Return the blocks that hold an order back."""
    return tuple(code for code in codes if code not in HARMLESS_BLOCKS)
