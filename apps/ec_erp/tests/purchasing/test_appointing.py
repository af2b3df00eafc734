"""Dock slots and appointments: room, what may be announced, who came in time are those of docs/algorithms/dock-slots.md."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from algorithm_tables import Row, number, read_table
from ec_erp.purchasing.rules import appointing
from ec_erp.purchasing.types import (
    AppointedLine,
    AppointmentKept,
    BoughtOrderLine,
    DockException,
    DockLoad,
    DockSlot,
)
from hypothesis import given
from hypothesis import strategies as st

PAGE = "dock-slots.md"
MONDAY = date(2026, 6, 15)
ZERO = Decimal(0)


def slot(name: str = "S", begins: int = 9, most: int = 0, cartons: str = "0", weekdays: str = "0–6") -> DockSlot:
    first, last = (int(part) for part in weekdays.split("–"))
    days = frozenset(range(first, last + 1))
    return DockSlot(name, "W", time(begins), time(begins + 2), days, most, Decimal(cartons))


def order_line(ordered: Decimal, received: Decimal = ZERO) -> BoughtOrderLine:
    return BoughtOrderLine("L", "PO", "A", "W", ordered, Decimal(1), ZERO, received=received)


@pytest.mark.parametrize("row", read_table(PAGE, "Room"))
def test_room(row: Row) -> None:
    one = slot(most=int(row["most deliveries"]), cartons=row["most cartons"], weekdays=row["open on"])
    load = DockLoad(int(row["booked deliveries"]), number(row["booked cartons"]))
    day = MONDAY + timedelta(days=int(row["weekday"]))
    assert appointing.has_room(one, day, number(row["cartons to come"]), load) is (row["room"] == "yes")


def exception(text: str) -> DockException:
    whose, kind, first, last = text.split(" ")
    days = date.fromisoformat(first), date.fromisoformat(last)
    return DockException("W", *days, is_open=kind == "open", slot=None if whose == "all" else whose, reason="holiday")


@pytest.mark.parametrize("row", read_table(PAGE, "Days that differ"), ids=str)
def test_days_that_differ(row: Row) -> None:
    exceptions = tuple(exception(one) for one in row["exceptions"].split(", ") if one)
    one = replace(slot(weekdays="0–5"), exceptions=exceptions)
    day = date.fromisoformat(row["day"])
    assert appointing.has_room(one, day, ZERO, DockLoad(0, ZERO)) is (row["open"] == "yes")


def test_a_closed_day_is_told_with_its_reason_and_what_is_free() -> None:
    closed = exception("all closed 2026-06-15 2026-06-16")
    one = replace(slot(), exceptions=(closed,))
    free = appointing.free_slots([one], MONDAY, ZERO, {})
    assert free[0].day == date(2026, 6, 17)
    found = appointing.closed_problem([closed], "S", MONDAY, "S", free[:1])
    assert found is not None
    assert found.values == ("S", MONDAY, "holiday", "2026-06-17 09:00–11:00")


@pytest.mark.parametrize("row", read_table(PAGE, "What may be announced"))
def test_what_may_be_announced(row: Row) -> None:
    line = order_line(number(row["ordered"]), number(row["received"]))
    qty, elsewhere, tolerance = (number(row[key]) for key in ("announced", "expected elsewhere", "tolerance %"))
    found = appointing.line_problem(1, "A", qty, line, elsewhere, tolerance)
    assert (found is None) is (row["allowed"] == "yes")


@pytest.mark.parametrize("row", read_table(PAGE, "Came in time"))
def test_came_in_time(row: Row) -> None:
    ends, arrived = (datetime.fromisoformat(row[key]) for key in ("window ends", "arrived"))
    assert appointing.arrival_mark(ends, arrived, int(row["minutes of grace"])) == row["mark"]


@pytest.mark.parametrize("row", read_table(PAGE, "Punctuality of a supplier"))
def test_punctuality(row: Row) -> None:
    marks = {"on time": "On Time", "late": "Late", "no-show": "No-Show", "open": ""}
    kept = [AppointmentKept("S", mark) for key, mark in marks.items() for _ in range(int(row[key]))]
    score = appointing.punctuality(kept)
    shown = [str(value) if value is not None else "" for value in (score.late_percent, score.missed_percent)]
    assert (str(score.appointments), *shown) == (row["appointments"], row["late %"], row["no-show %"])


def test_a_full_slot_names_the_next_free_ones() -> None:
    slots = [slot("B", 13, most=1), slot("A", 9, most=1)]
    loads = {("A", MONDAY): DockLoad(1, ZERO)}
    found = appointing.booking_problem(slots[1], MONDAY, ZERO, loads, slots)
    assert found is not None
    assert str(found.values[-1]).startswith("2026-06-15 13:00–15:00, 2026-06-16 09:00–11:00, 2026-06-16 13:00–15:00")
    assert str(found.values[-1]).count("–") == appointing.MOST_TOLD
    assert appointing.booking_problem(slots[0], MONDAY, ZERO, loads, slots) is None


def test_a_closed_day_is_told_apart_from_a_full_one() -> None:
    found = appointing.booking_problem(slot(weekdays="1–5"), MONDAY, ZERO, {}, [])
    assert found is not None
    assert found.message.startswith("{0} is closed on {1}")
    assert found.values[-1] == "–"


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 60)), max_size=12),
    st.integers(0, 3),
    st.integers(0, 100),
    st.integers(0, 60),
)
def test_bookings_that_find_room_never_exceed_it(
    wanted: list[tuple[int, int]], most: int, cartons: int, last: int
) -> None:
    one, loads = slot(most=most, cartons=str(cartons)), {}
    for ahead, qty in [*wanted, (0, last)]:
        key = (one.name, MONDAY + timedelta(days=ahead))
        if appointing.has_room(one, key[1], Decimal(qty), loads.get(key, DockLoad(0, ZERO))):
            loads[key] = appointing.with_one_more(loads.get(key), Decimal(qty))
    assert all(not most or load.deliveries <= most for load in loads.values())
    assert all(not cartons or load.cartons <= cartons for load in loads.values())


@given(st.lists(st.integers(0, 12), max_size=14), st.integers(1, 3), st.integers(0, 30))
def test_free_slots_have_room_and_come_in_order(booked: list[int], most: int, cartons: int) -> None:
    slots = [slot("A", 9, most=most), slot("B", 13, most=most)]
    loads = {("A", MONDAY + timedelta(days=at)): DockLoad(count, ZERO) for at, count in enumerate(booked)}
    free = appointing.free_slots(slots, MONDAY, Decimal(cartons), loads)
    moments = [(one.day, one.slot.begins) for one in free]
    assert moments == sorted(moments)
    assert len(free) == appointing.MOST_TOLD
    assert all(loads.get((one.slot.name, one.day), DockLoad(0, ZERO)).deliveries < most for one in free)


def test_a_window_is_the_whole_day_where_nobody_said_one() -> None:
    begins, ends = appointing.window_of(MONDAY, None, None)
    assert (begins, ends.date(), ends.time() > time(23, 59)) == (datetime(2026, 6, 15), MONDAY, True)
    assert appointing.window_problem("W", time(11), time(9)) is not None
    assert appointing.window_problem("W", time(9), None) is None


def test_a_no_show_is_known_when_the_day_is_over() -> None:
    ends = datetime(2026, 6, 15, 11)
    assert not appointing.has_failed_to_come(ends, datetime(2026, 6, 15, 23))
    assert appointing.has_failed_to_come(ends, datetime(2026, 6, 16, 0, 1))


def test_goods_of_other_orders_and_rows_listed_twice_are_refused() -> None:
    line = order_line(Decimal(5))
    assert appointing.line_problem(1, "B", Decimal(1), line, ZERO, ZERO) is not None
    assert appointing.line_problem(1, "A", ZERO, line, ZERO, ZERO) is not None
    assert [one.values for one in appointing.twice([(1, "A", "L"), (2, "A", "M"), (3, "A", "L")])] == [(3, "A")]


def test_what_came_is_told_by_row() -> None:
    lines = [AppointedLine("r1", "PO", "L1", "A", Decimal(5)), AppointedLine("r2", "PO", "L2", "B", Decimal(2))]
    assert appointing.came(lines, {"L1": Decimal(4), "L9": Decimal(1)}) == {"r1": 4, "r2": 0}
