"""The catalogue of exceptions: every reason why an order may stop, who looks at it, and what is usually done.

Invariant: a block is one reason with its own source and time; a blocking one stops every forward event, a warning
none. What is not in the catalogue can't be set. Table: docs/algorithms/order-exceptions.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

from ec_erp.kernel.problems import N_

SERVICE, OPERATOR, WAREHOUSE, FINANCE, BUYER = (
    "Customer Service",
    "Shop Operator",
    "Warehouse Staff",
    "Accountant",
    "Buyer",
)

FINANCE_TEAM = (FINANCE, "EC Manager", "System Manager")


@dataclass(frozen=True, slots=True)
class BlockKind:
    """One reason: whether it stops the order, the role that owns it, what to do, and within how many hours."""

    code: str
    blocking: bool
    owner: str
    suggestion: str
    sla_hours: int = 24
    fix: str = ""


UNMAPPED, SHORTAGE, MANUAL = "Unmapped Item", "Shortage", "Manual"
ADDRESS_INVALID, ADDRESS_OUT_OF_RANGE, BLACKLIST = "Address Invalid", "Address Out of Range", "Blacklist"
ADDRESS_CHANGED = "Address Changed"
GREYLIST, BRUSH, BELOW_COST, LOSS = "Greylist", "Brush Order", "Below Cost", "Loss-Making"
BELOW_MINIMUM, LOW_PRICE = "Below Minimum Price", "Low Price"
NO_WAREHOUSE, NO_CARRIER = "Warehouse Assignment Failed", "Carrier Assignment Failed"
GIFT_WRONG, PREORDER_FAILED, CREDIT = "Gift Wrong", "Preorder Release Failed", "Credit Exceeded"
REFUND_APPLIED, REFUND_AGREED, PLATFORM_CANCELLED = "Refund Applied", "Refund Agreed", "Platform Cancelled"
PAYMENT_OVERDUE = "Payment Overdue"
WAITING_FOR_MERGE, AMOUNT_MISMATCH, OVERSOLD = "Waiting for Merge", "Amount Mismatch", "Oversold"

_KINDS = (
    BlockKind(UNMAPPED, True, OPERATOR, N_("Map the listing to a SKU; the line is resolved by itself"), 4, "rematch"),
    BlockKind(AMOUNT_MISMATCH, True, SERVICE, N_("Compare the platform's amount with the lines; correct or accept it")),
    BlockKind(ADDRESS_CHANGED, True, SERVICE, N_("Take over the new address, or recall the parcel"), 4, "take_address"),
    BlockKind(ADDRESS_INVALID, True, SERVICE, N_("Complete province, city and district"), 8, "reprocess"),
    BlockKind(
        ADDRESS_OUT_OF_RANGE, True, SERVICE, N_("Choose another carrier or agree on another address"), 8, "reprocess"
    ),
    BlockKind("Address", True, SERVICE, N_("Check the address"), 8),
    BlockKind("Invoice Changed", False, FINANCE, N_("Issue the invoice for the new title")),
    BlockKind("Warehouse Changed", True, SERVICE, N_("Confirm the warehouse that the platform asks for"), 4),
    BlockKind("Remark Changed", True, SERVICE, N_("Read the new remark and confirm"), 4, "clear"),
    BlockKind("Remark", True, SERVICE, N_("Read the remark and confirm"), 8, "clear"),
    BlockKind("Buyer Message Changed", True, SERVICE, N_("Read the new message and confirm"), 4, "clear"),
    BlockKind("Item Changed", True, SERVICE, N_("Compare the lines with the platform's and process again"), 4),
    BlockKind(REFUND_APPLIED, True, SERVICE, N_("Decide on the refund; do not ship"), 2, "cancel"),
    BlockKind(REFUND_AGREED, True, SERVICE, N_("Take the refunded lines out of the order"), 2, "refund"),
    BlockKind("Refund Withdrawn", False, SERVICE, N_("Nothing to do: the order goes on"), 24, "clear"),
    BlockKind(
        "Shipped Elsewhere", True, SERVICE, N_("Another system has shipped it: close the order here"), 4, "cancel"
    ),
    BlockKind(GIFT_WRONG, True, OPERATOR, N_("Take out the gifts that are not earned any more"), 8, "gifts"),
    BlockKind("Gift Intercept", True, OPERATOR, N_("Decide whether the gift may leave"), 8, "clear"),
    BlockKind(
        "Exchange Intercept", True, SERVICE, N_("Wait for the goods that come back, or release by hand"), 24, "clear"
    ),
    BlockKind("Delivery Time Changed", True, SERVICE, N_("Plan for the new time and confirm"), 8, "clear"),
    BlockKind("Waybill Failed", True, WAREHOUSE, N_("Fetch the waybill again or change the carrier"), 2),
    BlockKind(SHORTAGE, False, BUYER, N_("Buy, transfer, or change the warehouse; then reserve again"), 24, "reserve"),
    BlockKind(
        WAITING_FOR_MERGE, True, SERVICE, N_("Merge with the buyer's other order, or let it go alone"), 4, "clear"
    ),
    BlockKind(BLACKLIST, True, SERVICE, N_("Cancel, or confirm that the buyer may be served"), 24, "cancel"),
    BlockKind(GREYLIST, False, SERVICE, N_("Look at the buyer's history before it is shipped")),
    BlockKind(BELOW_COST, True, FINANCE, N_("Confirm the price or cancel"), 24, "clear"),
    BlockKind(BELOW_MINIMUM, True, FINANCE, N_("Confirm the price, or correct it"), 24, "clear"),
    BlockKind(LOW_PRICE, False, FINANCE, N_("Look at the price before it is shipped")),
    BlockKind(LOSS, True, FINANCE, N_("Confirm the loss, or change carrier or gift"), 24, "clear"),
    BlockKind("Overweight", True, WAREHOUSE, N_("Weigh again and check the contents"), 2),
    BlockKind(BRUSH, True, OPERATOR, N_("Handle outside the warehouse; no stock is put aside")),
    BlockKind(PLATFORM_CANCELLED, True, SERVICE, N_("Cancel the order here, too"), 2, "cancel"),
    BlockKind(NO_WAREHOUSE, True, WAREHOUSE, N_("Choose a warehouse, or change coverage and rules"), 4, "reprocess"),
    BlockKind(NO_CARRIER, True, WAREHOUSE, N_("Choose a carrier, or complete the freight rules"), 4, "reprocess"),
    BlockKind(OVERSOLD, True, BUYER, N_("Buy in a hurry, or talk to the buyer"), 4, "reserve"),
    BlockKind(PREORDER_FAILED, True, OPERATOR, N_("Release by hand, or set another date"), 8),
    BlockKind(CREDIT, True, FINANCE, N_("Collect what is due, or raise the credit limit"), 24, "clear"),
    BlockKind(PAYMENT_OVERDUE, True, FINANCE, N_("Collect what is overdue, or let the order go on"), 24, "clear"),
    BlockKind(MANUAL, True, SERVICE, N_("Somebody stopped it: read the note"), 24, "clear"),
)

CATALOGUE = MappingProxyType({kind.code: kind for kind in _KINDS})


_ADDED = BlockKind("", True, SERVICE, N_("Somebody stopped it: read the note"))


def kind_of(code: str) -> BlockKind:
    """Return what is known of a reason; one that an administrator has added to the list stops and is service's."""
    return CATALOGUE.get(code, _ADDED)


