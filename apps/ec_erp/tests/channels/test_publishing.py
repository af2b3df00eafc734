"""What shops are told of stock: the page's tables, and what holds for any policy."""

from decimal import Decimal

import pytest
from algorithm_tables import Row, number, read_table
from ec_erp.channels.rules.publishing import (
    Epoch,
    Offer,
    Policy,
    acknowledged,
    counted_besides,
    exposure,
    policy_for,
    policy_problems,
    published,
    raised,
)
from ec_erp.inventory.types import Balance
from hypothesis import given
from hypothesis import strategies as st

PAGE = "stock-publish.md"
OFFER = Offer("L", "shop", "S")
POLICIES = {
    "default": Policy("default"),
    "shop": Policy("shop", shop="shop"),
    "other shop": Policy("other shop", shop="other"),
    "sku": Policy("sku", sku="S"),
    "sku+shop": Policy("sku+shop", sku="S", shop="shop"),
    "listing": Policy("listing", listing="L"),
}
amounts = st.integers(0, 500).map(Decimal)
BESIDES = {
    "with_incoming": "in transit",
    "with_returns": "returns",
    "with_on_order": "on order",
    "with_unpaid": "unpaid",
}


def policy_of(row: Row) -> Policy:
    return Policy(
        safety_qty=number(row["safety"]),
        safety_percent=number(row["safety %"]),
        percent=number(row["share %"]),
        plus=number(row["plus"]),
        least=number(row["least"]),
        most=number(row["most"]) if row["most"] else None,
        rounding=row["rounding"],
        fixed=number(row["fixed"]) if row["fixed"] else None,
    )


@pytest.mark.parametrize("row", read_table(PAGE, "Formula"), ids=lambda row: " ".join(row.values()))
def test_formula(row: Row) -> None:
    offer = Offer("L", "shop", "S", number(row["units"]))
    assert published(offer, policy_of(row), number(row["sellable"])).qty == number(row["told"])


@pytest.mark.parametrize("row", read_table(PAGE, "Last pieces"), ids=lambda row: " ".join(row.values()))
def test_last_pieces(row: Row) -> None:
    policy = Policy(last_pieces=Decimal(5), last_shop="live")
    assert published(Offer("L", row["shop"], "S"), policy, number(row["sellable"])).qty == number(row["told"])


@pytest.mark.parametrize("row", read_table(PAGE, "Which policy counts"), ids=lambda row: row["policies"])
def test_which_policy_counts(row: Row) -> None:
    given_policies = [POLICIES[name.strip()] for name in row["policies"].split(",")]
    assert policy_for(OFFER, given_policies).name == row["counts"]


@pytest.mark.parametrize("row", read_table(PAGE, "When a shop is told"), ids=lambda row: " ".join(row.values()))
def test_confirming(row: Row) -> None:
    epoch = Epoch(int(row["counter"]), int(row["confirmed before"]))
    assert acknowledged(epoch, int(row["confirms"])).dirty == (row["open afterwards"] == "yes")


@given(amounts, amounts, st.integers(0, 100).map(Decimal), st.integers(1, 12).map(Decimal))
def test_without_plus_and_up_to_all_nothing_is_promised_that_is_not_there(
    sellable: Decimal, safety: Decimal, percent: Decimal, units: Decimal
) -> None:
    told = published(Offer("L", "shop", "S", units), Policy(safety_qty=safety, percent=percent), sellable).qty
    assert 0 <= told * units <= max(Decimal(0), sellable - safety)


@given(amounts, amounts, st.integers(0, 200).map(Decimal))
def test_more_stock_never_publishes_less(less: Decimal, more: Decimal, percent: Decimal) -> None:
    policy = Policy(percent=percent, least=Decimal(3), most=Decimal(200), safety_percent=Decimal(10))
    assert published(OFFER, policy, less).qty <= published(OFFER, policy, less + more).qty


@given(st.lists(st.integers(-1, 12), max_size=12))
def test_only_the_last_counter_closes_a_listing(steps: list[int]) -> None:
    epoch = Epoch(1, 0)
    for step in steps:  # −1: a change; else a confirmation of that counter
        epoch = raised(epoch) if step < 0 else acknowledged(epoch, step)
        assert epoch.acknowledged <= epoch.counter
    assert raised(epoch).dirty
    assert not acknowledged(epoch, epoch.counter).dirty


@pytest.mark.parametrize("row", read_table("stock-publish.md", "What counts besides"))
def test_what_a_policy_counts_besides(row: Row) -> None:
    wanted = {field: row[title] == "yes" for field, title in BESIDES.items()}
    balance = Balance(in_transit=Decimal(3), on_order=Decimal(20), unpaid=Decimal(4))
    assert counted_besides(Policy(**wanted), balance, Decimal(2)) == number(row["more"])


def test_exposure_is_what_could_be_sold_too_much() -> None:
    told = [(Decimal(10), Decimal(1)), (Decimal(4), Decimal(6))]
    assert (exposure(told, Decimal(30)), exposure(told, Decimal(40)), exposure(told, Decimal(-2))) == (4, 0, 34)


@pytest.mark.parametrize(
    "policy",
    [
        Policy(percent=Decimal(-1)),
        Policy(safety_percent=Decimal(101)),
        Policy(least=Decimal(5), most=Decimal(3)),
        Policy(last_pieces=Decimal(3)),
    ],
)
def test_policies_that_cannot_work(policy: Policy) -> None:
    assert len(policy_problems(policy)) == 1
