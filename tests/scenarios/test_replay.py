"""Whatever happens to a seller, everything that is stored can be rebuilt from ledgers and documents, to the cent.

Some hundreds of random operations here; `benchmarks/replay.py` does tens of thousands. What is rebuilt from what:
docs/algorithms/replay.md.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from frappe_engine.testing import temporary_site
from frappe_engine.testing.fingerprints import changed_tables, fingerprint
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from random_trade import REFUSED, Trade

OPERATIONS = 700
LAST = (
    "receive", "order_goods", "book_in", "sell", "deliver", "sell_over_the_counter", "pay", "transfer", "send_transfer", "count",
    "change_grade", "keep_quota", "stock_bins", "sell_from_bins", "order_prepaid", "land_costs", "sell_presale",
)  # fmt: skip
EXAMPLES, STEPS = 5, 12


@pytest.fixture(scope="module")
def traded(site_apps: tuple[str, ...]) -> Iterator[tuple[Any, Trade]]:
    """A site on which some hundreds of operations were tried, and what became of them."""
    with temporary_site(site_apps) as site, site.connected():
        import frappe

        trade = Trade(frappe, seed=2)
        trade.prepare()
        for _ in range(OPERATIONS):
            trade.step()
        for name in LAST:  # whatever was cancelled at random: one of each kind stands at the end
            trade.insist(name)
        yield frappe, trade
        frappe.db.rollback()


def test_nothing_goes_wrong_but_what_is_refused(traded: tuple[Any, Trade]) -> None:
    _, trade = traded
    assert trade.errors == []
    assert len(trade.done) > 30, trade.done
    assert trade.done.total() > trade.refused.total() > 20


def test_everything_comes_out_as_it_is_stored(traded: tuple[Any, Trade]) -> None:
    from ec_erp.inventory.store.checks import load_contradictions
    from ec_erp.posting.flows.verify import verify_ledgers
    from ec_erp.replay.flows import replay

    assert [str(found) for found in replay()] == []
    assert verify_ledgers(lambda _stage: None) == []
    # Goods found broken or missing that are promised already are a true incident, not a wrong figure.
    assert [found for found in load_contradictions() if found.invariant != "Oversold"] == []


CORRUPTIONS = [
    ("Stock Balance", "on_hand"),
    ("Stock Balance", "reserved"),
    ("Stock Balance", "available"),
    ("Stock Balance", "on_order"),
    ("Stock Balance", "in_transit"),
    ("Stock Balance", "value"),
    ("Stock Balance", "defective"),
    ("Stock Balance", "locked"),
    ("Stock Balance", "last_cost"),
    ("Stock Layer", "value_left"),
    ("Bin Balance", "on_hand"),
    ("Stock Quota", "used_qty"),
    ("Stock Reservation", "consumed_qty"),
    ("Stock Ledger Entry", "qty_change"),
    ("Stock Ledger Entry", "value_change"),
    ("GL Entry", "debit"),
    ("Sales Order Item", "delivered_qty"),
    ("Sales Order Item", "reserved_qty"),
    ("Sales Order Item", "delivered_amount"),
    ("Delivery Note Item", "returned_qty"),
    ("Delivery Note Item", "qty"),
    ("Purchase Order Item", "received_qty"),
    ("Purchase Receipt Item", "returned_qty"),
    ("Purchase Receipt Item", "net_amount"),
    ("Payment Entry", "paid_amount"),
    ("Stock Entry Item", "qty"),
    ("Stock Transfer Item", "received_qty"),
    ("Grade Change Item", "qty"),
    ("Stock Count Item", "variance"),
    ("Sales Order", "grand_total"),
    ("Payment Request", "paid_amount"),
    ("Payment Request", "offset_amount"),
    ("Bin Balance", "allocated"),
    ("Bin Balance", "frozen"),
    ("Landed Cost Charge", "amount"),
]


def wanted(doctype: str) -> dict[str, Any]:
    """Return filters for rows that count: of submitted documents, and layers that are open."""
    if doctype == "Stock Layer":
        return {"qty_left": (">", 0)}
    if doctype == "Bin Balance":
        return {"grade": "Good"}
    if doctype == "Payment Request":
        return {"kind": "Prepayment", "status": ("!=", "Cancelled")}
    return {"docstatus": 1} if doctype in ("Payment Entry", "Landed Cost Charge") or doctype.endswith(" Item") else {}


@pytest.mark.parametrize(("doctype", "field"), CORRUPTIONS)
def test_a_figure_that_was_changed_is_found(traded: tuple[Any, Trade], doctype: str, field: str) -> None:
    from ec_erp.replay.flows import replay

    frappe, _ = traded
    (row,) = frappe.get_all(doctype, filters=wanted(doctype), fields=["name", field], order_by="name desc", limit=1)
    frappe.db.savepoint("corrupted")
    frappe.db.set_value(doctype, row.name, field, row[field] + 0.01, update_modified=False)
    found = [str(difference) for difference in replay()]
    frappe.db.rollback(save_point="corrupted")
    assert found != []


STATUSES = [
    ("Sales Order", "To Ship"),
    ("Delivery Note", "Shipped"),
    ("Purchase Order", "Approved"),
    ("Purchase Receipt", "Received"),
]


@pytest.mark.parametrize(("doctype", "status"), STATUSES)
def test_a_status_that_was_changed_is_found(traded: tuple[Any, Trade], doctype: str, status: str) -> None:
    from ec_erp.replay.flows import replay

    frappe, _ = traded
    name = frappe.get_all(doctype, filters={"docstatus": 1, "status": status}, pluck="name", limit=1)[0]
    frappe.db.savepoint("corrupted")
    frappe.db.set_value(doctype, name, "status", "Draft", update_modified=False)
    found = [difference.field for difference in replay() if name in difference.where]
    frappe.db.rollback(save_point="corrupted")
    assert "status" in found


STATES = [
    ("Sales Order", "payment_state", "Unpaid", "Paid"),
    ("Sales Order", "payment_state", "On Account", "Paid"),
    ("Sales Order", "checked", 0, 1),
    ("Sales Order", "handed_over", 0, 1),
    ("Stock Reservation", "soft", 0, 1),
    ("Serial No", "status", "In Stock", "Out"),
    ("Serial No", "grade", "Good", "Defective"),
    ("Payment Request", "status", "Open", "Paid"),
    ("Purchase Order", "settlement_state", "To Pay", "Paid"),
]


@pytest.mark.parametrize(("doctype", "field", "right", "wrong"), STATES)
def test_a_state_that_was_changed_is_found(
    traded: tuple[Any, Trade], doctype: str, field: str, right: Any, wrong: Any
) -> None:
    from ec_erp.replay.flows import replay

    frappe, _ = traded
    live = {"Sales Order": {"docstatus": 1, "status": ("in", ("To Ship", "To Audit", "Unpaid"))},
            "Stock Reservation": {"status": "Held", "voucher_type": "Sales Order"}}.get(doctype, {})  # fmt: skip
    name = frappe.get_all(doctype, filters={**live, field: right}, pluck="name", order_by="name desc", limit=1)[0]
    frappe.db.savepoint("corrupted")
    frappe.db.set_value(doctype, name, field, wrong, update_modified=False)
    found = {difference.field for difference in replay()}
    frappe.db.rollback(save_point="corrupted")
    assert field in found


def test_what_is_refused_leaves_no_trace(traded: tuple[Any, Trade]) -> None:
    frappe, trade = traded
    refused: set[str] = set()
    before = fingerprint()
    for name in sorted(trade.operations):
        frappe.db.savepoint("before")
        if trade.operate(name, in_savepoint=True) == REFUSED:
            assert changed_tables(before, fingerprint()) == [], name
            refused.add(name)
        frappe.db.rollback(save_point="before")
    assert len(refused) > 8


class _Machine(RuleBasedStateMachine):
    """Operations in any order, each looked at at once; what shrinks is the shortest way to a contradiction."""

    trade: Trade
    frappe: Any

    @initialize(seed=st.integers(0, 2**16))
    def start(self, seed: int) -> None:
        self.trade = Trade(self.frappe, seed)
        for name in ("receive", "receive", "sell", "transfer", "order_goods"):
            self.trade.operate(name, in_savepoint=True)

    @rule(name=st.sampled_from(sorted(Trade.names_of_operations())))
    def operate(self, name: str) -> None:
        from ec_erp.replay.flows import replay

        self.trade.operate(name, in_savepoint=True)
        assert self.trade.errors == []
        assert [str(found) for found in replay()] == []

    def teardown(self) -> None:
        self.frappe.db.rollback()


def test_any_order_of_operations(site_apps: tuple[str, ...]) -> None:
    with temporary_site(site_apps) as site, site.connected():
        import frappe

        Trade(frappe).prepare()
        machine = type("Machine", (_Machine,), {"frappe": frappe})
        case = machine.TestCase
        case.settings = settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck)
        )
        case().runTest()
