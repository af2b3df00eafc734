"""Writing stock to shops under fire: whatever gets lost, late, doubled or sold meanwhile, nothing is sold that is not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from algorithm_tables import Row, number, numbers, read_table
from ec_erp.channels.rules import escrow as rules
from ec_erp.channels.rules.escrow import Account, Answer, Primitive, Write
from ec_erp.channels.rules.sharing import Claim, divide
from hypothesis import given, settings
from hypothesis import strategies as st

ZERO = Decimal(0)
START = datetime(2026, 11, 1, 8)
SKEW = timedelta(seconds=60)
PRIMITIVES = {
    "set": Primitive(rules.SET),
    "set with key": Primitive(rules.SET, repeatable=True),
    "set, can be read": Primitive(rules.SET, reads=True),
    "delta with key, refuses": Primitive(rules.DELTA, repeatable=True, reads=True),
    "delta, refuses": Primitive(rules.DELTA, reads=True),
    "delta, clamps": Primitive(rules.DELTA, below_zero=rules.CLAMPS, reads=True),
    "delta, clamps and tells": Primitive(rules.DELTA, below_zero=rules.CLAMPS, reads=True, tells=True),
    "compare and set": Primitive(rules.SWAP, reads=True, tells=True),
    "compare and set with key": Primitive(rules.SWAP, reads=True, repeatable=True),
}


@dataclass
class Order:
    placed: datetime
    qty: int
    taken: bool = False
    closed: datetime | None = None
    close_seen: bool = False


@dataclass
class Shop:
    """A platform's shop with one listing, as it is (shows, orders) and as we know it (account, kept, seen until)."""

    primitive: Primitive
    clock: timedelta
    shows: int
    account: Account = field(default_factory=Account)
    kept: Decimal = ZERO
    seen_until: datetime | None = None
    orders: list[Order] = field(default_factory=list)
    feed: list[tuple[Order, bool]] = field(default_factory=list)
    keys: set[int] = field(default_factory=set)
    key: int = 0
    late: list[tuple[int, Write]] = field(default_factory=list)
    answers: list[tuple[int, Answer]] = field(default_factory=list)

    def take(self, key: int, write: Write) -> Answer:
        """Do what a message says, as the platform does; one with a known key counts once."""
        if self.primitive.repeatable and key in self.keys:
            return Answer(rules.OK)
        if write.kind == rules.READ:
            return Answer(rules.OK, Decimal(self.shows))
        if write.kind == rules.SWAP and write.expected != self.shows:
            return Answer(rules.MISMATCH, Decimal(self.shows) if self.primitive.tells else None)
        after = self.shows + int(write.change) if write.kind == rules.DELTA else int(write.qty)
        if after < 0 and self.primitive.below_zero == rules.REFUSES:
            return Answer(rules.REFUSED)
        self.shows = max(0, after)
        self.keys.add(key)
        return Answer(rules.OK, Decimal(self.shows) if self.primitive.tells else None)

    def unseen(self) -> int:
        return sum(order.qty for order, closing in self.feed if not closing)

    def covered_by_closed(self) -> int:
        """What closed orders hold whose closing has not come in: theirs is what the shop shows again."""
        return sum(order.qty for order, closing in self.feed if closing)

    def look(self) -> Account:
        """Return the account with what has come in of orders."""
        since = self.account.since
        if since is None:
            return self.account
        taken = [order for order in self.orders if order.taken]
        live = [order for order in taken if not order.close_seen]
        surely = sum(order.qty for order in live if order.placed > since + SKEW)
        closed = [order for order in taken if order.close_seen and order.closed is not None]
        back = sum(order.qty for order in closed if order.placed <= since + SKEW and order.closed >= since - SKEW)
        sold = sum(order.qty for order in live if order.placed > since)
        return replace(self.account, sold=Decimal(sold), surely_sold=Decimal(surely), returned=Decimal(back))


