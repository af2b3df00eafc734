"""Customers who owe overdue instalments: their new orders on account stop where that was agreed."""

import frappe
from frappe.utils import add_days, nowdate

from ec_erp.orders import flows
from ec_erp.orders.flows import buyers, ruling
from ec_erp.testing import TradeCase, again, counting, make, new, submitted


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

    def pay(self):
        row = {"reference_doctype": "Sales Order", "reference_name": self.late.name, "allocated_amount": 100}
        submitted(new("Payment Entry", company=self.company, payment_type="Receive", party_type="Customer",
                      party=self.customer, paid_amount=100, references=[row]))  # fmt: skip

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
        flows.process_orders([order.name])
        assert (again(order).status, again(order).exceptions) == ("To Ship", None)

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
