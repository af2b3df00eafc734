"""Movements of goods kept in batches, bins, grades, by serial number, or below zero: places and pieces follow, values add up."""

from datetime import date, datetime
from decimal import Decimal

from algorithm_tables import number, numbers, read_table
from ec_erp.inventory.rules.movement import apply_moves
from ec_erp.inventory.rules.netting import netted
from ec_erp.inventory.rules.pieces import serials_of
from ec_erp.inventory.types import (
    DEFECTIVE,
    GOOD,
    IN_STOCK,
    ON_HAND,
    OUT,
    Balance,
    BalanceChange,
    MoveResult,
    Piece,
    Place,
    PlaceKey,
    Shelf,
    StockKey,
    StockMove,
    StockTerms,
    Tracking,
)
from hypothesis import given
from hypothesis import strategies as st

A = StockKey("A", "W")
BATCHES = StockTerms(has_batch=True)


def place(batch: str, on_hand: int, frozen: int = 0, grade: str = GOOD) -> Place:
    return Place(PlaceKey(A, "", batch, grade), Decimal(on_hand), Decimal(frozen), expires=date(2027, 1, int(batch)))


def run(
    moves: list[StockMove],
    balance: Balance,
    terms: StockTerms,
    places: tuple[Place, ...] = (),
    pieces: tuple[Piece, ...] = (),
    origins: dict[str, tuple[tuple[Tracking, Decimal], ...]] | None = None,
) -> MoveResult:
    shelf = Shelf(
        {A: balance},
        {"W": "CNY"},
        {A: terms},
        {A: {found.at: found for found in places}},
        pieces={piece.serial.casefold(): piece for piece in pieces},
        origins=origins or {},
    )
    return apply_moves(shelf, moves, [], [datetime(2026, 11, 22)] * len(moves))


def out(qty: int, reach: str = "available", **tracking: object) -> StockMove:
    return StockMove(A, Decimal(-qty), "row", reach=reach, tracking=Tracking(**tracking))  # type: ignore[arg-type]


def test_an_issue_over_two_batches_is_two_entries_that_add_up() -> None:
    stock = Balance(on_hand=Decimal(9), value=Decimal("10.00"))
    (entry,) = run([out(7)], stock, BATCHES, (place("2", 5), place("1", 4))).entries
    assert [(part.move.tracking.batch, part.move.qty) for part in entry.parts] == [("1", -4), ("2", -3)]
    assert sum(part.value_change for part in entry.parts) == entry.value_change


def test_a_return_goes_back_to_its_batches() -> None:
    origin = {"sold": ((Tracking("1"), Decimal(4)), (Tracking("2"), Decimal(3)))}
    back = StockMove(A, Decimal(6), "row", value=Decimal("10.00"), origin="sold", is_return=True)
    result = run([back], Balance(), BATCHES, origins=origin)
    assert {at.batch: found.on_hand for at, found in result.places.items()} == {"1": 4, "2": 2}
    assert result.balances[A].value == Decimal("10.00")


def test_scrapping_what_was_frozen_thaws_the_balance() -> None:
    stock = Balance(on_hand=Decimal(8), frozen=Decimal(5), value=Decimal(8))
    places = (place("1", 5, frozen=5), place("2", 3))
    result = run([out(4, reach=ON_HAND, batch="1")], stock, BATCHES, places)
    after = result.balances[A]
    assert (after.on_hand, after.frozen, after.available) == (4, 1, 3)


def test_batches_that_lack_goods_are_a_shortage() -> None:
    stock = Balance(on_hand=Decimal(8), value=Decimal(8))
    (short,) = run([out(4, batch="1")], stock, BATCHES, (place("1", 1), place("2", 7))).shortages
    assert (short.needed, short.available) == (4, 1)


def test_defective_goods_have_a_pool_of_value_of_their_own() -> None:
    stock = Balance(on_hand=Decimal(10), value=Decimal(100))
    spoilt = StockMove(A, Decimal(2), "in", takes_over=1, tracking=Tracking(grade=DEFECTIVE))
    result = run([out(2), spoilt], stock, StockTerms())
    after = result.balances[A]
    assert (after.on_hand, after.frozen, after.defective, after.available) == (10, 2, 2, 8)
    assert (after.value, after.defective_value) == (100, 20)


