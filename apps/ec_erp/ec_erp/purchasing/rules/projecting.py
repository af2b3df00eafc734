"""Day by day what becomes of stock: what comes, what is bought at each review and for which money, what is sold, what is missing.

Invariants: stock at the end is stock at the beginning and what came, less what was sold; no more is spent than the budget; who waits
longest for goods is served first where money is short. Worked tables: docs/algorithms/what-if.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

from ec_erp.kernel.numbers import ZERO
from ec_erp.purchasing.rules import replenishing
from ec_erp.purchasing.rules.whatif import review_days
from ec_erp.purchasing.types import Outcome, Position, Projected, Projection

_ONE = Decimal(1)


class _State:
    """One SKU in a warehouse on its way through the days."""

    __slots__ = (
        "arrivals", "begins", "bought", "came", "lead", "lost", "now", "on_way", "out_days", "review", "sold", "stock", "tied",
    )  # fmt: skip

    def __init__(self, begins: Projected) -> None:
        self.begins = begins
        self.stock = begins.stock
        self.arrivals: dict[int, Decimal] = {}
        for day, qty in begins.arriving:
            self.arrivals[day] = self.arrivals.get(day, ZERO) + qty
        self.on_way = sum(self.arrivals.values(), ZERO)
        self.lead = max(1, math.ceil(begins.supply.lead_days))
        self.review = review_days(begins.supply.review_days)
        self.now = self.bought = self.came = self.sold = self.lost = self.tied = ZERO
        self.out_days = 0

    def arrive(self, day: int) -> None:
        qty = self.arrivals.pop(day, None)
        if qty is not None:
            self.stock += qty
            self.came += qty
            self.on_way -= qty

    def wish(self, day: int) -> Decimal:
        """Return what the rules would buy on a day of review: today what is suggested, transfers of others counted in."""
        if day == 0:
            return self.begins.first_order
        plan = self.begins.plans[day // self.review]
        return replenishing.order_quantity(plan, Position(self.stock, self.on_way), self.begins.supply)

    def urgency(self, day: int) -> Decimal:
        """Return how many days what is there and what comes will last: the fewer, the more urgent."""
        per_day = self.begins.wanted[day]
        return (self.stock + self.on_way) / per_day if per_day > 0 else Decimal(10**9)

    def buy(self, day: int, qty: Decimal) -> None:
        if day == 0:
            self.now = qty
        self.bought += qty
        self.on_way += qty
        comes = day + self.lead
        self.arrivals[comes] = self.arrivals.get(comes, ZERO) + qty

    def sell(self, day: int) -> Decimal:
        """Sell what is wanted as far as it is there; return the money that lies in what is left."""
        wanted, stock = self.begins.wanted[day], self.stock
        if wanted > stock:
            there = stock if stock > 0 else ZERO
            self.lost += wanted - there
            self.sold += there
            self.out_days += 1
            self.stock = stock = stock - there
        elif wanted:
            self.sold += wanted
            self.stock = stock = stock - wanted
        if stock <= 0:
            return ZERO
        worth = stock * self.begins.price
        self.tied += worth
        return worth

    def outcome(self, days: int) -> Outcome:
        price = self.begins.price
        return Outcome(
            ordered_now=self.now,
            value_now=self.now * price,
            bought=self.bought,
            value_bought=self.bought * price,
            stock_out_days=self.out_days,
            lost=self.lost,
            sold=self.sold,
            came=self.came,
            end_stock=self.stock,
            tied_up=self.tied / days if days else ZERO,
        )


def project(begins: Sequence[Projected], days: int, budget: Decimal | None = None) -> Projection:
    """Return what becomes of SKUs over so many days, all that is bought within a budget (None: no limit)."""
    states = [_State(one) for one in begins]
    purse = _Purse(budget)
    curve = []
    for day in range(days):
        reviewed = []
        for state in states:
            if state.arrivals:
                state.arrive(day)
            if day % state.review == 0:
                reviewed.append(state)
        _buy(reviewed, day, purse)
        curve.append(sum((state.sell(day) for state in states), ZERO))
    return Projection(tuple(state.outcome(days) for state in states), tuple(curve))


def together(parts: Sequence[Projection]) -> Projection:
    """Return projections of the same days, of different goods, as one."""
    outcomes = tuple(outcome for part in parts for outcome in part.outcomes)
    return Projection(outcomes, tuple(sum(day, ZERO) for day in zip(*(part.tied_up for part in parts), strict=True)))


class _Purse:
    """Money that is left to buy for."""

    def __init__(self, money: Decimal | None) -> None:
        self.money = money

    def take(self, qty: Decimal, begins: Projected) -> Decimal:
        """Return what of a wish can be paid, and pay it."""
        if self.money is None:
            return qty
        supply = begins.supply
        got = affordable(qty, begins.price, supply.minimum, supply.pack, self.money)
        self.money -= got * begins.price
        return got


def _buy(states: Sequence[_State], day: int, purse: _Purse) -> None:
    wishes = [(state, qty) for state in states if (qty := state.wish(day)) > 0]
    if purse.money is not None:
        wishes.sort(key=lambda wish: (wish[0].urgency(day), wish[0].begins.sku, wish[0].begins.warehouse))
    for state, qty in wishes:
        got = purse.take(qty, state.begins)
        if got > 0:
            state.buy(day, got)


def affordable(qty: Decimal, price: Decimal, minimum: Decimal, pack: Decimal, money: Decimal) -> Decimal:
    """Return what of a wish can be paid: whole packs, nothing where not even the minimum can be paid."""
    if qty * price <= money:
        return qty
    unit = pack if pack > 0 else _ONE
    got = (money / price / unit).to_integral_value(ROUND_FLOOR) * unit if price > 0 else qty
    return got if got > 0 and got >= minimum else ZERO
