"""First in, first out: the page's week; layers always add up to the balance."""

from datetime import datetime, timedelta
from decimal import Decimal

from algorithm_tables import number, read_table
from ec_erp.inventory.rules.layers import revalue, value_in_layers
from ec_erp.inventory.rules.movement import apply_moves
from ec_erp.inventory.types import (
    COST_FROM_REVERSAL,
    FIFO,
    Balance,
    Layer,
    MoveResult,
    Shelf,
    StockKey,
    StockMove,
    StockTerms,
)
from hypothesis import given
from hypothesis import strategies as st

KEY, START = StockKey("TEA", "W"), datetime(2026, 11, 1)


def run(moves: list[StockMove], moments: list[int]) -> MoveResult:
    shelf = Shelf({}, {"W": "CNY"}, {KEY: StockTerms(method=FIFO)})
    return apply_moves(shelf, moves, [], [START + timedelta(days=day) for day in moments])


def move(qty: str, value: str = "", line: str = "row", source: str = "Document") -> StockMove:
    return StockMove(KEY, Decimal(qty), line, value=Decimal(value) if value else None, source=source)


def shown(layers: tuple[Layer, ...]) -> str:
    return ", ".join(f"{layer.qty} @ {layer.value}" for layer in layers if layer.qty)


def test_the_week_of_the_page() -> None:
    layers: tuple[Layer, ...] = ()
    for seq, row in enumerate(read_table("fifo.md", "A tea seller's week (CNY)"), start=1):
        moment = START + timedelta(days=int(row["event time"]))
        wanted = move(row["qty"], row["value given"], line=row["movement"])
        layers, entry = value_in_layers(layers, Balance(), wanted, "CNY", moment, seq)
        assert (entry.value_change, shown(layers)) == (number(row["value change"]), row["layers after"]), row[
            "movement"
        ]


def test_undoing_a_receipt_takes_its_own_layer() -> None:
    undo = move("-5", "60", line="second", source=COST_FROM_REVERSAL)
    result = run([move("5", "50", "first"), move("5", "60", "second"), undo], [1, 2, 3])
    assert (result.entries[2].value_change, shown(result.layers[KEY])) == (-60, "5 @ 50.00")


def test_a_correction_is_spread_by_quantity_to_the_cent() -> None:
    layers = run([move("1", "1"), move("2", "2")], [1, 2]).layers[KEY]
    after, change = revalue(layers, StockMove(KEY, Decimal(0), "row", value=Decimal("0.10")), "CNY")
    assert (change, shown(after)) == (Decimal("0.10"), "1 @ 1.03, 2 @ 2.07")


steps = st.lists(
    st.tuples(st.integers(1, 9), st.decimals(0, 99, places=2), st.booleans(), st.integers(0, 30)), max_size=25
)


@given(steps)
def test_layers_add_up_to_the_balance(wanted: list[tuple[int, Decimal, bool, int]]) -> None:
    on_hand, moves, moments = 0, [], []
    for qty, value, receipt, day in wanted:
        change = qty if receipt else -min(qty, on_hand)
        if change:
            moves.append(StockMove(KEY, Decimal(change), "row", value=value if receipt else None))
            moments.append(day)
            on_hand += change
    result = run(moves, moments)
    balance, layers = result.balances.get(KEY, Balance()), result.layers.get(KEY, ())
    assert sum(layer.qty for layer in layers) == balance.on_hand == on_hand
    assert sum(layer.value for layer in layers) == balance.value
    assert on_hand or balance.value == 0