def test_strong_serial_numbers_are_named_and_moved() -> None:
    strong = StockTerms(serials="Strong")
    known = (Piece("S1", "A", IN_STOCK, "W"), Piece("S2", "A", IN_STOCK, "W"))
    stock = Balance(on_hand=Decimal(2), value=Decimal(2))
    assert run([out(1)], stock, strong, pieces=known).problems
    assert run([out(1, serials=("S9",))], stock, strong, pieces=known).problems
    result = run([out(1, serials=("s2",))], stock, strong, pieces=known)
    assert [(piece.serial, piece.status) for piece in result.pieces.values()] == [("S2", OUT)]


def test_a_piece_is_not_received_twice() -> None:
    receipt = StockMove(A, Decimal(1), "row", tracking=Tracking(serials=("S1",)))
    again = run([receipt], Balance(), StockTerms(serials="Strong"), pieces=(Piece("S1", "A", IN_STOCK, "W"),))
    assert [found.message for found in again.problems] == ["The serial number {0} is in {1} already"]


def test_serial_numbers_in_a_text() -> None:
    assert serials_of("S1, S2;S3\nS1  S4") == ("S1", "S2", "S3", "S4")
    assert serials_of(None) == ()


def test_below_zero_as_on_the_page() -> None:
    balance = Balance()
    for row in read_table("negative-stock.md", "Three sold of one, then ten bought"):
        value = number(row["value given"]) if row["value given"] else None
        moved = StockMove(A, number(row["qty"]), row["movement"], value=value)
        result = run([moved], balance, StockTerms(allow_negative=True))
        (entry,) = result.entries
        balance = result.balances[A]
        assert [part.value_change for part in entry.parts or (entry,)] == numbers(row["value changes"])
        assert (balance.on_hand, balance.value) == (number(row["qty after"]), number(row["value after"]))


amounts = st.lists(st.tuples(st.integers(-9, 9).filter(bool), st.integers(1, 3)), max_size=25)


@given(amounts)
def test_places_add_up_to_the_balance(wanted: list[tuple[int, int]]) -> None:
    moves = [
        StockMove(A, Decimal(qty), "row", value=Decimal(qty) if qty > 0 else None, tracking=Tracking(batch=str(batch)))
        for qty, batch in wanted
    ]
    result = run(moves, Balance(), BATCHES)
    on_hand = result.balances.get(A, Balance()).on_hand
    assert sum(found.on_hand for found in result.places.values()) == on_hand
    assert all(found.on_hand >= 0 for found in result.places.values())


@given(amounts)
def test_below_zero_nothing_is_lost(wanted: list[tuple[int, int]]) -> None:
    moves = [StockMove(A, Decimal(qty), "row", value=Decimal(cost * qty) if qty > 0 else None) for qty, cost in wanted]
    result = run(moves, Balance(), StockTerms(allow_negative=True))
    balance = result.balances.get(A, Balance())
    assert sum(entry.value_change for entry in result.entries) == balance.value
    assert balance.on_hand == sum(qty for qty, _ in wanted)
    assert balance.on_hand or balance.value == 0


changes = st.lists(st.tuples(st.sampled_from("AB"), st.integers(-5, 5), st.integers(-5, 5)), max_size=12)


@given(changes)
def test_netted_changes_come_to_the_same(wanted: list[tuple[str, int, int]]) -> None:
    single = [
        BalanceChange(StockKey(sku, "W"), reserved=Decimal(reserved), locked=Decimal(locked))
        for sku, reserved, locked in wanted
    ]
    whole = netted(single)
    assert sum(change.reserved for change in whole) == sum(change.reserved for change in single)
    assert sum(change.locked for change in whole) == sum(change.locked for change in single)
    assert len({change.key for change in whole}) == len(whole)
