"""Orders that are delivered in turns: dates, orders made once, skips, stops, money to the cent."""

from datetime import date, datetime, timedelta
from unittest.mock import patch

import frappe
from frappe.utils import add_days, getdate, nowdate

from ec_erp.documents.errors import DocumentRefused
from ec_erp.orders import flows
from ec_erp.orders.errors import OrderNotReady
from ec_erp.orders.flows import clock, cycles, ruling
from ec_erp.testing import TradeCase, again, counting, new, only_our_statements, submitted

API = "ec_erp.orders.cycle_api"


class TestDeliveryCycle(TradeCase):
    """Cups, of which there are twenty, ordered for several deliveries."""

    def setUp(self):
        super().setUp()
        self.addCleanup(ruling.forget_settings)
        self.buy(self.a, 20, 5)
        self.buy(self.b, 20, 3)

    def periodic(self, *lines, **fields):
        """Return a paid order of cups in three weekly deliveries from today on, and its cycle."""
        values = {"cycle_times": 3, "cycle_every": 1, "cycle_period": "Weeks", "cycle_first_date": nowdate(),
                  "paid_datetime": frappe.utils.now_datetime(), **fields}  # fmt: skip
        order = again(self.order(*(lines or [(self.a, 7, 10)]), **values))
        return order, frappe.get_doc("Delivery Cycle", order.delivery_cycle)

    def made(self, cycle):
        names = [row.sales_order for row in again(cycle).turns if row.sales_order]
        return [frappe.get_doc("Sales Order", name) for name in names]

    def on(self, day):
        """Let the scheduler's clock work on a day."""
        with self.clock_at(datetime.combine(getdate(day), datetime.min.time())):
            return clock.run_due()["deliveries made"]

    def clock_at(self, moment):
        return patch.object(frappe.utils, "now_datetime", lambda: moment)

    def turns(self, cycle):
        return [(row.number, row.share, str(row.due_date), row.state) for row in again(cycle).turns]

    def test_a_paid_order_ends_as_spread_and_holds_nothing(self):
        order, cycle = self.periodic()
        assert (order.status, cycle.status, cycle.sales_order) == ("Split", "Active", order.name)
        assert [str(row.due_date) for row in cycle.turns] == [str(add_days(nowdate(), 7 * at)) for at in range(3)]
        assert (self.stock(self.a)["reserved"], cycle.total_amount, cycle.left_amount) == (0, 70, 70)

    def test_an_unpaid_one_waits_for_its_money_and_holds_nothing(self):
        order = self.order((self.a, 7, 10), cycle_times=3)
        assert (order.status, order.payment_type, self.stock(self.a)["reserved"]) == ("Unpaid", "Prepaid", 0)
        flows.pay_orders([order.name])
        assert frappe.db.count("Delivery Cycle", {"sales_order": order.name}) == 1

    def test_each_delivery_becomes_an_ordinary_order_when_it_is_near(self):
        order, cycle = self.periodic(cycle_lead_days=2)
        self.on(nowdate())
        (first,) = self.made(cycle)
        assert (first.status, first.payment_state, first.items[0].qty) == ("To Ship", "Paid", 3)
        assert (first.split_from, first.delivery_cycle, first.cycle_number) == (order.name, cycle.name, 1)
        assert str(first.ship_by) == f"{nowdate()} 23:59:59"
        assert self.stock(self.a)["reserved"] == 3
        assert self.on(add_days(nowdate(), 4)) == 0
        assert self.on(add_days(nowdate(), 5)) == 1, "two days before the second one is due"
        assert self.stock(self.a)["reserved"] == 5
        self.deliver(first)
        assert again(first).status == "Shipped"

    def test_two_runs_never_make_two_orders(self):
        _, cycle = self.periodic()
        assert (len(cycles.make_due([cycle.name])), cycles.make_due([cycle.name])) == (1, [])
        assert self.on(nowdate()) == 0
        assert len(self.made(cycle)) == 1

    def test_a_run_that_dies_leaves_nothing_and_is_made_up_for(self):
        order, cycle = self.periodic()
        frappe.db.savepoint("died")
        cycles.make_due([cycle.name])
        frappe.db.rollback(save_point="died")
        assert frappe.db.count("Sales Order", {"split_from": order.name}) == 0
        assert len(cycles.make_due([cycle.name])) == 1

    def test_deliveries_that_were_missed_are_all_made(self):
        _, cycle = self.periodic()
        self.on(add_days(nowdate(), 30))
        assert ([doc.cycle_number for doc in self.made(cycle)], again(cycle).status) == ([1, 2, 3], "Done")

    def test_the_orders_come_to_what_was_paid_to_the_cent(self):
        order, cycle = self.periodic((self.a, 7, 9.99), (self.b, 1, 3.33), discount_amount=1.01, shipping_fee=5)
        self.on(add_days(nowdate(), 30))
        docs = self.made(cycle)
        assert round(sum(doc.grand_total for doc in docs), 2) == order.grand_total
        assert [row.amount for row in again(cycle).turns] == [doc.grand_total for doc in docs]
        assert [[row.qty for row in doc.items] for doc in docs] == [[3, 1], [2], [2]]
        assert [doc.shipping_fee for doc in docs] == [5, 0, 0]

    def test_what_is_skipped_comes_at_the_end(self):
        _, cycle = self.periodic()
        day = frappe.call(f"{API}.skip_delivery", name=cycle.name, number=2, note="on holiday")
        assert day == str(add_days(nowdate(), 21))
        assert [row[1:2] + row[3:] for row in self.turns(cycle)] == [
            (0, "Planned"), (1, "Skipped"), (2, "Planned"), (1, "Planned")]  # fmt: skip
        self.on(add_days(nowdate(), 30))
        assert sum(doc.grand_total for doc in self.made(cycle)) == 70

    def test_one_delivery_is_postponed_and_the_others_are_not(self):
        _, cycle = self.periodic()
        later = str(add_days(nowdate(), 3))
        frappe.call(f"{API}.postpone_delivery", name=cycle.name, number=1, day=later)
        assert self.on(nowdate()) == 0
        assert (str(again(cycle).next_date), self.turns(cycle)[1][2]) == (later, str(add_days(nowdate(), 7)))
        assert self.on(later) == 1

    def test_what_is_over_or_made_is_not_moved(self):
        _, cycle = self.periodic()
        self.on(nowdate())
        with self.refused(OrderNotReady, "not planned any more"):
            cycles.skip_turn(cycle.name, 1)
        with self.refused(OrderNotReady, "is over"):
            cycles.postpone_turn(cycle.name, 2, getdate(nowdate()) - timedelta(days=1))
        with self.refused(OrderNotReady, "no delivery number 9"):
            cycles.skip_turn(cycle.name, 9)

    def test_stopping_gives_back_what_is_left(self):
        order, cycle = self.periodic()
        self.on(nowdate())
        found = frappe.call(f"{API}.stop_deliveries", name=cycle.name, note="moves abroad")
        assert (found, again(cycle).status, self.on(add_days(nowdate(), 30))) == ({"refund": 40}, "Stopped", 0)
        order = again(order)
        assert (order.refunded_amount, order.items[0].refunded_qty) == (40, 4)
        with self.refused(OrderNotReady, "planned any more"):
            cycles.stop_cycle(cycle.name, "again")

    def test_a_refund_goes_back_for_the_order_that_was_paid(self):
        order = self.order((self.a, 6, 10), cycle_times=3)
        reference = {"reference_doctype": "Sales Order", "reference_name": order.name}
        submitted(new("Payment Entry", company=self.company, payment_type="Receive", party_type="Customer",
                      party=self.customer, references=[reference]))  # fmt: skip
        cycle = frappe.get_doc("Delivery Cycle", again(order).delivery_cycle)
        cycles.stop_cycle(cycle.name, "changed their mind")
        draft = frappe.get_doc("Payment Entry", frappe.call(f"{API}.make_refund", name=cycle.name))
        assert (draft.payment_type, draft.paid_amount, draft.references[0].allocated_amount) == ("Pay", 60, 60)
        draft.submit()

    def test_on_account_nothing_goes_back_that_was_not_paid(self):
        order, cycle = self.periodic(payment_type="On Account", paid_datetime=None)
        assert cycles.stop_cycle(cycle.name, "no") == 0
        assert again(order).refunded_amount == 70

    def test_a_periodic_order_is_not_put_together_again(self):
        order, cycle = self.periodic()
        cycles.make_due([cycle.name])
        with self.refused(OrderNotReady, "delivered periodically"):
            flows.undo_split(order.name)

    def test_what_cannot_be_delivered_in_turns_is_refused(self):
        for fields, words in (
            ({"cycle_times": 1}, "2 to 366"),
            ({"payment_type": "Cash on Delivery"}, "in full or on account"),
            ({"cycle_times": 8}, "too few for 8"),
        ):
            with self.refused(DocumentRefused, words):
                self.periodic(**fields)

    def test_the_history_tells_what_was_done(self):
        order, cycle = self.periodic()
        cycles.skip_turn(cycle.name, 1, "on holiday")
        entry = flows.explain_order(order)["history"][0]
        assert (entry["code"], entry["note"]) == ("Periodic Delivery", "on holiday")
        assert entry["decisions"][0]["what"].startswith("Delivery 1 is skipped")

    def test_one_bad_cycle_holds_up_no_other(self):
        (_, bad), (_, good) = self.periodic((self.b, 3, 10)), self.periodic()
        frappe.db.set_value("SKU", self.b, "disabled", 1)
        frappe.clear_document_cache("SKU", self.b)
        assert self.on(nowdate()) == 2
        assert (self.made(bad), len(self.made(good))) == ([], 1)
        assert frappe.db.exists("Error Log", {"method": f"Orders: deliveries made: {bad.name}"})

    def test_ordinary_orders_read_nothing_of_cycles(self):
        only_our_statements()
        with counting() as sent:
            self.order((self.a, 1, 10))
        assert not [one for one in sent if "Delivery Cycle" in one]

    def test_months_end_where_their_days_end(self):
        _, cycle = self.periodic(cycle_period="Months", cycle_first_date=date(2027, 1, 31))
        assert [str(row.due_date) for row in cycle.turns] == ["2027-01-31", "2027-02-28", "2027-03-31"]
