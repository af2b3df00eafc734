"""Moving average: the page's tables, and no drift over ten thousand movements."""

import random
from decimal import Decimal

import pytest
from algorithm_tables import number, read_table
from ec_erp.inventory.rules.valuation import balance_after, value_move
from ec_erp.inventory.types import COST_FROM_REVERSAL, Balance, StockKey, StockMove
from ec_erp.kernel.numbers import ZERO
from hypothesis import given, settings
from hypothesis import strategies as st

KEY = StockKey("A", "W")


def move(qty: Decimal | int, value: Decimal | None = None, fallback: Decimal | None = None) -> StockMove:
    return StockMove(KEY, Decimal(qty), "row", value=value, fallback_cost=fallback)


def test_the_day_of_the_page() -> None:
    balance = Balance()
    for row in read_table("moving-average.md", "A day of one SKU (CNY)"):
        value = number(row["value given"]) if row["value given"] else None
        source = row["source"] if row["value given"] else "Document"
        wanted_move = StockMove(KEY, number(row["qty"]), row["movement"], value=value, source=source)
        entry = value_move(balance, wanted_move, "CNY")
        balance = balance_after(balance, entry)
        shown = (entry.value_change, balance.on_hand, balance.value, entry.cost_source)
        wanted = (number(row["value change"]), number(row["qty after"]), number(row["value after"]), row["source"])
        assert shown == wanted, row["movement"]


@pytest.mark.parametrize("row", read_table("moving-average.md", "Undoing a receipt"))
def test_undoing_a_receipt_as_on_the_page(row: dict[str, str]) -> None:
    before = Balance(on_hand=number(row["left before"]), value=number(row["value before"]))
    original = number(row["original value"])
    undo = StockMove(KEY, -number(row["undone qty"]), "row", value=original, source=COST_FROM_REVERSAL)
    entry = value_move(before, undo, "CNY")
    assert entry.value_change == number(row["value change"])
    assert (entry.qty_after, entry.value_after) == (number(row["left after"]), number(row["value after"]))
    assert original + entry.value_change == number(row["gap to price variance"])


@pytest.mark.parametrize(
    ("balance", "fallback", "value", "source"),
    [
        (Balance(), None, "0", "Unknown"),
        (Balance(), Decimal("3"), "6.00", "Last Cost"),
        (Balance(last_cost=Decimal("2.5")), Decimal("3"), "5.00", "Last Cost"),
        (Balance(on_hand=Decimal(4), value=Decimal("4.02")), Decimal("3"), "2.01", "Moving Average"),
    ],
)
def test_a_receipt_without_value_takes_the_best_cost_known(
    balance: Balance, fallback: Decimal | None, value: str, source: str
) -> None:
    entry = value_move(balance, move(2, fallback=fallback), "CNY")
    assert (entry.value_change, entry.cost_source) == (Decimal(value), source)


def test_ten_thousand_movements_do_not_drift() -> None:
    dice, balance, total = random.Random(7), Balance(), ZERO
    for _ in range(10_000):
        if balance.on_hand < 1 or dice.random() < 0.45:
            wanted = move(dice.randint(1, 40), Decimal(dice.randint(0, 99_999)) / 100)
        else:
            wanted = move(-dice.randint(1, int(balance.on_hand)))
        entry = value_move(balance, wanted, "CNY")
        balance, total = balance_after(balance, entry), total + entry.value_change
        assert balance.value == total
        assert balance.value >= 0
        assert balance.on_hand or not balance.value


quantities = st.decimals(min_value="0.001", max_value=1000, places=3)
values = st.decimals(min_value=0, max_value=5000, places=2)


@given(st.lists(st.tuples(quantities, st.none() | values, st.booleans()), max_size=60))
@settings(max_examples=200)
def test_value_is_never_negative_or_stranded(movements: list[tuple[Decimal, Decimal | None, bool]]) -> None:
    balance = Balance()
    for qty, value, is_issue in movements:
        wanted = move(-min(qty, balance.on_hand)) if is_issue and balance.on_hand else move(qty, value)
        balance = balance_after(balance, value_move(balance, wanted, "CNY"))
        assert balance.value >= 0
        assert balance.on_hand > 0 or balance.value == 0


@given(st.lists(st.tuples(st.integers(1, 500), values, st.booleans()), max_size=60))
def test_the_average_stays_between_the_prices_paid(movements: list[tuple[int, Decimal, bool]]) -> None:
    balance, prices = Balance(), [Decimal(0)]
    for number_of_units, value, is_issue in movements:
        qty = Decimal(number_of_units)
        is_issue = is_issue and balance.on_hand > 0
        wanted = move(-min(qty, balance.on_hand)) if is_issue else move(qty, value)
        prices += [] if is_issue else [value / qty]
        balance = balance_after(balance, value_move(balance, wanted, "CNY"))
        slack = Decimal("0.01") * len(movements)
        assert balance.value <= max(prices) * balance.on_hand + slack
