"""Cartons: the page's table; what is recommended holds the goods and nothing smaller would do."""

from decimal import Decimal

import pytest
from algorithm_tables import Row, read_table
from ec_erp.fulfilment.rules.cartons import Carton, Sides, contents_of, groups, holds, recommend
from ec_erp.fulfilment.types import PackLine
from hypothesis import given
from hypothesis import strategies as st

FILL = Decimal(85)
ZERO = Decimal(0)


def sides(text: str) -> Sides:
    first, second, third = (Decimal(part) for part in text.split(" × ")) if text else (ZERO, ZERO, ZERO)
    return first, second, third


CARTONS = [
    Carton("L", sides("60 × 40 × 40")),
    Carton("M", sides("30 × 20 × 20"), Decimal(8000)),
    Carton("F", sides("30 × 20 × 20"), packing_class="Fragile"),
    Carton("S", sides("20 × 15 × 10"), Decimal(2000)),
]


@pytest.mark.parametrize("row", read_table("cartons.md", "Recommended"))
def test_what_the_page_recommends(row: Row) -> None:
    qty, volume, grams = (Decimal(part) for part in row["goods"].split(" × "))
    line = PackLine("1", "A", qty, grams, volume, sides(row["sides"]), row["class"])
    free = {name: Decimal(1) for name in row["in stock"].split(", ")}
    found = recommend(contents_of([line]), CARTONS, FILL, free)
    assert (found.carton.sku if found.carton else "") == row["carton"]
    assert found.why.message


number = st.integers(1, 60).map(Decimal)
cartons = st.lists(st.builds(Carton, st.text("AB", min_size=1), st.tuples(number, number, number), number), max_size=6)
lines = st.lists(
    st.builds(PackLine, st.just("1"), st.just("X"), number, number, number, st.tuples(number, number, number)),
    min_size=1,
)


@given(cartons, lines)
def test_it_holds_the_goods_and_nothing_smaller_does(known: list[Carton], goods: list[PackLine]) -> None:
    contents = contents_of(goods)
    found = recommend(contents, known, FILL, {carton.sku: Decimal(1) for carton in known}).carton
    fitting = [carton for carton in known if holds(carton, contents, FILL)]
    if found is None:
        assert fitting == []
    else:
        assert found in fitting
        assert found.volume_cm3 == min(carton.volume_cm3 for carton in fitting)


@given(st.permutations([Decimal(3), Decimal(20), Decimal(11)]))
def test_goods_may_be_turned(turned: list[Decimal]) -> None:
    line = PackLine("1", "A", Decimal(1), ZERO, Decimal(660), (turned[0], turned[1], turned[2]))
    assert holds(Carton("C", sides("20 × 11 × 3")), contents_of([line]), Decimal(100))


def test_split_classes_do_not_share_a_parcel() -> None:
    goods = [
        PackLine(name, name, Decimal(1), split_class=split) for name, split in (("A", ""), ("B", "Big"), ("C", ""))
    ]
    assert [[line.sku for line in group] for group in groups(goods)] == [["A", "C"], ["B"]]
