"""The order machine does what its table says and nothing else; no path skips a guard."""

from dataclasses import fields, replace

import pytest
from ec_erp.orders.rules import blocks, machine
from ec_erp.orders.types import GuardFacts, ShopTerms
from hypothesis import given
from hypothesis import strategies as st

READY = GuardFacts(
    paid=True,
    deposit_paid=True,
    presale=True,
    presale_ready=True,
    mapped=True,
    sourced=True,
    carried=True,
    stocked=True,
    reserved=True,
)
EVENTS = sorted({event for _, event in machine.TRANSITIONS})
# What must have held when an order came into a status, whatever way it took.
ASKED = {
    machine.TO_PROCESS: (),
    machine.TO_AUDIT: (),
    machine.AUDITED: ("paid", "mapped", "sourced", "carried", "stocked"),
    machine.TO_FINANCE_AUDIT: ("paid", "mapped", "sourced", "carried", "stocked", "finance_audit"),
}
facts = st.builds(
    GuardFacts,
    blocking=st.sampled_from([(), ("Manual",)]),
    **{field.name: st.booleans() for field in fields(GuardFacts) if field.name != "blocking"},
)


def walk(*events: str, given: GuardFacts = READY) -> machine.Path:
    path = machine.Path(machine.DRAFT)
    for event in events:
        path = path.then(event, given)
    return path


def test_the_straight_way() -> None:
    path = walk(
        machine.ACCEPT, machine.PAY, machine.PREPARE, machine.AUDIT, machine.ALLOCATE, machine.PICK, machine.PACK
    )
    assert [status for _, status in path.steps] == [
        "Unpaid", "To Process", "To Audit", "Audited", "To Ship", "Picking", "Packed",
    ]  # fmt: skip
    assert path.then(machine.DELIVER_ALL, READY).then(machine.FINISH, READY).status == "Done"


def test_what_the_table_does_not_have_does_not_happen() -> None:
    with pytest.raises(machine.NoTransition) as refused:
        machine.next_status(machine.SHIPPED, machine.CANCEL, READY)
    assert (refused.value.status, refused.value.event) == ("Shipped", "cancel")


def test_every_guard_that_fails_is_named() -> None:
    with pytest.raises(machine.Held) as held:
        machine.next_status(machine.TO_AUDIT, machine.AUDIT, replace(READY, blocking=("Remark",), stocked=False))
    assert held.value.guards == (machine.UNBLOCKED, machine.STOCKED)


def test_an_order_that_is_not_shipped_can_be_cancelled_wherever_it_is() -> None:
    assert {machine.next_status(status, machine.CANCEL, GuardFacts()) for status in machine.LIVE} == {"Cancelled"}
    for status in machine.LIVE:
        assert not machine.can(status, machine.CANCEL, GuardFacts(shipped=True))


def test_every_status_is_reached_and_has_a_word_for_what_comes_next() -> None:
    reached, least = {machine.DRAFT}, set(machine.LIVE)
    while (
        more := {transition.to for (start, _), transition in machine.TRANSITIONS.items() if start in reached} - reached
    ):
        reached |= more
    assert reached == {machine.DRAFT, machine.SHIPPED, *machine.ENDED, *least}


@pytest.mark.parametrize("status", machine.RELEASED)
def test_a_block_stops_every_step_of_the_warehouse(status: str) -> None:
    blocked = replace(READY, blocking=("Refund Applied",))
    for event in (machine.PICK, machine.PACK, machine.DELIVER_PART, machine.DELIVER_ALL):
        assert not machine.can(status, event, blocked)
    assert machine.can(status, machine.RECALL, blocked)


@given(st.lists(st.tuples(st.sampled_from(EVENTS), facts), max_size=40))
def test_no_path_skips_a_guard(steps: list[tuple[str, GuardFacts]]) -> None:
    path = machine.Path(machine.DRAFT)
    audited = paid = False
    for event, seen in steps:
        try:
            path = path.then(event, seen)
        except machine.NoTransition:
            continue
        assert all(getattr(seen, name) for name in ASKED.get(path.status, ()))
        paid = paid or event == machine.PAY or event == machine.RELEASE
        audited = path.status == machine.AUDITED or (audited and event not in (machine.RECALL, machine.REPROCESS))
        if path.status in machine.PREPARING:
            assert paid
        if event == machine.ALLOCATE:
            assert audited
            assert seen.reserved
            assert not seen.blocking
        if event in (machine.MERGE, machine.SPLIT_UP, machine.RECALL, machine.CANCEL):
            assert not seen.shipped


@given(st.sampled_from(sorted(machine.TRANSITIONS)), st.sampled_from(sorted(blocks.CATALOGUE)))
def test_a_blocking_reason_stops_every_forward_event(key: tuple[str, str], code: str) -> None:
    forward = {
        machine.RELEASE, machine.AUDIT, machine.PASS_TO_FINANCE, machine.FINANCE_AUDIT, machine.ALLOCATE,
        machine.PICK, machine.PACK,
    }  # fmt: skip
    facts = replace(READY, blocking=blocks.blocking([code]), finance_audit=key[1] == machine.PASS_TO_FINANCE)
    if key[1] in forward and key[0] != machine.SHIPPED:
        assert machine.can(*key, facts) is not blocks.is_blocking(code)


def shop(reserve_on: str) -> ShopTerms:
    return ShopTerms("S", "Co", "CNY", reserve_on=reserve_on)


@pytest.mark.parametrize(
    ("terms", "statuses"),
    [
        (None, ["Unpaid", "To Process", "To Audit", "Audited", "To Ship"]),
        (shop("Order"), ["Unpaid", "To Process", "To Audit", "Audited", "To Ship"]),
        (shop("Pay"), ["To Process", "To Audit", "Audited", "To Ship"]),
        (shop("Audit"), ["Audited", "To Ship"]),
    ],
)
def test_the_shop_says_when_stock_is_put_aside(terms: ShopTerms | None, statuses: list[str]) -> None:
    straight = ("Draft", "Unpaid", "To Process", "To Audit", "Audited", "To Ship")
    assert [status for status in straight if machine.reserves(status, terms)] == statuses


def test_warnings_do_not_block() -> None:
    assert blocks.blocking(["Shortage"]) == ()
    assert blocks.blocking(["Shortage", "Refund Applied", "Refund Applied"]) == ("Refund Applied",)
    assert blocks.summary(["Shortage", "Refund Applied"]) == "Refund Applied, Shortage"
    assert blocks.is_blocking("Something an administrator added")
