"""Approvals, supplier prices, scorecards and payments of purchases follow their pages and their bounds."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from algorithm_tables import Row, number, numbers, read_table
from ec_erp.purchasing.rules import approving, paying, pricing, receiving, requesting, scoring
from ec_erp.purchasing.types import (
    Approval,
    ApprovalRule,
    Arrival,
    BoughtOrderLine,
    OrderTerms,
    PriceTier,
    RequestedLine,
    SupplierTerms,
)
from hypothesis import given
from hypothesis import strategies as st

ZERO = Decimal(0)
NOW = datetime(2026, 6, 15, 12)
BIG = ApprovalRule("Big", "Purchase", "EC Manager", min_amount=Decimal(1000))
DEAR = ApprovalRule("Dear", "Finance", "Accountant", deviation_percent=Decimal(10), allow_own=False)


def terms(amount: int = 0, deviation: int = 0) -> OrderTerms:
    return OrderTerms("C", "S", Decimal(amount), Decimal(deviation))


def needed(amount: int = 0, deviation: int = 0) -> list[Approval]:
    return approving.required_approvals([DEAR, BIG], terms(amount, deviation))


@pytest.mark.parametrize(
    ("amount", "deviation", "steps"),
    [(999, 10, []), (1000, 0, ["Purchase"]), (10, 11, ["Finance"]), (5000, 50, ["Purchase", "Finance"])],
)
def test_amount_and_price_call_for_approvals(amount: int, deviation: int, steps: list[str]) -> None:
    assert [approval.step for approval in needed(amount, deviation)] == steps


def test_an_approval_says_why() -> None:
    assert [approval.reason for approval in needed(1000, 12)] == ["1000 ≥ 1000", "+12 % > 10 %"]


def test_rules_of_other_companies_and_suppliers_do_not_count() -> None:
    others = [ApprovalRule("X", "Purchase", "R", company="D"), ApprovalRule("Y", "Purchase", "R", supplier="T")]
    assert approving.required_approvals(others, terms()) == []
    always = ApprovalRule("Z", "Purchase", "R", company="C")
    assert [approval.rule for approval in approving.required_approvals([always], terms())] == ["Z"]


def test_finance_waits_for_purchasing() -> None:
    both = needed(5000, 50)
    assert approving.status_after(both) == "To Approve"
    assert approving.give_approvals(both, "anna", {"Accountant"}, NOW, own=False) == both
    first = approving.give_approvals(both, "max", {"EC Manager", "Accountant"}, NOW, own=False)
    assert approving.status_after(first) == "To Finance Approve"
    last = approving.give_approvals(first, "anna", {"Accountant"}, NOW, own=False)
    assert approving.status_after(last) == "Approved"
    assert [approval.approved_by for approval in last] == ["max", "anna"]


def test_who_submits_approves_only_where_that_is_allowed() -> None:
    own = approving.give_approvals(needed(5000, 50), "max", {"EC Manager", "Accountant"}, NOW, own=True)
    assert approving.status_after(own) == "To Finance Approve"


def test_an_order_that_no_rule_concerns_is_approved() -> None:
    assert approving.status_after([]) == "Approved"


LISTED = SupplierTerms(
    "SS-1",
    "S",
    "A",
    price=Decimal(10),
    tiers=(
        PriceTier(Decimal(50), Decimal(9)),
        PriceTier(Decimal(100), Decimal(8), date(2026, 6, 1), date(2026, 6, 30)),
        PriceTier(Decimal(100), Decimal("8.5"), date(2026, 7, 1)),
    ),
)


@pytest.mark.parametrize("row", read_table("supplier-price.md", "Price for a quantity"))
def test_price_for_a_quantity(row: Row) -> None:
    found = pricing.price_for(LISTED, number(row["quantity"]), date.fromisoformat(row["day"]))
    assert found == (number(row["price"]), row["origin"])


@pytest.mark.parametrize("row", read_table("supplier-price.md", "Deviation"))
def test_deviation(row: Row) -> None:
    reference = number(row["reference"]) or None
    assert pricing.deviation_percent(number(row["price"]), reference) == number(row["deviation %"])


@given(st.decimals("0.01", 9999, places=4), st.sampled_from([0, 6, 9, 13]), st.booleans())
def test_the_price_before_tax_comes_back_from_the_stated_rate(price: Decimal, tax: int, includes_tax: bool) -> None:
    rate = pricing.stated_rate(price, Decimal(tax), includes_tax=includes_tax)
    back = pricing.price_before_tax(rate, Decimal(tax), includes_tax=includes_tax)
    assert abs(back - price) <= Decimal("0.000001")


def arrivals_of(text: str) -> list[Arrival]:
    return [_arrival(number, part) for number, part in enumerate(text.split(";"))]


def _arrival(place: int, text: str) -> Arrival:
    goods, bad, days, due = (part.strip() for part in text.split(","))
    sku, qty, _, price = goods.split()
    rejected, returned = bad.split("/")
    ordered, arrived = (date(2026, 6, int(day)) for day in days.split("→"))
    return Arrival(
        receipt=f"R{place}",
        sku=sku,
        arrived=arrived,
        qty=Decimal(qty),
        price=Decimal(price),
        rejected=Decimal(rejected),
        returned=Decimal(returned),
        ordered=ordered,
        due=date(2026, 6, int(due)) if due else None,
    )


@pytest.mark.parametrize("row", read_table("supplier-scorecard.md", "Scores"))
def test_scores(row: Row) -> None:
    score = scoring.score_of(arrivals_of(row["arrivals"]))
    shown = (
        score.on_time_percent,
        score.defect_percent,
        score.price_trend_percent,
        score.lead_days,
        score.lead_spread,
    )
    titles = ("on time %", "defects %", "trend %", "lead days", "spread")
    assert shown == tuple(number(row[title]) if row[title] else None for title in titles)


def test_nothing_received_has_no_score() -> None:
    score = scoring.score_of([])
    assert (score.receipts, score.on_time_percent, score.defect_percent, score.lead_days) == (0, None, None, None)


@pytest.mark.parametrize("row", read_table("supplier-payment.md", "Receipts of a prepaid order"))
def test_receipts_of_a_prepaid_order(row: Row) -> None:
    asked = paying.prepayment(Decimal(1000), number(row["prepaid %"]), "CNY")
    left, per_receipt, used = asked, [], []
    for total in numbers(row["receipts"]):
        due = paying.due_for_receipt(total, left)
        left -= due.from_prepayment
        per_receipt.append(due.amount)
        used.append(due.from_prepayment)
    assert asked == number(row["asked before"])
    assert (per_receipt, used) == (numbers(row["asked per receipt"]), numbers(row["used of prepayment"]))


@given(st.lists(st.decimals(0, 500, places=2), max_size=6), st.decimals(0, 2000, places=2))
def test_what_is_asked_adds_up_to_what_came(totals: list[Decimal], prepaid: Decimal) -> None:
    left, asked = prepaid, ZERO
    for total in totals:
        due = paying.due_for_receipt(total, left)
        left -= due.from_prepayment
        asked += due.amount
    assert asked + (prepaid - left) == sum(totals)
    assert 0 <= left <= prepaid


def test_due_dates() -> None:
    day = date(2026, 6, 15)
    assert paying.due_date("On Account", day, 30) == date(2026, 7, 15)
    assert paying.due_date("On Arrival", day, 30) == day


@pytest.mark.parametrize(
    ("amount", "paid", "state"),
    [(0, 0, "Not Due"), (10, 0, "To Pay"), (10, 4, "Part Paid"), (10, 10, "Paid"), (-10, -10, "Paid")],
)
def test_settlement(amount: int, paid: int, state: str) -> None:
    assert paying.settlement_state(Decimal(amount), Decimal(paid)) == state


def ordered(qty: int, received: int = 0, stopped: int = 0) -> BoughtOrderLine:
    return BoughtOrderLine("L", "PO", "A", "W", Decimal(qty), ZERO, ZERO, Decimal(received), Decimal(stopped))


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        ([ordered(10)], "Nothing Received"),
        ([ordered(10, 4)], "Part Received"),
        ([ordered(10, 10)], "All Received"),
        ([ordered(10, 11)], "Over-Received"),
        ([ordered(10, 11), ordered(5, 1)], "Part Over-Received"),
        ([ordered(10, 4, 6)], "Stopped"),
    ],
)
def test_receipt_state(lines: list[BoughtOrderLine], state: str) -> None:
    assert receiving.receipt_state(lines) == state


def requested(line: str, qty: int, done: int = 0, supplier: str | None = None) -> RequestedLine:
    return RequestedLine(line, "PQ", line, "W", Decimal(qty), Decimal(done), supplier)


def test_requests_become_orders_by_supplier() -> None:
    lines = [requested("A", 5), requested("B", 5, supplier="T"), requested("C", 5), requested("D", 5, 5, "T")]
    groups, homeless = requesting.by_supplier(lines, {"A": "S"})
    assert {supplier: [line.sku for line in group] for supplier, group in groups.items()} == {"S": ["A"], "T": ["B"]}
    assert [line.sku for line in homeless] == ["C"]


@pytest.mark.parametrize(("done", "status"), [(0, "To Order"), (3, "Part Ordered"), (5, "Ordered"), (7, "Ordered")])
def test_request_status(done: int, status: str) -> None:
    assert requesting.request_status([requested("A", 5, done)]) == status


@pytest.mark.parametrize("row", read_table("supplier-payment.md", "Setting a prepayment off"))
def test_what_is_set_off(row: Row) -> None:
    used = paying.used_by_receipts(number(row["asked"]), number(row["received"]))
    set_off = paying.set_off(number(row["paid"]), used)
    assert (set_off, number(row["paid"]) - set_off) == (number(row["set off"]), number(row["left prepaid"]))


@pytest.mark.parametrize("row", read_table("supplier-payment.md", "Stopping a prepaid order"))
def test_what_a_stopped_order_asks(row: Row) -> None:
    after = paying.after_stop(number(row["asked"]), number(row["paid"]), number(row["used"]))
    assert after == (number(row["stays asked"]), number(row["asked back"]))


amounts = st.integers(0, 1000).map(Decimal)


@given(amounts, st.lists(amounts, max_size=6))
def test_a_payment_is_spread_without_loss(amount: Decimal, opens: list[Decimal]) -> None:
    shares = paying.share(amount, [(str(at), known) for at, known in enumerate(opens)])
    assert sum(shares.values()) == min(amount, sum(opens))
    assert all(0 < part <= opens[int(name)] for name, part in shares.items())


@given(st.integers(1, 500).map(Decimal), st.lists(st.tuples(st.booleans(), st.integers(-200, 200)), max_size=20))
def test_a_prepayment_account_is_never_overdrawn(asked: Decimal, steps: list[tuple[bool, int]]) -> None:
    paid = received = set_off = Decimal(0)
    for is_payment, amount in steps:
        if is_payment:
            paid = min(asked, max(Decimal(0), paid + amount))
        else:
            received = max(Decimal(0), received + amount)
        set_off = paying.set_off(paid, paying.used_by_receipts(asked, received))
        assert 0 <= set_off <= min(paid, received, asked)
        kept, back = paying.after_stop(asked, paid, paying.used_by_receipts(asked, received))
        assert paid - back <= kept <= asked
