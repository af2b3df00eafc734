"""The order machine does what its table says and nothing else."""

import pytest
from ec_erp.orders.rules import machine
from ec_erp.orders.types import ShopTerms


def shop(reserve_on: str) -> ShopTerms:
    return ShopTerms("S", "Co", "CNY", reserve_on=reserve_on)


@pytest.mark.parametrize(
    ("terms", "paid", "status"),
    [
        (None, False, "To Ship"),
        (shop("Order"), False, "To Ship"),
        (shop("Pay"), False, "Unpaid"),
        (shop("Pay"), True, "To Ship"),
        (shop("Audit"), True, "To Audit"),
    ],
)
def test_the_shop_decides_how_an_order_is_accepted(terms: ShopTerms | None, paid: bool, status: str) -> None:
    assert machine.next_status(machine.DRAFT, machine.acceptance(terms, paid=paid)) == status


def test_what_the_table_does_not_have_does_not_happen() -> None:
    with pytest.raises(machine.NoTransition) as refused:
        machine.next_status(machine.SHIPPED, machine.CANCEL)
    assert (refused.value.status, refused.value.event) == ("Shipped", "cancel")


def test_every_order_that_is_not_shipped_can_be_cancelled() -> None:
    accepted = {to for (start, _), to in machine.TRANSITIONS.items() if start == machine.DRAFT}
    assert {machine.next_status(status, machine.CANCEL) for status in accepted} == {machine.CANCELLED}


def test_every_accepted_order_can_come_to_be_shipped() -> None:
    reached = {machine.DRAFT}
    while more := {to for (start, _), to in machine.TRANSITIONS.items() if start in reached} - reached:
        reached |= more
    assert machine.SHIPPED in reached
    assert set(machine.TRANSITIONS.values()) <= reached


def test_only_shortage_lets_an_order_go_on() -> None:
    assert machine.blocking(["Shortage"]) == ()
    assert machine.blocking(["Shortage", "Refund Applied"]) == ("Refund Applied",)