class Trade:
    """Several shops sell the same goods; the network loses, delays and doubles what it likes."""

    def __init__(self, on_hand: int, kinds: Sequence[tuple[str, int]]) -> None:
        self.now = START
        self.available = Decimal(on_hand)
        self.shops = [Shop(PRIMITIVES[kind], timedelta(seconds=clock), 0) for kind, clock in kinds]

    def room(self) -> Decimal:
        return self.available - sum((shop.kept for shop in self.shops), ZERO)

    def wait(self, seconds: int) -> None:
        """Let time pass; what is on its way arrives within ten minutes."""
        self.now += timedelta(seconds=seconds)
        for shop in self.shops:
            open_write = shop.account.open
            if open_write is None or (open_write.sent and open_write.sent < self.now - rules.LATE):
                self.arrive(shop)

    def arrive(self, shop: Shop) -> None:
        """What was under way arrives."""
        for key, write in shop.late:
            shop.take(key, write)
        shop.late.clear()

    def order(self, shop: Shop, qty: int) -> None:
        if shop.shows >= qty:
            shop.shows -= qty
            order = Order(self.now + shop.clock, qty)
            shop.orders.append(order)
            shop.feed.append((order, False))

    def close(self, shop: Shop, which: int) -> None:
        """An unpaid order is closed: the platform shows its goods again."""
        live = [order for order in shop.orders if order.closed is None]
        if live:
            order = live[-1 - which % len(live)]
            order.closed = self.now + shop.clock
            shop.shows += order.qty
            shop.feed.append((order, True))

    def come_in(self, shop: Shop, count: int) -> None:
        """Orders of a shop come in, and the shop says how far they are complete.

        What closed orders gave back was shown and sold again, perhaps, before their closing comes in: an order may have to
        wait for that, and one that was itself closed needs no goods.
        """
        for order, closing in shop.feed[:count]:
            order.close_seen = order.close_seen or closing
            order.taken = order.taken or not closing
            covered = sum(other.qty for other, ends in shop.feed if ends)
            assert closing or shop.kept + covered >= order.qty, "sold what is not there"
            shop.kept += order.qty if closing else -order.qty
            self.available += order.qty if closing else -order.qty
        del shop.feed[:count]
        waiting = [order.closed if closing else order.placed for order, closing in shop.feed]
        until = min([moment for moment in waiting if moment], default=self.now + shop.clock) - timedelta(seconds=1)
        shop.seen_until = max(shop.seen_until or until, until)

    def settle(self, shop: Shop) -> None:
        account = shop.look()
        if rules.may_settle(shop.primitive, account, shop.seen_until):
            assert account.bound is not None
            shop.kept = min(shop.kept, account.bound)
            shop.account = replace(shop.account, settled=True)

    def tell(self, shop: Shop, target: int, network: str = "well") -> None:
        """Settle what is kept, decide on the next write, and send it over the network."""
        self.settle(shop)
        step = rules.next_step(
            shop.primitive, shop.look(), Decimal(target), self.room(), complete_until=shop.seen_until, now=self.now
        )
        if step.lost:
            self.arrive(shop)
            shop.account = rules.lost(shop.account)
        if step.write is None:
            return
        shop.kept += ZERO if step.again else step.write.keeps
        shop.key += 0 if step.again else 1
        shop.account = replace(shop.account, open=step.write)
        self.send(shop, shop.key, step.write, network)

    def send(self, shop: Shop, key: int, write: Write, network: str) -> None:
        if network == "late":
            shop.late.append((key, write))
        if network in ("lost", "late"):
            return self.hear(shop, key, Answer(rules.UNKNOWN))
        answer = shop.take(key, write)
        if network == "twice" and shop.primitive.repeatable:
            shop.take(key, write)
        if network == "slow answer":
            return shop.answers.append((key, answer))
        return self.hear(shop, key, Answer(rules.UNKNOWN) if network == "answer lost" else answer)

    def hear(self, shop: Shop, key: int, answer: Answer) -> None:
        if key == shop.key:
            said = rules.answered(shop.primitive, shop.look(), answer, self.now)
            shop.account, shop.kept = said.account, shop.kept - said.frees

    def happen(self, event: tuple[str, int, int]) -> None:
        what, at, amount = event
        shop = self.shops[at % len(self.shops)]
        if what == "order":
            self.order(shop, 1 + amount % 6)
        elif what == "close":
            self.close(shop, amount % 3)
        elif what == "orders come in":
            self.come_in(shop, 1 + amount % 4)
        elif what == "goods arrive":
            self.available += amount
        elif what == "wait":
            self.wait(amount * 25)
        elif what == "late":
            self.arrive(shop)
        elif what == "slow answer":
            for key, answer in shop.answers:
                self.hear(shop, key, answer)
            shop.answers.clear()
        else:
            self.tell(shop, amount, NETWORKS[at % len(NETWORKS)] if what == "tell badly" else "well")

    def check(self) -> None:
        """Nothing is kept twice, and all that shops can still sell is kept for them."""
        assert self.room() >= 0
        for shop in self.shops:
            assert shop.kept + shop.covered_by_closed() >= 0
            assert shop.kept + shop.covered_by_closed() >= shop.shows + shop.unseen()


