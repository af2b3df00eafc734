"""Stock is promised in order, never beyond what is available; what a line holds adds up."""

from dataclasses import replace
from decimal import Decimal

from algorithm_tables import number, read_table
from ec_erp.inventory.rules import reserving
from ec_erp.inventory.rules.reservation import allocate, changes_for, of_one_quota
from ec_erp.inventory.types import Allocation, Balance, Quota, Reservation, ReservationRequest, StockKey
from hypothesis import given
from hypothesis import strategies as st

A, B = StockKey("A", "W"), StockKey("B", "W")


def requests_of(row: dict[str, str]) -> list[ReservationRequest]:
    wanted = [(A, row["wants A"]), (B, row["wants B"])]
    partial = row["whole"] == "no"
    return [
        ReservationRequest(row["order"], f"{row['order']}-{key.sku}", key, Decimal(qty), partial)
        for key, qty in wanted
        if qty
    ]


def test_the_orders_of_the_page() -> None:
    rows = read_table("reservation.md", "Who gets what")
    requests = [request for row in rows for request in requests_of(row)]
    stock = {A: Balance(on_hand=Decimal(10)), B: Balance(on_hand=Decimal(3))}
    allocations, shortages = allocate(stock, requests)
    got = {(found.request.group, found.request.key.sku): found.qty for found in allocations}
    wanted = {
        (row["order"], sku): number(row[f"gets {sku}"]) for row in rows for sku in ("A", "B") if row[f"gets {sku}"]
    }
    assert got == wanted
    named = [f"{short.key.sku}: {short.needed} needed, {short.available} available" for short in shortages]
    assert named == [row["short"] for row in rows if row["short"]]


orders = st.lists(st.tuples(st.sampled_from([A, B]), st.integers(min_value=1, max_value=9), st.booleans()), max_size=30)


@given(orders, st.integers(min_value=0, max_value=30))
def test_never_more_is_promised_than_there_is(wanted: list[tuple[StockKey, int, bool]], stock: int) -> None:
    requests = [
        ReservationRequest(str(at), str(at), key, Decimal(qty), partial)
        for at, (key, qty, partial) in enumerate(wanted)
    ]
    allocations, _ = allocate({A: Balance(on_hand=Decimal(stock))}, requests)
    assert sum(found.qty for found in allocations if found.request.key == A) <= stock
    assert not sum(found.qty for found in allocations if found.request.key == B)
    assert all(found.qty == found.request.qty for found in allocations if not found.request.partial)


def held(qty: int, consumed: int = 0, released: int = 0) -> Reservation:
    return Reservation("line", A, Decimal(qty), Decimal(consumed), Decimal(released))


def test_a_delivery_takes_from_its_reservation_at_the_same_warehouse() -> None:
    after, own, change = reserving.consumed(held(5), Decimal(3), "W")
    assert (after.held, own, change) == (2, 3, None)


def test_a_delivery_from_elsewhere_gives_the_promise_back() -> None:
    after, own, change = reserving.consumed(held(5), Decimal(3), "Elsewhere")
    assert (after.held, own) == (2, 0)
    assert change is not None
    assert (change.key, change.reserved) == (A, -3)


def test_a_cancelled_delivery_promises_again() -> None:
    after, change = reserving.restored(held(5, consumed=5), Decimal(2))
    assert (after.held, after.status, change.reserved) == (2, "Held", 2)


def test_states_of_a_reservation() -> None:
    assert held(5).status == "Held"
    assert held(5, consumed=5).status == "Consumed"
    assert held(5, released=5).status == "Released"
    assert reserving.released(held(5, consumed=2))[0].status == "Consumed"


def test_a_line_that_holds_nothing_any_more_starts_anew_as_soft_as_it_asks() -> None:
    request = ReservationRequest("SO", "line", A, Decimal(2), soft=True)
    again = reserving.topped_up(held(5, consumed=5), Decimal(2), Allocation(request, Decimal(2)))
    assert (again.held, again.soft) == (2, True)


def test_a_line_that_holds_something_stays_as_it_is() -> None:
    request = ReservationRequest("SO", "line", A, Decimal(2), soft=True)
    assert not reserving.topped_up(held(5), Decimal(2), Allocation(request, Decimal(2))).soft


def test_a_line_takes_from_one_quota_and_gives_back_to_it() -> None:
    request = ReservationRequest("SO", "line", A, Decimal(2), channel_group="VIP")
    before = replace(held(5, consumed=2), quota="OLD", from_quota=Decimal(2))
    (bound,) = of_one_quota([request], {"line": before}, [Quota("NEW", A, "VIP", Decimal(9))])
    (same,) = of_one_quota([request], {"line": before}, [Quota("OLD", A, "VIP", Decimal(9))])
    assert (bound.channel_group, same.channel_group) == (None, "VIP")


def test_a_quota_gives_no_more_than_is_there() -> None:
    request = ReservationRequest("SO", "line", A, Decimal(3), partial=True, channel_group="VIP")
    stock = {A: Balance(on_hand=Decimal(2), locked=Decimal(4))}
    (got,), _ = allocate(stock, [request], [Quota("Q", A, "VIP", Decimal(4))])
    (change,) = changes_for([got])
    assert (got.qty, got.from_quota) == (2, 2)
    assert (change.needs, change.needs_in_all) == (None, 2)
