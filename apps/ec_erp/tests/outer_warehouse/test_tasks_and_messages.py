"""Tasks and messages of providers: what is sent when, what a confirmation makes of a task, what can be read."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from ec_erp.kernel.outbox import after_failure, is_due, next_try
from ec_erp.outer_warehouse.rules import messages, signing, tasks
from ec_erp.outer_warehouse.rules.tasks import TaskLine
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 11, 23, 10)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def line(sku: str, qty: int, confirmed: int = 0) -> TaskLine:
    return TaskLine(f"{sku}-{qty}", sku, Decimal(qty), Decimal(confirmed))


DUE = [
    tasks.Due("1", tasks.CANCEL, "A", cancels="0"),
    tasks.Due("2", tasks.OUTBOUND, "A"),
    tasks.Due("3", tasks.OUTBOUND, "B"),
    tasks.Due("4", tasks.INBOUND, "A"),
]


def test_an_order_waits_for_its_cancellation() -> None:
    assert tasks.sendable(DUE, ["A"], []) == ["1", "3", "4"]


def test_a_cancellation_waits_for_the_answer_to_its_order() -> None:
    assert tasks.sendable(DUE, ["A"], ["0"]) == ["3", "4"]
    assert tasks.sendable(DUE, ["A"], ["3"]) == ["1", "3", "4"]


@pytest.mark.parametrize(
    ("status", "tries", "asked"),
    [("Queued", 0, False), ("Queued", 1, True), ("Failed", 1, True), ("Sent", 1, True), ("With Provider", 1, True)],
)
def test_a_provider_is_asked_where_it_may_have_heard(status: str, tries: int, asked: bool) -> None:
    assert tasks.must_ask(status, tries) is asked


def test_numbers_of_later_tries_differ() -> None:
    assert [tasks.number_for("SO-1", earlier) for earlier in range(3)] == ["SO-1", "SO-1-2", "SO-1-3"]


def test_confirmations_fill_rows_in_turn() -> None:
    after = tasks.confirmed([line("A", 2), line("A", 3), line("B", 1)], {"A": Decimal(4)})
    assert [row.confirmed for row in after] == [2, 2, 0]
    assert tasks.after_confirmation(after, final=False) == tasks.PART
    assert tasks.after_confirmation(after, final=True) == tasks.SHORT
    assert tasks.in_flight(after) == {"A": 1, "B": 1}


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.integers(0, 60))
def test_nothing_confirmed_is_lost(wanted: list[int], came: int) -> None:
    after = tasks.confirmed([line("A", qty) for qty in wanted], {"A": Decimal(came)})
    assert sum(row.confirmed for row in after) == came
    assert (tasks.after_confirmation(after, final=True) == tasks.DONE) == (came >= sum(wanted))


def test_pauses_grow_and_end() -> None:
    assert [(next_try(NOW, tries) - NOW).seconds // 60 for tries in (1, 2, 3, 9)] == [1, 2, 4, 120]
    assert (after_failure(7, again=True), after_failure(8, again=True), after_failure(1, again=False)) == (
        "Queued",
        "Failed",
        "Failed",
    )
    assert (is_due("Sent", NOW, NOW), is_due("Sent", datetime(2026, 11, 23, 9, 49), NOW)) == (False, True)


def test_every_change_breaks_a_signature() -> None:
    given = signing.signature("key", "1", "m", b"{}")
    assert signing.is_signed("key", "1", "m", b"{}", given.upper())
    changed = [("kez", "1", "m", b"{}"), ("key", "2", "m", b"{}"), ("key", "1", "n", b"{}"), ("key", "1", "m", b"{} ")]
    assert not any(signing.is_signed(*one, given) for one in changed)
    assert not signing.is_signed("", "1", "m", b"{}", signing.signature("", "1", "m", b"{}"))


def test_the_signature_of_the_documentation() -> None:
    # printf '1700000000\nM1\n{"a":1}' | openssl dgst -sha256 -hmac secret
    assert signing.signature("secret", "1700000000", "M1", b'{"a":1}') == (
        "0bf69a2aa75766961c49e412c15d81a110e9cfb8efe86e9e7ca44afe0923d84e"
    )


def test_old_messages_are_not_fresh() -> None:
    assert [signing.is_fresh(text, 1000) for text in ("700", "699", "1300", "1301", "-5", "")] == [
        *(True, False, True, False, False, False)
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"order_no": "A", "shipped_at": "soon", "parcels": [{"lines": [{"sku": "A"}]}]}, "shipped_at"),
        ({"order_no": "A", "shipped_at": "2026-11-23", "parcels": []}, "parcels"),
        ({"order_no": "A", "shipped_at": "2026-11-23", "parcels": [{"lines": [{"sku": "A", "qty": -1}]}]}, "qty"),
        ({"order_no": "A", "shipped_at": "2026-11-23", "parcels": [{"lines": [{"sku": "A", "qty": "NaN"}]}]}, "qty"),
        ({"order_no": "A", "shipped_at": "2026-11-23", "parcels": [{"lines": [{"qty": 1}]}]}, "sku"),
        ({"order_no": 5, "shipped_at": "2026-11-23", "parcels": [{"lines": [{"sku": "A"}]}]}, "order_no"),
    ],
)
def test_what_cannot_be_read_is_named(body: dict[str, object], field: str) -> None:
    (found,) = messages.problems_of(messages.SHIPPED, body)
    assert field in str(found.values[0])


def test_times_become_the_sites_own() -> None:
    assert messages.moment_in("2026-11-23T02:00:00Z", SHANGHAI) == NOW
    assert messages.moment_in("2026-11-23 10:00:00", SHANGHAI) == NOW


def test_final_and_whole_are_only_what_is_said() -> None:
    parcels = [{"carrier": "SF", "lines": [{"sku": "A", "qty": "1.5"}]}]
    body = {"order_no": "A", "shipped_at": "2026-11-23 10:00:00", "parcels": parcels}
    shipment = messages.read_shipment(body, SHANGHAI)
    assert (shipment.final, shipment.parcels[0].lines[0].qty, shipment.moment) == (False, Decimal("1.5"), NOW)
    assert messages.read_shipment({**body, "final": True}, SHANGHAI).final
    assert not messages.read_snapshot({"taken_at": "2026-11-23", "lines": [{"sku": "A"}]}, SHANGHAI).whole
