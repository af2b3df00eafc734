"""Splitting loses no unit and no cent; merging groups only what belongs together."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from algorithm_tables import Row, number, numbers, read_table
from ec_erp.orders.rules.merging import MergeCandidate, merge_groups, merge_key
from ec_erp.orders.rules.splitting import LineMoney, Part, SplitLine, apart, by_group, by_limit, split_money
from hypothesis import given
from hypothesis import strategies as st

WEIGHTS = {"A": Decimal(400), "B": Decimal(1000), "C": Decimal(2500)}
PRICES = {"A": Decimal(30), "B": Decimal(50), "C": Decimal(120)}
NOON = datetime(2026, 11, 1, 12)
cents = st.decimals(min_value=0, max_value=9999, places=2)
some_lines = st.lists(
    st.builds(
        SplitLine,
        st.uuids().map(str),
        st.integers(1, 30).map(Decimal),
        st.integers(0, 3000).map(Decimal),
        paid=st.integers(0, 3000).map(Decimal),
    ),
    min_size=1,
    max_size=5,
)


def line_money(row: Row) -> LineMoney:
    amount, share, tax = number(row["amount"]), number(row["share"]), number(row["tax"])
    return LineMoney(
        Decimal(0), amount, share, tax, amount - share + (Decimal(0) if row["prices include tax"] == "yes" else tax)
    )


@pytest.mark.parametrize("row", read_table("order-split.md", "Shares of a line"))
def test_shares_of_a_line(row: Row) -> None:
    parts = split_money(line_money(row), numbers(row["quantities"]), "CNY")
    assert [part.amount for part in parts] == numbers(row["amounts"])
    assert [part.discount_share for part in parts] == numbers(row["shares"])
    assert [part.tax for part in parts] == numbers(row["taxes"])
    assert [part.paid for part in parts] == numbers(row["paid"])


@given(cents, cents, cents, cents, st.booleans(), st.lists(st.integers(1, 50).map(Decimal), min_size=1, max_size=6))
def test_parts_add_up_to_the_cent(
    discount: Decimal, amount: Decimal, share: Decimal, tax: Decimal, includes_tax: bool, quantities: list[Decimal]
) -> None:
    money = LineMoney(discount, amount, share, tax, amount - share + (Decimal(0) if includes_tax else tax))
    parts = split_money(money, quantities, "CNY")
    for column in ("discount", "amount", "discount_share", "tax", "paid", "net"):
        assert sum(getattr(part, column) for part in parts) == getattr(money, column)


def told(parts: list[Part]) -> str:
    return "; ".join(", ".join(f"{share.line} {share.qty}" for share in part) for part in parts)


@pytest.mark.parametrize("row", read_table("order-split.md", "Parts by a limit"))
def test_parts_by_a_limit(row: Row) -> None:
    pairs = [part.split() for part in row["order"].split(", ")]
    lines = [SplitLine(sku, Decimal(qty), WEIGHTS[sku], paid=PRICES[sku]) for sku, qty in pairs]
    assert told(by_limit(lines, number(row["limit"]), row["counts"])) == row["parts"]


@given(some_lines, st.integers(1, 5000).map(Decimal), st.sampled_from(["weight", "units", "amount"]))
def test_every_unit_is_in_one_part_and_no_part_is_over_the_limit(
    lines: list[SplitLine], limit: Decimal, counts: str
) -> None:
    parts = by_limit(lines, limit, counts)
    size = {line.line: {"weight": line.weight_g, "units": Decimal(1), "amount": line.paid}[counts] for line in lines}
    for line in lines:
        assert sum(share.qty for part in parts for share in part if share.line == line.line) == line.qty
    for part in parts:
        assert (
            sum(share.qty * size[share.line] for share in part) <= limit
            or sum(share.qty for share in part if size[share.line]) == 1
        )


@given(some_lines, st.data())
def test_lines_that_go_apart_are_all_there(lines: list[SplitLine], data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from([line.line for line in lines])))
    parts = apart(lines, chosen)
    assert sorted(share.line for part in parts for share in part) == sorted(line.line for line in lines)


def candidate(name: str, minutes: int, key: str = "k", warehouse: str = "W", *, sealed: bool = False) -> MergeCandidate:
    return MergeCandidate(name, key, NOON + timedelta(minutes=minutes), warehouse, sealed)


def test_what_belongs_together_is_merged() -> None:
    found = [
        candidate("1", 0), candidate("2", 59), candidate("3", 61), candidate("4", 70), candidate("5", 0, "other"),
        candidate("6", 0, warehouse="V"), candidate("7", 1, sealed=True),
    ]  # fmt: skip
    assert merge_groups(found, timedelta(minutes=60)) == [("1", "2"), ("3", "4")]


@given(st.lists(st.tuples(st.integers(0, 500), st.sampled_from("ab"), st.booleans()), max_size=15), st.integers(0, 200))
def test_groups_share_a_key_and_a_window(given_orders: list[tuple[int, str, bool]], window: int) -> None:
    orders = {
        str(at): candidate(str(at), minutes, key, sealed=sealed)
        for at, (minutes, key, sealed) in enumerate(given_orders)
    }
    groups = merge_groups(list(orders.values()), timedelta(minutes=window))
    members = [name for group in groups for name in group]
    assert len(members) == len(set(members))
    for group in groups:
        moments = [orders[name].ordered for name in group]
        assert len({orders[name].key for name in group}) == 1
        assert max(moments) - min(moments) <= timedelta(minutes=window)
        assert not any(orders[name].sealed for name in group)


def test_the_key_is_the_buyer_and_the_address() -> None:
    here = merge_key("Co", "G", "b", "Prepaid", ["Li", "1", "CN", "浙江", "杭州", "西湖", "Road 1"])
    assert here == merge_key("Co", "G", "B", "Prepaid", [" li ", "1", "CN", "浙江", "杭州", "西湖", "road  1"])
    assert here != merge_key("Co", "G", "b", "Prepaid", ["Li", "1", "CN", "浙江", "杭州", "西湖", "Road 2"])
    assert merge_key("Co", "G", "b", "Prepaid", ["Li", "", "", "", "", "", ""]) is None


def split_lines_of(text: str) -> list[SplitLine]:
    pairs = [one.split() for one in text.split(", ")]
    return [SplitLine(f"{at} {name}", Decimal(qty)) for at, (name, qty) in enumerate(pairs)]


@pytest.mark.parametrize("row", read_table("order-split.md", "Parts by group"), ids=lambda row: row["order"])
def test_parts_by_group(row: Row) -> None:
    lines = split_lines_of(row["order"])
    groups = {line.line: {"A": "S1", "B": "S2"}.get(line.line[-1], "") for line in lines}
    found = [", ".join(f"{share.line[-1]} {share.qty}" for share in part) for part in by_group(lines, groups)]
    assert "; ".join(found) == row["parts"]


@given(some_lines, st.lists(st.sampled_from(["S1", "S2", ""]), min_size=5, max_size=5))
def test_no_unit_is_lost_by_groups_and_none_is_mixed(lines: list[SplitLine], names: list[str]) -> None:
    groups = {line.line: name for line, name in zip(lines, names, strict=False)}
    parts = by_group(lines, groups)
    assert sorted((share.line, share.qty) for part in parts for share in part) == sorted(
        (one.line, one.qty) for one in lines
    )
    assert all(len({groups[share.line] for share in part}) == 1 for part in parts)
