"""Payments settle documents between nothing and their total, in whatever order they come."""

from decimal import Decimal

from ec_erp.posting.rules.payment import Allocation, OpenDocument, allocation_problems, spread_amounts
from hypothesis import given
from hypothesis import strategies as st

ORDER = ("Sales Order", "SO-1")


def document(settled: Decimal) -> OpenDocument:
    return OpenDocument(ORDER, "Buyer", "Co", True, Decimal(100), settled)


@given(st.lists(st.tuples(st.sampled_from(["Receive", "Pay"]), st.integers(-20, 150)), max_size=30))
def test_what_was_received_stays_between_nothing_and_the_total(steps: list[tuple[str, int]]) -> None:
    settled = Decimal(0)
    for kind, amount in steps:
        allocation = Allocation(1, ORDER, Decimal(amount))
        if not allocation_problems(kind, "Buyer", "Co", [allocation], {ORDER: document(settled)}):
            settled += amount if kind == "Receive" else -amount
        assert 0 <= settled <= 100


def test_whose_and_which_documents() -> None:
    allocation = Allocation(1, ORDER, Decimal(1))
    known = {ORDER: document(Decimal(0))}
    assert not allocation_problems("Receive", "Buyer", "Co", [allocation], known)
    assert allocation_problems("Receive", "Other", "Co", [allocation], known)
    assert allocation_problems("Receive", "Buyer", "Co", [allocation], {})
    assert allocation_problems("Receive", "Buyer", "Co", [allocation, allocation], known)
    assert allocation_problems("Internal Transfer", None, "Co", [allocation], known)
    assert allocation_problems("Receive", "Buyer", "Co", [Allocation(1, ("ToDo", "1"), Decimal(1))], {})


REQUEST = ("Payment Request", "PY-1")


@given(st.sampled_from([100, -100]), st.lists(st.tuples(st.sampled_from(["Receive", "Pay"]), st.integers(-150, 150))))
def test_a_request_or_a_credit_stays_between_nothing_and_its_amount(total: int, steps: list[tuple[str, int]]) -> None:
    settled = Decimal(0)
    for kind, amount in steps:
        request = OpenDocument(REQUEST, "S", "Co", True, Decimal(total), settled)
        allocation = Allocation(1, REQUEST, Decimal(amount))
        if not allocation_problems(kind, "S", "Co", [allocation], {REQUEST: request}):
            settled += allocation.settles(kind)
        assert min(0, total) <= settled <= max(0, total)


def test_a_credit_is_settled_by_what_it_takes_off_a_payment() -> None:
    credit = OpenDocument(REQUEST, "S", "Co", True, Decimal(-40))
    for kind, amount, fits in (("Pay", -40, True), ("Receive", 40, True), ("Pay", -41, False), ("Pay", 1, False)):
        found = allocation_problems(kind, "S", "Co", [Allocation(1, REQUEST, Decimal(amount))], {REQUEST: credit})
        assert (not found) is fits, (kind, amount)


def test_a_typed_amount_stays_and_the_others_share_the_rest() -> None:
    documents = [
        OpenDocument(("Sales Order", f"SO-{at}"), "B", "Co", True, Decimal(total)) for at, total in ((1, 100), (2, 60))
    ]
    for paid, typed, expected in (
        (0, (None, None), [100, 60]),
        (130, (None, None), [100, 30]),
        (130, (10, None), [10, 60]),
        (50, (70, None), [70, 0]),
    ):
        wanted = [None if amount is None else Decimal(amount) for amount in typed]
        assert spread_amounts("Receive", documents, wanted, Decimal(paid)) == expected


def test_a_credit_leaves_more_of_the_payment_to_the_others() -> None:
    totals = (("PY-1", -40), ("PY-2", 100))
    documents = [OpenDocument(("Payment Request", name), "S", "Co", True, Decimal(total)) for name, total in totals]
    assert spread_amounts("Pay", documents, [None, None], Decimal(50)) == [-40, 90]
