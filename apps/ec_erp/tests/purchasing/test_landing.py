"""Landed costs follow their page, and never lose or make a cent."""

from dataclasses import replace
from decimal import Decimal

import pytest
from algorithm_tables import Row, number, numbers, read_table
from ec_erp.inventory.rules.arrivals import Arrived, Moved, SentOn, happened_since, left_of_arrival, own_of_sent
from ec_erp.inventory.types import StockKey
from ec_erp.purchasing.rules import landing
from ec_erp.purchasing.types import LandedCharge, LandedGoods
from hypothesis import given
from hypothesis import strategies as st

PAGE = "landed-cost.md"
ZERO = Decimal(0)
money = st.decimals(-100_000, 100_000, places=2)
units = st.decimals(0, 1000, places=3)
weights = st.lists(st.decimals(0, 10_000, places=2), min_size=1, max_size=12)


def goods(line: str = "r", qty: str = "2", value: str = "10", weight: str = "0", volume: str = "0") -> LandedGoods:
    numbers_of = [Decimal(text) for text in (qty, value, weight, volume)]
    return LandedGoods(line, "PR", f"SKU {line}", "W", *numbers_of)


def charge(amount: str = "10", basis: str = landing.VALUE, **fields: object) -> LandedCharge:
    return LandedCharge(1, "Freight", Decimal(amount), basis, **{"supplier": "S", **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize("row", read_table(PAGE, "Shares"))
def test_shares(row: Row) -> None:
    rows = [goods(value=str(weight)) for weight in numbers(row["weights"])]
    shares = landing.allocate([charge(row["amount"])], rows, "CNY")
    assert [share for (share,) in shares] == numbers(row["shares"])


@pytest.mark.parametrize("row", read_table(PAGE, "What is left of a receipt"))
def test_what_is_left(row: Row) -> None:
    received, on_hand, later, left = (number(text) for text in row.values())
    assert left_of_arrival(received, on_hand, later) == left


HERE, THERE = StockKey("A", "W"), StockKey("A", "X")


def sent_in_order(left: list[tuple[str, Decimal]]) -> list[SentOn]:
    """Return the transfers among what has left, each with its place in the order of all units."""
    found, so_far = [], ZERO
    for kind, qty in left:
        if kind == "transfer":
            found.append(SentOn(f"T{len(found)}", so_far, so_far + qty, (Arrived(THERE, qty, 1),)))
        so_far += qty
    return found


@pytest.mark.parametrize("row", read_table(PAGE, "Goods that were transferred"))
def test_own_units_of_transfers(row: Row) -> None:
    left = [(part.split()[0], Decimal(part.split()[1])) for part in row["left since, in order"].split(", ")]
    own = own_of_sent(Arrived(HERE, Decimal(10), 5, Decimal(4)), sent_in_order(left))
    assert sum((one.qty for one in own), ZERO) == number(row["own units transferred"])


def test_units_of_a_transfer_that_were_lost_are_nowhere() -> None:
    places = (Arrived(THERE, Decimal(4), 1), Arrived(StockKey("A", "way"), Decimal(1), 1))
    own = own_of_sent(Arrived(HERE, Decimal(10), 1), [SentOn("T", ZERO, Decimal(8), places)])
    assert [(one.key.warehouse, one.qty) for one in own] == [("X", 4), ("way", 1)]


def test_units_keep_their_place_among_those_they_travel_with() -> None:
    sent = SentOn("T", Decimal(2), Decimal(12), (Arrived(THERE, Decimal(10), 7, Decimal(3)),))
    (own,) = own_of_sent(Arrived(HERE, Decimal(4), 5, Decimal(6)), [sent])
    assert (own.key, own.seq, own.qty, own.before, own.behind) == (THERE, 7, 4, 7, 2)


def moved(text: str) -> list[Moved]:
    """Return entries written as `voucher units`, transfers beginning with T, numbered from 2."""
    parts = [part.split() for part in text.split(", ")]
    return [Moved(seq, name, name[0] == "T", Decimal(qty)) for seq, (name, qty) in enumerate(parts, start=2)]


def test_what_a_voucher_takes_out_and_in_again_brings_nothing() -> None:
    moves = moved("D -5, R 4, D 5, B -3, B 3")
    assert {start: one.later for start, one in happened_since(moves, [1, 2, 3, 4]).items()} == {1: 4, 2: 9, 3: 5, 4: 0}


def test_transfers_know_what_has_left_before_them() -> None:
    since = happened_since(moved("D -5, T1 -3, R 9, T2 -4, T2 1, T3 -2, T3 2"), [1, 2])
    assert since[1].sent == (SentOn("T1", Decimal(5), Decimal(8)), SentOn("T2", Decimal(8), Decimal(11)))
    assert [one.voucher for one in since[2].sent] == ["T1", "T2"]


@given(
    st.lists(st.tuples(st.sampled_from(["transfer", "sale"]), st.decimals(0, 30, places=0)), max_size=8), units, units
)
def test_no_more_is_followed_than_has_arrived(left: list[tuple[str, Decimal]], qty: Decimal, before: Decimal) -> None:
    own = own_of_sent(Arrived(HERE, qty, 1, before), sent_in_order(left))
    assert sum((one.qty for one in own), ZERO) <= qty


class World:
    """Three places with goods that leave in the order in which they came, each unit marked with its arrival."""

    def __init__(self) -> None:
        self.units: dict[str, list[int]] = {place: [] for place in "XYZ"}
        self.moves: dict[str, list[Moved]] = {place: [] for place in "XYZ"}
        self.arrivals: list[Arrived] = []
        self.transfers: dict[str, tuple[Arrived, ...]] = {}

    def act(self, kind: str, place: str, target: str, qty: int) -> None:
        """Receive at the target, or sell at a place, or transfer to the target."""
        came = [len(self.arrivals)] * qty if kind == "R" else self.units[place][:qty]
        voucher = f"{kind}{sum(map(len, self.moves.values()))}"
        if kind != "R":
            del self.units[place][:qty]
            self.note(place, voucher, -len(came))
        if kind != "D":
            arrived = self.note(target, voucher, len(came))
            if kind == "T":
                self.transfers[voucher] = (arrived,)
            else:
                self.arrivals.append(arrived)
            self.units[target] += came

    def note(self, place: str, voucher: str, qty: int) -> Arrived:
        """Write an entry."""
        moves = self.moves[place]
        moves.append(Moved(len(moves) + 1, voucher, voucher[0] == "T", Decimal(qty)))
        return Arrived(StockKey("A", place), Decimal(qty), len(moves), Decimal(len(self.units[place])))

    def followed(self, arrival: Arrived) -> dict[str, Decimal]:
        """Return where units of an arrival are, as rules say."""
        found = dict.fromkeys("XYZ", ZERO)
        goods = [arrival]
        while goods:
            one = goods.pop()
            place = one.key.warehouse
            since = happened_since(self.moves[place], [one.seq])[one.seq]
            found[place] += left_of_arrival(one.qty, Decimal(len(self.units[place])), since.later + one.behind)
            goods += own_of_sent(one, [replace(sent, to=self.transfers[sent.voucher]) for sent in since.sent])
        return found


ways = st.sampled_from([(source, target) for source in "XYZ" for target in "XYZ" if source != target])


@given(st.lists(st.tuples(st.sampled_from("RDTT"), ways, st.integers(1, 9)), max_size=20))
def test_goods_are_found_after_any_number_of_transfers(acts: list[tuple[str, tuple[str, str], int]]) -> None:
    world = World()
    for kind, (place, target), qty in acts:
        world.act(kind, place, target, qty)
    for at, arrival in enumerate(world.arrivals):
        assert world.followed(arrival) == {place: units.count(at) for place, units in world.units.items()}


@pytest.mark.parametrize("row", read_table(PAGE, "Where a share belongs"))
def test_where_a_share_belongs(row: Row) -> None:
    share, qty, left, in_stock, variance = (number(text) for text in row.values())
    assert landing.placed(share, qty, [left], "CNY") == ([in_stock], variance)


@pytest.mark.parametrize("row", read_table(PAGE, "Cancelling"))
def test_cancelling(row: Row) -> None:
    share, qty, put_in, left, leaves, variance = (number(text) for text in row.values())
    back = landing.taken_back(put_in, share, qty, left, "CNY")
    assert (back, share - back) == (leaves, variance)


def test_each_basis_measures_something_else() -> None:
    row = goods(qty="3", value="12", weight="250", volume="40")
    bases = (landing.VALUE, landing.QUANTITY, landing.WEIGHT, landing.VOLUME)
    assert [landing.measure(row, basis) for basis in bases] == [12, 3, 750, 120]


def test_a_share_says_why() -> None:
    row, one = goods(weight="250"), charge("100", landing.WEIGHT)
    assert landing.explained(one, "Freight", Decimal("25"), row, Decimal(2000)) == "Freight 25 = 100 × 500 g ÷ 2000 g"


def problems(*charges: LandedCharge, of: tuple[LandedGoods, ...] = (goods(),)) -> list[str]:
    return [found.message for found in landing.charge_problems(charges, of)]


def test_a_good_charge_has_no_problems() -> None:
    assert problems(charge()) == []


def test_gaps_are_named() -> None:
    found = problems(charge("0"), charge(supplier=""), charge(account="Bank", tax=Decimal(1)))
    assert [message.split(": ")[1].split(" ")[0] for message in found] == ["say", "say", "tax"]


@pytest.mark.parametrize("basis", [landing.WEIGHT, landing.VOLUME])
def test_goods_without_the_measure_are_named_once(basis: str) -> None:
    rows = (goods("a"), goods("a"), goods("b", weight="1", volume="1"))
    found = landing.charge_problems([charge(basis=basis), charge(basis=basis)], rows)
    assert [one.values for one in found] == [("SKU a",)]


def test_goods_that_came_free_of_charge_have_no_value_to_share_by() -> None:
    assert problems(charge(), of=(goods(value="0"),)) != []
    assert problems(charge(), of=(goods("a", value="0"), goods("b"))) == []


@given(st.lists(money, max_size=4), weights)
def test_shares_add_up_to_every_charge(amounts: list[Decimal], values: list[Decimal]) -> None:
    rows = [goods(value=str(value)) for value in values]
    shares = landing.allocate([charge(str(amount)) for amount in amounts], rows, "CNY")
    assert [sum(column, ZERO) for column in zip(*shares, strict=True)] == amounts


@given(money, weights)
def test_a_share_is_within_a_cent_of_its_part(amount: Decimal, values: list[Decimal]) -> None:
    whole = sum(values) or Decimal(len(values))
    parts = values if sum(values) else [Decimal(1)] * len(values)
    shares = landing.allocate([charge(str(amount))], [goods(value=str(value)) for value in values], "CNY")
    assert all(
        abs(share - amount * part / whole) < Decimal("0.01") for (share,), part in zip(shares, parts, strict=True)
    )


@given(money, units, st.lists(units, max_size=4))
def test_stock_and_variance_add_up_to_the_share(amount: Decimal, qty: Decimal, left: list[Decimal]) -> None:
    parts, gone = landing.placed(amount, qty, left, "CNY")
    assert sum(parts, gone) == amount
    if qty > 0 and sum(left) == qty:
        assert gone == 0


@given(money, units, units, units)
def test_no_more_is_taken_back_than_was_put_in(amount: Decimal, qty: Decimal, then: Decimal, now: Decimal) -> None:
    (put_in,), _ = landing.placed(amount, qty, [min(qty, then)], "CNY")
    back = landing.taken_back(put_in, amount, qty, min(qty, now), "CNY")
    assert abs(back) <= abs(put_in)
    assert back * put_in >= 0


@given(st.lists(st.decimals(1, 100, places=0), min_size=1, max_size=8), st.decimals(0, 1000, places=0))
def test_what_is_left_of_all_arrivals_is_never_more_than_what_lies_there(
    received: list[Decimal], sold: Decimal
) -> None:
    on_hand = max(ZERO, sum(received) - sold)
    left = [left_of_arrival(qty, on_hand, sum(received[at + 1 :], ZERO)) for at, qty in enumerate(received)]
    assert sum(left) == on_hand
