"""Orders on account with days of payment: made, paid oldest first, resized, agreed anew, overdue."""

from decimal import Decimal

import frappe
from frappe.utils import add_days, nowdate

from ec_erp.documents.errors import DocumentRefused
from ec_erp.orders import flows
from ec_erp.orders.errors import OrderNotReady
from ec_erp.orders.flows import buyers, clock, ruling
from ec_erp.testing import TradeCase, again, counting, make, new, only_our_statements, submitted

API = "ec_erp.orders.instalment_api"


class TestInstalments(TradeCase):
    """Cups at 10, sold on account."""

    def setUp(self):
        super().setUp()
        self.addCleanup(ruling.forget_settings)
        self.addCleanup(buyers.forget_customers)
        buyers.forget_customers()
        self.buy(self.a, 100, 5)

    def terms(self, *rows):
        name = f"Terms {frappe.generate_hash(length=6)}"
        fields = ("portion_percent", "due_days", "due_after")
        return make("Payment Terms", terms_name=name, terms=[dict(zip(fields, row, strict=True)) for row in rows]).name

    def rows(self, order):
        found = frappe.call(f"{API}.get_instalments", name=order.name)
        return [(str(row["due_date"]), row["amount"], row["paid_amount"], row["status"]) for row in found]

    def pay(self, order, amount):
        reference = {"reference_doctype": "Sales Order", "reference_name": order.name, "allocated_amount": amount}
        return submitted(new("Payment Entry", company=self.company, payment_type="Receive", party_type="Customer",
                             party=self.customer, paid_amount=amount, references=[reference]))  # fmt: skip

    def day(self, days):
        return str(add_days(nowdate(), days))

    def test_equal_parts_come_to_the_total(self):
        order = again(self.order((self.a, 10, 10), instalment_parts=3, instalment_every=10, instalment_period="Days"))
        assert (order.status, order.payment_type, order.instalment_state) == ("To Ship", "On Account", "Unpaid")
        assert self.rows(order) == [
            (self.day(10), 33.34, 0, "Unpaid"), (self.day(20), 33.33, 0, "Unpaid"), (self.day(30), 33.33, 0, "Unpaid")]  # fmt: skip
        assert str(order.next_due_date) == self.day(10)

    def test_a_draft_shows_what_its_instalments_will_be(self):
        draft = self.draft_order(
            (self.a, 10, 10), payment_terms=self.terms((30, 0, "Order"), (70, 30, "Order"))
        ).insert()
        assert self.rows(draft) == [(nowdate(), 30, 0, "Unpaid"), (self.day(30), 70, 0, "Unpaid")]
        assert not frappe.db.count("Order Instalment", {"sales_order": draft.name})

    def test_payments_go_to_the_oldest_first_and_back(self):
        order = self.order((self.a, 10, 10), payment_terms=self.terms((30, 0, "Order"), (70, 30, "Order")))
        payment = self.pay(order, 45)
        assert self.rows(order) == [(nowdate(), 30, 30, "Paid"), (self.day(30), 70, 15, "Part Paid")]
        assert (again(order).instalment_state, str(again(order).next_due_date)) == ("Part Paid", self.day(30))
        self.pay(order, 55)
        assert (again(order).instalment_state, again(order).next_due_date) == ("Paid", None)
        again(payment).cancel()
        assert [row[2] for row in self.rows(order)] == [30, 25]

    def test_what_is_due_after_the_shipment_waits_for_it(self):
        order = self.order((self.a, 10, 10), payment_terms=self.terms((50, 0, "Order"), (50, 30, "Shipment")))
        assert clock.run_due()["instalments dated"] == 0
        assert [row[0] for row in self.rows(order)] == [nowdate(), "None"]
        self.deliver(order)
        clock.run_due()
        assert [row[0] for row in self.rows(order)] == [nowdate(), self.day(30)]

    def test_a_customer_s_terms_count_where_the_order_has_none(self):
        frappe.get_doc("Customer", self.customer).update({"payment_terms_days": 45}).save()
        assert self.rows(self.order((self.a, 1, 10))) == [(self.day(45), 10, 0, "Unpaid")]
        assert self.rows(self.order((self.a, 1, 10), credit_days=7)) == [(self.day(7), 10, 0, "Unpaid")]

    def test_edits_change_the_latest_instalment(self):
        order = self.order((self.a, 10, 10), payment_terms=self.terms((30, 0, "Order"), (70, 30, "Order")))
        flows.recall_orders([order.name])
        line = again(order).items[0].name
        flows.edit_order(order.name, {}, [flows.LineEdit(line, "", "8", None, False)])
        assert [row[1] for row in self.rows(order)] == [30, 50]

    def test_refunds_of_what_has_not_left_lower_the_latest(self):
        order = self.order((self.a, 10, 10), payment_terms=self.terms((30, 0, "Order"), (70, 30, "Order")))
        self.deliver(order, items=[{"sku": self.a, "qty": 4}])
        flows.refund_lines(order.name, {again(order).items[0].name: Decimal(2)}, "broken")
        assert [row[1] for row in self.rows(order)] == [30, 50]

    def test_a_cancelled_order_has_none(self):
        order = self.order((self.a, 10, 10), instalment_parts=2)
        again(order).cancel()
        assert (self.rows(order), again(order).instalment_state) == ([], "Cancelled")

    def test_parts_of_a_split_order_have_their_own_and_undoing_brings_them_back(self):
        order = self.order((self.a, 3, 10), instalment_parts=2, instalment_every=10, instalment_period="Days")
        flows.recall_orders([order.name])
        parts = flows.split_order(order.name, {again(order).items[0].name: Decimal(1)})
        assert [[row[1] for row in self.rows(part)] for part in parts] == [[10, 10], [5, 5]]
        assert self.rows(again(order)) == []
        flows.recall_orders([part.name for part in parts if again(part).status == "To Ship"])
        flows.undo_split(order.name)
        assert [row[1] for row in self.rows(again(order))] == [15, 15]

    def test_orders_with_other_terms_are_not_merged(self):
        to = {"receiver_name": "Li", "receiver_province": "浙江省", "receiver_city": "杭州市", "receiver_address": "1"}
        keys = [self.draft_order((self.a, 1, 10), **fields, **to).insert().merge_key for fields in (
            {"credit_days": 7}, {"credit_days": 7}, {"credit_days": 8}, {})]  # fmt: skip
        assert (keys[0] == keys[1], len(set(keys))) == (True, 3)

    def test_finance_agrees_on_other_instalments(self):
        order = self.order((self.a, 10, 10), instalment_parts=2)
        self.pay(order, 20)
        rows = [{"due_date": self.day(60), "amount": 90}, {"due_date": self.day(5), "amount": 10}]
        frappe.call(f"{API}.agree_instalments", name=order.name, rows=rows, note="asked by the buyer")
        assert self.rows(order) == [(self.day(5), 10, 10, "Paid"), (self.day(60), 90, 10, "Part Paid")]
        with self.refused(OrderNotReady, "come to 99"):
            frappe.call(f"{API}.agree_instalments", name=order.name, rows=[{"due_date": self.day(5), "amount": 99}])

    def test_what_does_not_fit_is_refused(self):
        for fields, words in (
            ({"credit_days": 5, "payment_type": "Prepaid"}, "Only orders on account"),
            ({"instalment_parts": 1}, "2 to 120"),
            ({"instalment_parts": 2, "payment_terms": self.terms((100, 0, "Order"))}, "not both"),
        ):
            with self.refused(DocumentRefused, words):
                self.order((self.a, 1, 10), **fields)
        with self.refused(DocumentRefused, "not to 100 %"):
            self.terms((30, 0, "Order"), (60, 30, "Order"))

    def test_overdue_instalments_are_listed_by_age(self):
        order = self.order((self.a, 10, 10), credit_days=5, order_datetime=add_days(nowdate(), -50))
        other = self.order((self.a, 1, 10), credit_days=5)
        rows = frappe.call(f"{API}.list_overdue", filters={"company": self.company})
        assert [(row["sales_order"], row["overdue_days"], row["age"]) for row in rows] == [
            (order.name, 45, "31–60 Days")
        ]
        everything = {"company": self.company, "with_not_due": 1}
        found = frappe.call(f"{API}.list_overdue", filters=everything)
        assert [row["sales_order"] for row in found] == [order.name, other.name]
        self.pay(order, 100)
        assert frappe.call(f"{API}.list_overdue", filters={"company": self.company}) == []

    def test_orders_without_terms_read_and_write_nothing_of_instalments(self):
        only_our_statements()
        with counting() as sent:
            order = self.order((self.a, 1, 10))
            self.pay(order, 10)
        assert not [one for one in sent if "Instalment" in one]
