"""Payment decides whether an order goes on; the promise starts with it."""

from datetime import datetime, time

import pytest
from algorithm_tables import read_table
from ec_erp.orders.rules.payment import payment_state, payment_type
from ec_erp.orders.rules.promise import forecast, handling_left, ship_by, urgency
from ec_erp.orders.types import ShopTerms

PAY_SHOP = ShopTerms("S", "Co", "CNY", reserve_on="Pay")
NOON = datetime(2026, 5, 1, 12)


@pytest.mark.parametrize(
    ("given", "terms", "paid", "kind"),
    [
        ("", None, False, "On Account"),
        ("", None, True, "Prepaid"),
        ("", PAY_SHOP, False, "Prepaid"),
        ("Cash on Delivery", PAY_SHOP, False, "Cash on Delivery"),
    ],
)
def test_payment_type(given: str, terms: ShopTerms | None, paid: bool, kind: str) -> None:
    assert payment_type(given, terms, paid=paid) == kind


@pytest.mark.parametrize(
    ("kind", "paid", "deposit", "state"),
    [
        ("Prepaid", False, False, "Unpaid"),
        ("Prepaid", True, False, "Paid"),
        ("On Account", False, False, "On Account"),
        ("Cash on Delivery", False, False, "Collect"),
        ("Deposit", False, False, "Unpaid"),
        ("Deposit", False, True, "Deposit Paid"),
        ("Deposit", True, True, "Paid"),
    ],
)
def test_payment_state(kind: str, paid: bool, deposit: bool, state: str) -> None:
    assert payment_state(kind, paid=paid, deposit_paid=deposit) == state


def test_the_promise_starts_with_the_payment() -> None:
    assert ship_by(NOON, datetime(2026, 5, 1, 18), 48) == datetime(2026, 5, 3, 18)
    assert ship_by(NOON, None, 24) == datetime(2026, 5, 2, 12)
    assert ship_by(NOON, None, 0) is None


@pytest.mark.parametrize(("hour", "word"), [(1, "In Time"), (12, "Soon"), (14, "Soon"), (23, "Late")])
def test_urgency(hour: int, word: str) -> None:
    assert urgency(datetime(2026, 5, 1, 22), datetime(2026, 5, 1, hour)) == word


@pytest.mark.parametrize("row", read_table("order-promise.md", "Forecast"))
def test_forecast(row: dict[str, str]) -> None:
    now = datetime.combine(datetime(2026, 5, 1), time.fromisoformat(row["now"]))
    left = handling_left(row["status"], 8)
    assert forecast(datetime(2026, 5, 1, 22), now, left, stopped=row["stopped"] == "yes") == row["shown"]
