"""Who orders matters: lists of buyers, brush orders, and credit."""

import frappe

from ec_erp.orders import flows as orders
from ec_erp.orders.flows import buyers, ruling
from ec_erp.testing import TradeCase, again, make, new, submitted


class TestBuyers(TradeCase):
    """A customer who pays later."""

    def setUp(self):
        super().setUp()
        for forget in (ruling.forget_settings, buyers.forget_customers):
            self.addCleanup(forget)
            forget()
        self.buy(self.a, 50, 5)

    def limit(self, amount):
        doc = frappe.get_doc("Customer", self.customer)
        doc.credit_limit = amount
        doc.save()

    def credit(self):
        return frappe.call("ec_erp.orders.api.explain_credit", customer=self.customer, company=self.company)

    def pay(self, amount):
        fields = {"payment_type": "Receive", "party_type": "Customer", "party": self.customer, "company": self.company}
        accounts = frappe.get_doc("Company", self.company)
        return submitted(new("Payment Entry", paid_amount=amount, account=accounts.bank_account, **fields))

    def test_what_is_on_order_counts(self):
        self.limit(100)
        assert self.order((self.a, 6, 10)).status == "To Ship"
        second = self.order((self.a, 5, 10))
        assert (second.status, second.exceptions, second.blocks[0].note) == (
            "To Process", "Credit Exceeded", "Owed 0, on order 60, this order 50: more than the limit 100",
        )  # fmt: skip
        assert self.order((self.a, 4, 10)).status == "To Ship"  # what is stopped takes no credit

    def test_what_is_owed_counts_and_a_payment_frees(self):
        self.limit(100)
        self.deliver(self.order((self.a, 8, 10)))
        found = self.credit()
        assert (found["owed"], found["ordered"], found["free"]) == (80, 0, 20)
        order = self.order((self.a, 3, 10))
        assert order.exceptions == "Credit Exceeded"
        self.pay(80)
        orders.process_orders([order.name])
        assert (again(order).status, again(order).exceptions) == ("To Ship", None)

    def test_orders_of_one_run_share_the_credit(self):
        self.limit(100)
        drafts = [self.draft_order((self.a, 6, 10)) for _ in range(2)]
        from ec_erp.documents.sets import insert_many

        insert_many(drafts, submit=True)
        assert [again(draft).exceptions for draft in drafts] == [None, "Credit Exceeded"]

    def test_prepaid_orders_need_no_credit_and_no_limit_is_none(self):
        self.limit(1)
        paid = self.order((self.a, 1, 10), payment_type="Prepaid", paid_datetime="2026-11-01 10:00:00")
        assert paid.status == "To Ship"
        self.limit(0)
        assert self.order((self.a, 6, 10)).status == "To Ship"

    def test_finance_lets_an_order_go_on(self):
        self.limit(10)
        order = self.order((self.a, 6, 10))
        orders.unblock_orders([order.name], "Credit Exceeded", "the boss knows")
        assert again(order).status == "To Ship"

    def test_listed_buyers_are_stopped_or_marked(self):
        black = make("Customer", customer_name=f"Black {self.company}", buyer_list="Blacklist").name
        grey = make("Customer", customer_name=f"Grey {self.company}", buyer_list="Greylist").name
        stopped, marked = (self.order((self.a, 1, 10), customer=name) for name in (black, grey))
        assert (stopped.status, stopped.exceptions) == ("To Process", "Blacklist")
        assert (marked.status, marked.exceptions) == ("To Ship", "Greylist")
        doc = frappe.get_doc("Customer", black)
        doc.buyer_list = None
        doc.save()
        orders.process_orders([stopped.name])
        assert again(stopped).status == "To Ship"

    def test_brush_orders_never_hold_stock(self):
        order = self.order((self.a, 5, 10), is_brush=1)
        assert (order.exceptions, self.stock(self.a)["reserved"]) == ("Brush Order", 0)
        orders.unblock_orders([order.name], "Brush Order")
        orders.reserve_missing([order.name])
        assert (again(order).status, self.stock(self.a)["reserved"]) == ("To Audit", 0)
