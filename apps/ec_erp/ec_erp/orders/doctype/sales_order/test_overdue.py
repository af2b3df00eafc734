"""Customers who owe overdue instalments: their new orders on account stop where that was agreed."""

from decimal import Decimal

import frappe
from frappe.utils import add_days, getdate, nowdate

from ec_erp.orders import flows
from ec_erp.orders.flows import buyers, clock, instalments, ruling
from ec_erp.testing import TradeCase, again, counting, make, new, only_our_statements, submitted, undo


class TestOverdue(TradeCase):
    """A customer who owes 100 since five days."""

    def setUp(self):
        super().setUp()
        for forget in (ruling.forget_settings, buyers.forget_customers):
            self.addCleanup(forget)
            forget()
        self.buy(self.a, 100, 5)
        self.late = self.order((self.a, 10, 10), credit_days=5, order_datetime=add_days(nowdate(), -10))

    def say(self, doctype, name, policy="Stop New Orders", days=0):
        doc = frappe.get_doc(doctype, name)
        doc.overdue_policy, doc.overdue_grace_days = policy, days
        doc.save()

    def pay(self, amount=100):
        row = {"reference_doctype": "Sales Order", "reference_name": self.late.name, "allocated_amount": amount}
        submitted(new("Payment Entry", company=self.company, payment_type="Receive", party_type="Customer",
                      party=self.customer, paid_amount=amount, references=[row]))  # fmt: skip

    def test_nobody_stops_where_nothing_was_said(self):
        assert self.order((self.a, 1, 10)).status == "To Ship"

    def test_the_company_s_word_stops_until_it_is_paid(self):
        self.say("Company", self.company)
        order = self.order((self.a, 1, 10))
        since = add_days(nowdate(), -5)
        assert (order.status, order.exceptions, order.blocks[0].note) == (
            "To Process", "Payment Overdue", f"100 overdue since {since}: more than 0 days, which is what the Company allows",
        )  # fmt: skip
        self.pay()
        self.done()
        assert (again(order).status, again(order).exceptions) == ("To Ship", None)
        (why,) = frappe.get_all("Order Log", {"sales_order": order.name, "kind": "Unblock"}, ["code", "note"])
        assert (why.code, why.note) == ("Payment Overdue", "Nothing of the customer's other orders is overdue any more")

    def stopped(self, count=1, **fields):
        self.say("Company", self.company)
        orders = [self.order((self.a, 1, 10), **fields) for _ in range(count)]
        assert {order.exceptions for order in orders} == {"Payment Overdue"}
        return orders

    def done(self):
        """Do what waits for the end of the transaction."""
        frappe.db.before_commit.run()

    def states(self, orders):
        return {(again(order).status, again(order).exceptions) for order in orders}

    def test_a_part_of_what_is_overdue_lifts_nothing(self):
        orders = self.stopped()
        self.pay(99.99)
        self.done()
        assert self.states(orders) == {("To Process", "Payment Overdue")}

    def test_cancelling_the_late_order_lifts_the_stop(self):
        orders = self.stopped()
        again(self.late).cancel()
        self.done()
        assert self.states(orders) == {("To Ship", None)}

    def test_refunding_what_is_late_lifts_the_stop(self):
        orders = self.stopped()
        self.deliver(self.late, items=[{"sku": self.a, "qty": 9}])
        self.pay(90)
        flows.refund_lines(self.late.name, {self.late.items[0].name: Decimal(1)})
        self.done()
        assert self.states(orders) == {("To Ship", None)}

    def test_agreeing_on_another_day_lifts_the_stop(self):
        orders = self.stopped()
        instalments.agree(self.late.name, [(getdate(add_days(nowdate(), 9)), Decimal(100))])
        self.done()
        assert self.states(orders) == {("To Ship", None)}

    def test_other_terms_lift_the_stop(self):
        for doctype, name, policy, days in (
            ("Customer", self.customer, "Let Go On", 0),
            ("Company", self.company, "Stop New Orders", 5),
        ):
            with self.subTest(doctype=doctype):
                orders = self.stopped()
                self.say(doctype, name, policy, days)
                self.done()
                assert self.states(orders) == {("To Ship", None)}
                self.say("Customer", self.customer, "")

    def test_the_terms_of_the_order_lift_the_stop(self):
        row = {"portion_percent": 100, "due_days": 30, "due_after": "Order"}
        terms = make("Payment Terms", terms_name=f"T {self.a}", terms=[row], overdue_policy="Stop New Orders").name
        order = self.order((self.a, 1, 10), payment_terms=terms)
        assert order.exceptions == "Payment Overdue"
        self.say("Payment Terms", terms, "Let Go On")
        self.done()
        assert self.states([order]) == {("To Ship", None)}

    def test_a_stop_that_a_person_has_put_stays(self):
        order = self.order((self.a, 1, 10))
        flows.recall_orders([order.name])
        flows.block_orders({order.name: "promised"}, "Payment Overdue", "hand")
        self.say("Company", self.company)
        self.pay()
        self.done()
        flows.process_orders([order.name])
        assert self.states([order]) == {("To Process", "Payment Overdue")}
        assert clock.run_due()["stops lifted"] == 0

    def test_other_reasons_stay(self):
        (order,) = self.stopped()
        flows.block_orders({order.name: ""}, "Remark", "buyer")
        self.pay()
        self.done()
        assert self.states([order]) == {("To Process", "Remark")}

    def test_the_clock_lifts_what_was_settled_unseen(self):
        orders = self.stopped(2)
        assert clock.run_due()["stops lifted"] == 0
        frappe.db.set_value("Order Instalment", {"sales_order": self.late.name}, "outstanding_amount", 0)
        assert clock.run_due()["stops lifted"] == 2
        assert self.states(orders) == {("To Ship", None)}

    def test_many_are_lifted_with_as_many_statements_as_few(self):
        only_our_statements()
        counts = []
        for number in (2, 8):
            frappe.db.savepoint("few_or_many")
            self.stopped(number)
            self.pay()
            with counting() as sent:
                self.done()
            counts.append(len(sent))
            undo("few_or_many")
            buyers.forget_customers()
        assert counts[1] <= counts[0] + 1, counts

    def test_what_waits_for_a_shipment_is_not_overdue(self):
        row = {"portion_percent": 100, "due_days": 30, "due_after": "Shipment"}
        terms = make("Payment Terms", terms_name=f"T {self.a}", terms=[row]).name
        self.order((self.a, 1, 10), payment_terms=terms)
        found = frappe.call("ec_erp.orders.api.explain_credit", customer=self.customer, company=self.company)
        assert found["overdue"] == 100

    def test_the_customer_shows_what_is_overdue(self):
        found = frappe.call("ec_erp.orders.api.explain_credit", customer=self.customer, company=self.company)
        assert (found["overdue"], found["text"]) == (100, f"100 overdue since {add_days(nowdate(), -5)}")
        self.pay()
        found = frappe.call("ec_erp.orders.api.explain_credit", customer=self.customer, company=self.company)
        assert (found["overdue"], found["text"]) == (0, "")

    def test_the_customer_s_word_comes_first(self):
        self.say("Company", self.company)
        self.say("Customer", self.customer, "Let Go On")
        assert self.order((self.a, 1, 10)).status == "To Ship"
        self.say("Customer", self.customer, days=4)
        assert self.order((self.a, 1, 10)).exceptions == "Payment Overdue"
        self.say("Customer", self.customer, days=5)
        assert self.order((self.a, 1, 10)).status == "To Ship"

    def test_the_terms_of_an_order_come_before_the_company(self):
        row = {"portion_percent": 100, "due_days": 30, "due_after": "Order"}
        terms = make("Payment Terms", terms_name=f"T {self.a}", terms=[row], overdue_policy="Stop New Orders").name
        assert self.order((self.a, 1, 10)).status == "To Ship"
        order = self.order((self.a, 1, 10), payment_terms=terms)
        assert order.exceptions == "Payment Overdue"
        flows.process_orders([order.name])
        assert again(order).exceptions == "Payment Overdue"

    def test_finance_lets_it_go_on_and_it_is_not_stopped_again(self):
        self.say("Company", self.company)
        order = self.order((self.a, 1, 10))
        flows.unblock_orders([order.name], "Payment Overdue", "promised for Monday")
        flows.recall_orders([order.name])
        flows.process_orders([order.name])
        assert again(order).status == "To Ship"

    def test_paid_orders_others_and_the_late_one_itself_go_on(self):
        self.say("Company", self.company)
        paid = self.order((self.a, 1, 10), payment_type="Prepaid", paid_datetime=nowdate())
        other = self.order((self.a, 1, 10), customer=make("Customer", customer_name=f"Other {self.a}").name)
        flows.recall_orders([self.late.name])
        flows.process_orders([self.late.name])
        assert [again(one).status for one in (paid, other, self.late)] == ["To Ship"] * 3

    def test_orders_ask_nothing_where_nobody_said_anything(self):
        self.order((self.a, 1, 10))
        with counting() as sent:
            self.order((self.a, 1, 10))
        assert not [one for one in sent if "Instalment" in one]
