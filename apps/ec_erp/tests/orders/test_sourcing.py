"""The warehouse and the carrier that the tables say, and gifts within their limits."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from algorithm_tables import Row, number, read_table
from ec_erp.kernel.freight import CarrierCap, FreightBand, FreightRate, Parcel, Quote, compare, price_of, under_caps
from ec_erp.orders.rules.conditions import Condition, OrderFacts
from ec_erp.orders.rules.gifting import Stock, gifts
from ec_erp.orders.rules.rulebook import GiftItem, GiftRule, RuleBook
from ec_erp.orders.rules.sourcing import Candidate, choose, fewest_parcels
from hypothesis import given
from hypothesis import strategies as st

DAY = date(2026, 11, 1)
BAND = FreightBand(Decimal(1000), Decimal(8), Decimal(500), Decimal(2))


def band(first: int, step: int, hours: int, *provinces: str, excluded: bool = False) -> FreightBand:
    return FreightBand(
        Decimal(1000), Decimal(first), Decimal(1000), Decimal(step), hours, excluded, frozenset(provinces)
    )


RATES = [
    FreightRate("SF", "SF", (band(6, 1, 24, "浙江省"), band(12, 4, 48)), cod=True),
    FreightRate("ZTO", "ZTO", (band(0, 0, 0, "西藏自治区", excluded=True), band(5, 2, 72))),
    FreightRate("YTO", "YTO", (band(5, 2, 48, "浙江"),)),
]


@pytest.mark.parametrize("row", read_table("freight.md", "Prices"))
def test_prices(row: Row) -> None:
    assert price_of(BAND, number(row["weight g"])) == number(row["price"])


@pytest.mark.parametrize("row", read_table("freight.md", "Who carries"))
def test_who_carries(row: Row) -> None:
    parcel = Parcel("W", row["province"], number(row["weight g"]), row["collects"] == "yes", DAY)
    quotes, refused = compare(RATES, parcel)
    assert (quotes[0].carrier, quotes[0].price, len(refused)) == (
        row["best"],
        number(row["price"]),
        int(row["refused"]),
    )


@given(st.integers(0, 50_000), st.integers(0, 5_000))
def test_a_heavier_parcel_is_never_cheaper(weight: int, more: int) -> None:
    assert price_of(BAND, Decimal(weight)) <= price_of(BAND, Decimal(weight + more))


def stock_of(text: str) -> dict[str, Decimal]:
    return dict(zip("AB", (Decimal(part) for part in text.split("/")), strict=True))


@pytest.mark.parametrize("row", read_table("order-warehouse.md", "Choices"))
def test_choices(row: Row) -> None:
    price = {side: number(row[f"freight {side}"]) if row[f"freight {side}"] else None for side in ("east", "west")}
    candidates = [
        Candidate("East", stock_of(row["east"]), (("浙江", ""), ("江苏省", "南京市")), 1, freight=price["east"]),
        Candidate("West", stock_of(row["west"]), (), 2, freight=price["west"]),
        Candidate("North", stock_of(row["north"]), (), 3, daily_cap=1, load=int(row["load north"])),
    ]
    excluded = [row["excluded"]] if row["excluded"] else []
    demand = {"A": Decimal(2), "B": Decimal(1)}
    found = choose(demand, candidates, *row["place"].split("/"), excluded=excluded, may_split=row["split"] == "yes")
    split = ", ".join(f"{name} {sku} {qty}" for sku, shares in found.split.items() for name, qty in shares)
    assert (found.warehouse or split) == row["chosen"]
    assert found.why


quantities = st.dictionaries(st.sampled_from("ABC"), st.integers(0, 9).map(Decimal), max_size=3)


@given(quantities, st.lists(quantities, min_size=1, max_size=4))
def test_a_split_over_warehouses_takes_what_is_there_and_no_more(
    demand: dict[str, Decimal], stocks: list[dict[str, Decimal]]
) -> None:
    candidates = [Candidate(str(at), free) for at, free in enumerate(stocks)]
    parts = fewest_parcels(demand, candidates)
    for sku, shares in parts.items():
        assert sum(qty for _, qty in shares) == demand[sku]
        assert all(qty <= stocks[int(name)].get(sku, 0) for name, qty in shares)
    suffices = all(
        sum((stock.get(sku, Decimal(0)) for stock in stocks), Decimal(0)) >= qty for sku, qty in demand.items()
    )
    assert bool(parts) == (suffices and any(demand.values()))


@pytest.mark.parametrize("row", read_table("order-gifts.md", "What is earned"))
def test_gifts(row: Row) -> None:
    rule = GiftRule(
        "r", (GiftItem("G", "1"),), (Condition("Any Line", "sku", "equals", "A"),), basis=row["basis"],
        threshold=row["for every"] or "0", most_times=int(row["at most"]), budget="99" if row["budget left"] else "0",
        keep_available=row["keep"] or "0", when_short="Wait",
    )  # fmt: skip
    lines = [{"sku": sku, "qty": int(row[sku]), "paid_amount": 10 * int(row[sku])} for sku in "AB" if row[sku] != "0"]
    stock = Stock({"G": number(row["free of G"])}, {"r": number(row["budget left"])} if row["budget left"] else {})
    earned, told = gifts(
        RuleBook("1", gifts=(rule,)), OrderFacts({}, lines, [{}] * len(lines)), stock, datetime(2026, 11, 1)
    )
    assert sum(gift.qty for gift in earned) == number(row["gifts"])
    assert bool(told) == (row["A"] != "0" and not (row["A"] == "1" and row["basis"] == "Amount"))


@pytest.mark.parametrize("row", read_table("order-gifts.md", "Out of stock"))
def test_gifts_that_are_out_of_stock(row: Row) -> None:
    rule = GiftRule("r", (GiftItem("G", "3", "H"),), when_short=row["rule"], keep_available=row["keep"] or "0")
    stock = Stock({"G": number(row["free of G"]), "H": number(row["free of H"])}, {})
    earned, told = gifts(
        RuleBook("1", gifts=(rule,)), OrderFacts({}, [{"sku": "A", "qty": 1}], [{}]), stock, datetime(2026, 11, 1)
    )
    assert ", ".join(f"{gift.qty} {gift.sku}" for gift in earned) == row["gifts"]
    assert any("used up" in one.message for one in told) == (row["note"] == "yes")


TIERS = tuple(
    GiftRule(sku, (GiftItem(sku, "1"),), basis="Amount", threshold=amount, tier_group=group)
    for sku, amount, group in (("S", "100", "T"), ("M", "200", "T"), ("L", "500", "T"), ("X", "150", ""))
)


@pytest.mark.parametrize("row", read_table("order-gifts.md", "Tiers"))
def test_tiers_of_gifts(row: Row) -> None:
    facts = OrderFacts({}, [{"sku": "A", "qty": 1, "paid_amount": row["paid"]}], [{}])
    earned, _ = gifts(RuleBook("1", gifts=TIERS), facts, Stock({}, {}), datetime(2026, 11, 1))
    assert ", ".join(sorted(gift.sku for gift in earned)) == row["gifts"]


CAPS = {"A": CarrierCap(share_percent=Decimal(40)), "B": CarrierCap(daily=3)}
ASKED = [Quote(name, name, Decimal(at), 24, 10) for at, name in enumerate("ABC")]


@pytest.mark.parametrize("row", read_table("freight.md", "Caps"))
def test_who_carries_beyond_caps(row: Row) -> None:
    carried = {name: int(row[f"carried {name}"]) for name in "ABC"}
    assert under_caps(ASKED, CAPS, carried)[0][0].carrier == row["takes the next"]


def test_caps_never_leave_a_parcel_lying() -> None:
    quotes, problems = under_caps(ASKED[:2], CAPS, {"A": 9, "B": 3})
    assert ([quote.carrier for quote in quotes], len(problems)) == (["A", "B"], 3)


@given(st.integers(1, 100), st.integers(1, 20), st.integers(1, 60))
def test_shares_and_counts_of_a_day_hold(share: int, daily: int, parcels: int) -> None:
    caps = {"A": CarrierCap(share_percent=Decimal(share)), "B": CarrierCap(daily=daily)}
    carried: dict[str, int] = {}
    for _ in range(parcels):
        taker = under_caps(ASKED, caps, carried)[0][0].carrier
        carried[taker] = carried.get(taker, 0) + 1
    assert carried.get("A", 0) <= -(-share * parcels // 100)
    assert carried.get("B", 0) <= daily
