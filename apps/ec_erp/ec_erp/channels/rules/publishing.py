"""How much of a listing a shop is told to sell: the stock policy that counts, and its formula, with the terms for people: pure.

Invariants: of the policies that fit a listing the most particular one counts, whole; what is published is never below zero
and, without a fixed quantity, never more than the formula gives. Worked tables: docs/algorithms/stock-publish.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from ec_erp.inventory.types import Balance
from ec_erp.kernel.numbers import ZERO, plain
from ec_erp.kernel.problems import N_, Problem, problem

# What has become of what a shop is to be told.
WAITING, SENT, PUBLISHED, FAILED, PAUSED = "Waiting", "Sent", "Published", "Failed", "Paused"
DOWN, UP, NEAREST = "Down", "Up", "Nearest"
_ROUNDING = {DOWN: ROUND_FLOOR, UP: ROUND_CEILING, NEAREST: ROUND_HALF_UP}
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Policy:
    """What is told of stock. Empty scope: the default. ``warehouses`` empty: all; ``fixed`` and ``most`` None: none.

    Order of the formula: safety, last pieces, units per item, percentage, rounding, plus, most, least.
    """

    name: str = ""
    listing: str = ""
    sku: str = ""
    shop: str = ""
    warehouses: tuple[str, ...] = ()
    percent: Decimal = HUNDRED
    plus: Decimal = ZERO
    least: Decimal = ZERO
    most: Decimal | None = None
    fixed: Decimal | None = None
    rounding: str = DOWN
    with_incoming: bool = False
    with_returns: bool = False
    with_on_order: bool = False
    with_unpaid: bool = False
    safety_qty: Decimal = ZERO
    safety_percent: Decimal = ZERO
    last_pieces: Decimal = ZERO
    last_shop: str = ""
    paused: bool = False
    strict: bool = False


DEFAULT = Policy()


@dataclass(frozen=True, slots=True)
class Offer:
    """A listing as the formula sees it: ``units`` of the SKU are one item."""

    listing: str
    shop: str
    sku: str
    units: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Published:
    """What to publish, in items, and how it came about."""

    qty: Decimal
    why: tuple[Problem, ...]


def policy_for(offer: Offer, policies: Iterable[Policy]) -> Policy:
    """Return the policy that counts: listing before SKU and shop, SKU, shop, default; none of them: everything is published."""
    fitting = [one for one in policies if _fits(one, offer)]
    return max(fitting, key=lambda one: (_rank(one), one.name), default=DEFAULT)


def _fits(policy: Policy, offer: Offer) -> bool:
    pairs = ((policy.listing, offer.listing), (policy.sku, offer.sku), (policy.shop, offer.shop))
    return all(not wanted or wanted == actual for wanted, actual in pairs)


def _rank(policy: Policy) -> int:
    return 4 * bool(policy.listing) + 2 * bool(policy.sku) + bool(policy.shop)


def counted_besides(policy: Policy, balance: Balance, returning: Decimal = ZERO) -> Decimal:
    """Return the units that a policy counts besides what is available: on their way, sent back, on order, held by unpaid orders."""
    buckets = (
        (policy.with_incoming, balance.in_transit),
        (policy.with_returns, returning),
        (policy.with_on_order, balance.on_order),
        (policy.with_unpaid, balance.unpaid),
    )
    return sum((units for wanted, units in buckets if wanted), ZERO)


def published(offer: Offer, policy: Policy, sellable: Decimal) -> Published:
    """Return what a shop is told of a listing when so many units of its SKU are sellable for it."""
    why = [problem(N_("Policy: {0}"), policy.name or N_("everything that is sellable"))]
    if policy.fixed is not None:
        return Published(max(ZERO, policy.fixed), (*why, problem(N_("Fixed at {0}"), plain(policy.fixed))))
    why.append(problem(N_("Sellable: {0}"), plain(sellable)))
    left = _after_safety(policy, sellable, why)
    if _goes_elsewhere(policy, offer, left):
        return Published(ZERO, (*why, problem(N_("The last pieces are for {0}"), policy.last_shop)))
    return Published(_shaped(policy, left / offer.units, offer.units, why), tuple(why))


def _after_safety(policy: Policy, sellable: Decimal, why: list[Problem]) -> Decimal:
    share = (sellable * policy.safety_percent / HUNDRED).to_integral_value(ROUND_CEILING)
    kept = policy.safety_qty + max(ZERO, share)
    if kept:
        why.append(problem(N_("Kept back: {0}"), plain(kept)))
    return max(ZERO, sellable - kept)


def _goes_elsewhere(policy: Policy, offer: Offer, left: Decimal) -> bool:
    return bool(policy.last_shop) and left <= policy.last_pieces and offer.shop != policy.last_shop


def _shaped(policy: Policy, items: Decimal, units: Decimal, why: list[Problem]) -> Decimal:
    if units != 1:
        why.append(problem(N_("One item is {0} units"), plain(units)))
    qty = (items * policy.percent / HUNDRED).to_integral_value(_ROUNDING[policy.rounding]) + policy.plus
    why.append(problem(N_("{0} % and {1} more: {2}"), plain(policy.percent), plain(policy.plus), plain(qty)))
    if policy.most is not None and qty > policy.most:
        qty = policy.most
        why.append(problem(N_("No more than {0}"), plain(policy.most)))
    if qty < policy.least:
        why.append(problem(N_("Less than {0} is published as nothing"), plain(policy.least)))
        return ZERO
    return max(ZERO, qty)


def policy_problems(policy: Policy) -> list[Problem]:
    """Return what is wrong with a policy's figures."""
    found = []
    if policy.percent < 0 or policy.safety_percent < 0 or policy.safety_percent > HUNDRED:
        found.append(problem(N_("Percentages are not negative, and no more than 100 % is kept back")))
    if policy.most is not None and policy.most < policy.least:
        found.append(problem(N_("The most, {0}, is less than the least, {1}"), policy.most, policy.least))
    if policy.last_pieces > 0 and not policy.last_shop:
        found.append(problem(N_("Say which shop gets the last pieces")))
    return found


@dataclass(frozen=True, slots=True)
class Epoch:
    """How far a listing's stock is told: ``counter`` rises with each change; ``acknowledged`` is the last one confirmed."""

    counter: int
    acknowledged: int

    @property
    def dirty(self) -> bool:
        """Whether the platform does not know the last change."""
        return self.acknowledged < self.counter


def raised(epoch: Epoch) -> Epoch:
    """Return the epoch after one more change."""
    return Epoch(epoch.counter + 1, epoch.acknowledged)


def acknowledged(epoch: Epoch, counter: int) -> Epoch:
    """Return the epoch after the platform confirmed a counter: an older one, or one never given, confirms nothing newer."""
    return Epoch(epoch.counter, max(epoch.acknowledged, min(counter, epoch.counter)))


def exposure(published_qty: Sequence[tuple[Decimal, Decimal]], available: Decimal) -> Decimal:
    """Return the worst possible oversell of a SKU: Σ published × units − available, not below zero."""
    return max(ZERO, sum((qty * units for qty, units in published_qty), ZERO) - max(ZERO, available))