NETWORKS = ("lost", "answer lost", "late", "slow answer", "twice", "answer lost", "late")
EVENTS = ("order", "order", "close", "orders come in", "orders come in", "goods arrive", "wait", "wait", "late", "slow answer",
          "tell", "tell", "tell", "tell badly")  # fmt: skip
events = st.lists(st.tuples(st.sampled_from(EVENTS), st.integers(0, 20), st.integers(0, 30)), min_size=10, max_size=40)
shops = st.lists(
    st.tuples(st.sampled_from(sorted(PRIMITIVES)), st.sampled_from([0, 0, -60, 60])), min_size=1, max_size=2
)


def opened(on_hand: int, kinds: Sequence[tuple[str, int]]) -> Trade:
    """Return a trade whose shops show what they may."""
    trade = Trade(on_hand, kinds)
    for _ in range(5):
        trade.wait(130)
        for shop in trade.shops:
            trade.come_in(shop, 1)
            trade.tell(shop, on_hand // len(trade.shops))
    return trade


@given(on_hand=st.integers(1, 30), kinds=shops, happens=events)
@settings(max_examples=400, deadline=None)
def test_nothing_is_sold_that_is_not_there(
    on_hand: int, kinds: list[tuple[str, int]], happens: list[tuple[str, int, int]]
) -> None:
    trade = opened(on_hand, kinds)
    trade.check()
    for event in happens:
        trade.happen(event)
        trade.check()
    for shop in trade.shops:  # every order that was placed can be served
        trade.come_in(shop, len(shop.feed))


@pytest.mark.parametrize("kind", ["compare and set", "delta, refuses"])
def test_goods_of_an_order_that_came_and_went_unseen_can_be_taken_from_the_shop(kind: str) -> None:
    trade = opened(1, [(kind, 0)])
    for event in (("order", 0, 0), ("close", 0, 0), ("tell", 0, 0)):
        trade.happen(event)
    (shop,) = trade.shops
    assert (shop.shows, shop.kept, trade.room()) == (0, 0, 1)
    trade.come_in(shop, 2)
    assert (shop.kept, trade.available, trade.room()) == (0, 1, 1)


def test_a_plain_set_alone_oversells() -> None:
    """The reason for all this: 10 on hand, 3 sold unseen, 10 written again."""
    shop = Shop(PRIMITIVES["set"], timedelta(0), 10)
    shop.shows -= 3
    shop.take(1, Write(rules.SET, Decimal(10)))
    assert shop.shows + 3 == 13


@pytest.mark.parametrize("kind", sorted(PRIMITIVES))
def test_every_platform_comes_to_show_what_there_is(kind: str) -> None:
    trade = opened(20, [(kind, 0)])
    trade.wait(130)
    trade.come_in(trade.shops[0], 1)
    trade.settle(trade.shops[0])
    (shop,) = trade.shops
    assert (shop.shows, shop.kept, trade.room()) == (20, 20, 0)


def test_a_closed_order_that_the_last_write_knew_of_is_kept_for() -> None:
    trade = opened(20, [("compare and set", 0)])
    (shop,) = trade.shops
    trade.order(shop, 5)
    trade.come_in(shop, 1)
    trade.tell(shop, 8)
    trade.close(shop, 0)
    trade.wait(130)
    trade.come_in(shop, 1)
    trade.settle(shop)
    trade.check()


def test_an_order_that_bears_a_later_time_than_the_write_after_it_is_not_counted_twice() -> None:
    trade = opened(20, [("compare and set", 60)])
    (shop,) = trade.shops
    trade.order(shop, 5)
    trade.come_in(shop, 1)
    trade.tell(shop, 8)
    trade.wait(130)
    trade.come_in(shop, 1)
    trade.settle(shop)
    trade.check()


def test_an_order_without_a_watermark_is_not_settled() -> None:
    trade = opened(20, [("set", 0)])
    (shop,) = trade.shops
    trade.order(shop, 5)
    trade.tell(shop, 0)
    trade.wait(30)
    trade.settle(shop)
    assert shop.kept == 20


def test_a_lost_write_without_a_key_is_waited_for_before_the_shop_is_asked() -> None:
    trade = opened(20, [("delta, refuses", 0)])
    (shop,) = trade.shops
    trade.available += 5
    trade.tell(shop, 25, "late")
    trade.tell(shop, 25)
    assert (shop.account.open is not None, shop.kept, shop.shows) == (True, 25, 20)
    trade.wait(700)
    trade.tell(shop, 25)
    trade.tell(shop, 25)
    assert (shop.shows, shop.kept, shop.account.shown) == (25, 25, 25)


PAGE = "stock-escrow.md"


@pytest.mark.parametrize("row", read_table(PAGE, "The next write"), ids=lambda row: " ".join(row.values()))
def test_the_next_write(row: Row) -> None:
    primitive = Primitive(row["primitive"], reads=row["primitive"] != rules.SET)
    known = Account(number(row["shown"]), START, number(row["sold"]), settled=row["settled"] == "yes")
    account = known if row["shown"] else Account()
    step = rules.next_step(
        primitive, account, number(row["target"]), number(row["room"]), complete_until=START, now=START
    )
    written = step.write
    found = [written.kind, written.qty, written.change, written.keeps] if written else []
    assert found == (
        [row["write"], *(number(row[at]) for at in ("quantity", "change", "kept first"))] if row["write"] else []
    )


@pytest.mark.parametrize("row", read_table(PAGE, "Who gets how much"), ids=lambda row: " ".join(row.values()))
def test_who_gets_how_much(row: Row) -> None:
    figures = zip(*(numbers(row[at]) for at in ("weights", "most", "least")), strict=True)
    claims = [Claim(str(at), {"S": Decimal(1)}, *figure) for at, figure in enumerate(figures)]
    assert list(divide({"S": number(row["pool"])}, claims).values()) == numbers(row["get"])


claims_of_two = st.lists(
    st.tuples(st.integers(1, 20), st.integers(0, 60), st.sampled_from([("A",), ("B",), ("A", "B")]), st.integers(1, 3)),
    max_size=6,
)


@given(pools=st.tuples(st.integers(-5, 60), st.integers(0, 60)), wanted=claims_of_two)
def test_no_more_is_divided_than_there_is(
    pools: tuple[int, int], wanted: list[tuple[int, int, tuple[str, ...], int]]
) -> None:
    claims = [
        Claim(str(at), {sku: Decimal(units) for sku in skus}, Decimal(weight), Decimal(most))
        for at, (weight, most, skus, units) in enumerate(wanted)
    ]
    got = divide({"A": Decimal(pools[0]), "B": Decimal(pools[1])}, claims)
    for sku, pool in zip("AB", pools, strict=True):
        assert sum(got[claim.listing] * claim.needs.get(sku, ZERO) for claim in claims) <= max(0, pool)
    assert all(ZERO <= got[claim.listing] <= claim.most for claim in claims)
