"""Instalments come to what is due of an order, to the cent, and payments to the oldest first."""

from datetime import date
from decimal import Decimal

import pytest
from algorithm_tables import Row, number, numbers, read_table
from ec_erp.kernel.numbers import plain
from ec_erp.orders.rules import instalments as rules
from ec_erp.orders.rules.cycles import PERIODS, Rhythm
from ec_erp.orders.rules.instalments import Instalment, TermsRow
from hypothesis import given
from hypothesis import strategies as st

PAGE = "instalments.md"
ORDERED = date(2026, 11, 23)
cents = st.decimals(min_value=0, max_value=99999, places=2)
days = st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31))
schedules = st.lists(st.tuples(days, cents), min_size=1, max_size=8).map(
    lambda rows: [Instalment(at, day, amount) for at, (day, amount) in enumerate(rows, start=1)]
)


def day_of(text: str) -> date | None:
    return None if text == "-" else date.fromisoformat(text)


def told(found: list[Instalment]) -> str:
    return ", ".join(f"{one.due or '-'} {plain(one.amount)}" for one in found)


def schedule(text: str) -> list[Instalment]:
    parts = [part.split() for part in text.split(", ")]
    return [Instalment(at, day_of(day), Decimal(amount)) for at, (day, amount) in enumerate(parts, start=1)]


def terms(text: str) -> list[TermsRow]:
    parts = [part.split(" ", 2) for part in text.split(", ")]
    return [TermsRow(Decimal(percent), int(wait), base) for percent, wait, base in parts]


@pytest.mark.parametrize("row", read_table(PAGE, "By payment terms"))
def test_terms_of_the_page(row: Row) -> None:
    found = rules.by_terms(number(row["total"]), terms(row["terms"]), ORDERED, day_of(row["shipped"]), "CNY")
    assert told(found) == row["instalments"]


@pytest.mark.parametrize("row", read_table(PAGE, "Equal parts"))
def test_equal_parts_of_the_page(row: Row) -> None:
    every, period = row["every"].split()
    rhythm = Rhythm(date.fromisoformat(row["first day"]), int(every), period, int(row["parts"]))
    assert told(rules.equal_parts(number(row["total"]), int(row["parts"]), rhythm, "CNY")) == row["instalments"]


@pytest.mark.parametrize("row", read_table(PAGE, "Paid"))
def test_what_is_paid_of_the_page(row: Row) -> None:
    found = rules.allocate(schedule(row["instalments"]), number(row["paid in all"]))
    assert [one.paid for one in found] == numbers(row["paid of each"])
    assert (rules.state_of(found), rules.next_due(found)) == (row["state"], day_of(row["next due"]))


@pytest.mark.parametrize("row", read_table(PAGE, "Another total"))
def test_other_totals_of_the_page(row: Row) -> None:
    found = rules.resize(schedule(row["instalments"]), number(row["total"]))
    assert [one.amount for one in found] == numbers(row["amounts"])


@pytest.mark.parametrize("row", read_table(PAGE, "Age"))
def test_ages_of_the_page(row: Row) -> None:
    assert rules.age_class(int(row["days overdue"])) == row["class"]


@given(cents, st.lists(st.integers(1, 100), min_size=1, max_size=8), st.sampled_from(["CNY", "JPY", "KWD"]))
def test_terms_come_to_the_total(total: Decimal, percents: list[int], currency: str) -> None:
    total = rules.split_amount(total, [Decimal(1)], currency)[0]
    rows = [TermsRow(Decimal(percent)) for percent in percents]
    assert sum(one.amount for one in rules.by_terms(total, rows, ORDERED, None, currency)) == total


@given(cents, st.integers(2, 60), st.integers(1, 12), st.sampled_from(PERIODS))
def test_equal_parts_come_to_the_total_and_differ_by_a_cent(
    total: Decimal, parts: int, every: int, period: str
) -> None:
    found = rules.equal_parts(total, parts, Rhythm(ORDERED, every, period, parts), "CNY")
    amounts = [one.amount for one in found]
    assert sum(amounts) == total
    assert not amounts or max(amounts) - min(amounts) <= Decimal("0.01")
    assert all(one.due and one.due > ORDERED for one in found)


@given(schedules, cents)
def test_nothing_paid_is_lost_and_the_oldest_come_first(known: list[Instalment], settled: Decimal) -> None:
    found = rules.allocate(known, settled)
    assert sum(one.paid for one in found) == min(settled, sum(one.amount for one in known))
    assert all(0 <= one.paid <= one.amount for one in found)
    ages = sorted(found, key=lambda one: (one.due or date.max, one.number))
    later_paid = [one.paid > 0 for one in ages]
    for at, one in enumerate(ages):
        assert one.outstanding == 0 or not any(later_paid[at + 1 :])


@given(schedules, cents)
def test_another_total_is_reached_exactly(known: list[Instalment], total: Decimal) -> None:
    found = rules.resize(known, total)
    assert sum(one.amount for one in found) == total
    assert all(one.amount >= 0 for one in found)


@given(st.lists(st.tuples(days, st.decimals(-1, 100, places=2)), max_size=5), cents)
def test_what_is_agreed_has_days_amounts_and_the_total(rows: list[tuple[date | None, Decimal]], total: Decimal) -> None:
    fits = bool(rows) and all(day and amount > 0 for day, amount in rows) and sum(amount for _, amount in rows) == total
    assert (not rules.schedule_problems(rows, total)) == fits


def test_terms_are_the_whole_and_not_before_the_order() -> None:
    assert rules.terms_problems(terms("30 0 Order, 70 30 Order")) == []
    assert len(rules.terms_problems(terms("30 0 Order, 69.99 30 Order"))) == 1
    assert len(rules.terms_problems(terms("130 0 Order, -30 -1 Order"))) == 2
    assert rules.parts_problems(3, 1, "Months") == []
    assert len(rules.parts_problems(1, 0, "Months")) == 2