def is_blocking(code: str) -> bool:
    """Tell whether a reason stops the order; what an administrator adds to the list does."""
    return kind_of(code).blocking


def owns(code: str, roles: Iterable[str]) -> bool:
    """Tell whether somebody with these roles is the one who decides about a reason."""
    return kind_of(code).owner in set(roles)


def may_clear(code: str, roles: Iterable[str], *, handles: bool) -> bool:
    """Tell whether somebody with these roles may take a reason off; ``handles``: they may submit orders.

    What finance stops is finance's (and the managers') to let go, as the finance audit is: who sells does not approve prices
    and credit. Any other reason is also that of whoever handles orders.
    """
    kind, given = kind_of(code), set(roles)
    if kind.owner == FINANCE and kind.blocking:
        return bool(given.intersection(FINANCE_TEAM))
    return handles or kind.owner in given


def blocking(codes: Iterable[str]) -> tuple[str, ...]:
    """Return the reasons that hold an order back, in their order, each once."""
    return tuple(dict.fromkeys(code for code in codes if is_blocking(code)))


def summary(codes: Iterable[str]) -> str:
    """Return what the head of an order shows: blocking reasons first, each once, separated by commas."""
    given = list(dict.fromkeys(codes))
    return ", ".join(sorted(given, key=lambda code: not is_blocking(code)))[:140]
