"""Payments: money, parties, documents settled in parts, paid back, undone."""

import frappe

from ec_erp.posting.flows.payments import PaymentRefused
from ec_erp.testing import TradeCase, again, new, submitted


class TestPaymentEntry(TradeCase):
    """Money in, out, and between own accounts."""

    def setUp(self):
        super().setUp()
        self.buy(self.a, 20, 10)
        self.sold = self.order((self.a, 5, 20))

    def payment(self, amount=None, allocated=None, order=None, **fields):
        references = []
        if order or allocated is not None:
            references = [{"reference_doctype": (order or self.sold).doctype, "reference_name": (order or self.sold).name,
                           "allocated_amount": allocated}]  # fmt: skip
        values = {"payment_type": "Receive", "party_type": "Customer", "party": self.customer, **fields}
        return new("Payment Entry", company=self.company, paid_amount=amount, references=references, **values)

    def account(self, code):
        return frappe.db.get_value("Account", {"company": self.company, "account_number": code})

    def test_an_order_is_paid(self):
        payment = submitted(self.payment(order=self.sold))
        assert (payment.status, payment.paid_amount, payment.unallocated_amount) == ("Posted", 100, 0)
        assert self.booked(payment) == {"1002": 100, "1122": -100}

    def test_in_parts_and_never_twice(self):
        submitted(self.payment(60, 60))
        rest = self.payment(order=self.sold).insert()
        assert (rest.references[0].outstanding_amount, rest.paid_amount) == (40, 40)
        with self.refused(PaymentRefused, "40 are outstanding, 41 are allocated"):
            self.payment(41, 41).insert()
        submitted(rest)

    def test_an_untouched_amount_is_filled_with_the_rest_of_the_payment(self):
        second = self.order((self.a, 3, 20))
        payment = self.payment(130, 0)
        payment.append(
            "references", {"reference_doctype": "Sales Order", "reference_name": second.name, "allocated_amount": 0}
        )
        payment.insert()
        assert [row.allocated_amount for row in payment.references] == [100, 30]
        assert [(row.total_amount, row.outstanding_amount) for row in payment.references] == [(100, 100), (60, 60)]
        assert payment.unallocated_amount == 0

    def test_picking_a_document_proposes_its_amounts(self):
        submitted(self.payment(60, 60))
        for paid, allocated, kind, amount in (
            (0, 0, "Receive", 40),
            (50, 20, "Receive", 30),
            (500, 0, "Pay", 60),
            (9, 10, "Pay", 0),
        ):
            found = frappe.call("ec_erp.posting.api.propose_allocation", reference_doctype="Sales Order",
                                reference_name=self.sold.name, payment_type=kind, paid_amount=paid, allocated=allocated)  # fmt: skip
            assert found == {"total_amount": 100, "outstanding_amount": 40, "allocated_amount": amount}

    def test_documents_share_what_nobody_typed(self):
        second = self.order((self.a, 3, 20))
        rows = [
            {"reference_doctype": "Sales Order", "reference_name": name, "allocated_amount": typed}
            for name, typed in ((self.sold.name, None), (second.name, None))
        ]
        for paid, typed, amounts in (
            (0, None, [100, 60]),
            (130, None, [100, 30]),
            (90, None, [90, 0]),
            (90, 40, [40, 50]),
        ):
            rows[0]["allocated_amount"] = typed
            found = frappe.call("ec_erp.posting.api.propose_allocations", payment_type="Receive",
                                references=frappe.as_json(rows), paid_amount=paid)  # fmt: skip
            assert [row["allocated_amount"] for row in found] == amounts
            assert [row["open_amount"] for row in found] == [100, 60]

    def test_only_documents_with_something_open_are_offered(self):
        second = self.order((self.a, 3, 20))
        submitted(self.payment(100, 100))

        def offered(kind, text=""):
            filters = {"company": second.company, "customer": second.customer, "payment_type": kind}
            asked = {"doctype": "Sales Order", "txt": text, "searchfield": "name", "start": 0, "page_len": 10}
            return [name for name, _ in frappe.call("ec_erp.posting.api.payable_documents", filters=filters, **asked)]

        assert offered("Receive") == [second.name]
        assert offered("Pay") == [self.sold.name]
        assert offered("Receive", self.sold.name) == []
        assert offered("Internal Transfer") == []

    def test_two_drafts_for_the_same_money(self):
        first, second = self.payment(100, 100).insert(), self.payment(100, 100).insert()
        first.submit()
        with self.refused(PaymentRefused, "is fully paid"):
            second.submit()

    def test_a_row_that_gets_nothing_says_why(self):
        submitted(self.payment(100, 100))
        second = self.order((self.a, 3, 20))
        left = {"reference_doctype": "Sales Order", "reference_name": second.name}
        for payment, words in (
            (self.payment(order=self.sold), "is fully paid, nothing is left to pay: take the row out"),
            (self.payment(40, order=self.sold), f"Row 1: {self.sold.name} is fully paid"),
            (self.payment(60, order=second, payment_type="Pay"), f"nothing was paid for {second.name}"),
        ):
            with self.subTest(words=words), self.refused(PaymentRefused, words):
                payment.insert()
        third = self.payment(60, 60, order=self.order((self.a, 3, 20)))
        third.append("references", left)
        with self.refused(PaymentRefused, f"Row 2: nothing of the payment is left for {second.name}"):
            third.insert()

    def test_more_than_is_owed_stays_unallocated(self):
        payment = submitted(self.payment(130, 100))
        assert payment.unallocated_amount == 30
        with self.refused(PaymentRefused, "Allocated are 100, paid are 90"):
            self.payment(90, 100).insert()

    def test_what_the_platform_keeps_is_a_fee(self):
        payment = submitted(self.payment(100, 100, fee_amount=0.6, account=self.account("101201")))
        assert self.booked(payment) == {"101201": 99.4, "1122": -100, "560301": 0.6}

    def test_money_goes_back_to_a_buyer(self):
        submitted(self.payment(100, 100))
        back = submitted(self.payment(30, 30, payment_type="Pay"))
        assert self.booked(back) == {"1002": -30, "1122": 30}
        with self.refused(PaymentRefused, "70 were received, 71 are to be paid back"):
            self.payment(71, 71, payment_type="Pay").insert()
        submitted(self.payment(30, 30))

    def test_a_supplier_is_paid(self):
        order = self.purchase_order((self.b, 10, 3))
        payment = submitted(self.payment(order=order, payment_type="Pay", party_type="Supplier", party=self.supplier))
        assert self.booked(payment) == {"1002": -order.grand_total, "220201": order.grand_total}

    def test_between_own_accounts(self):
        accounts = {"account": self.account("101201"), "counter_account": self.account("1002")}
        moved = self.payment(50, payment_type="Internal Transfer", party_type=None, party=None, **accounts)
        assert self.booked(submitted(moved)) == {"101201": -50, "1002": 50}

    def test_what_is_refused(self):
        draft = self.draft_order((self.a, 1, 20)).insert()
        other = self.order((self.a, 1, 20), customer=self.other_buyer())
        for document, words in ((draft, "is not submitted"), (other, "belongs to")):
            with self.subTest(words=words), self.refused(PaymentRefused, words):
                self.payment(10, 10, order=document).insert()
        for fields, words in (({"party": None}, "Say who pays"), ({"fee_amount": 10}, "fee must be less")):
            with self.subTest(words=words), self.refused(PaymentRefused, words):
                self.payment(10, **fields).insert()
        with self.refused(PaymentRefused, "needs an amount"):
            self.payment(0).insert()

    def test_an_order_that_waits_for_money_goes_on(self):
        shop = new("Shop", shop_name=f"S {frappe.generate_hash(length=5)}", platform="own", company=self.company,
                   currency="CNY", reserve_on="Pay").insert().name  # fmt: skip
        order = self.order((self.a, 1, 20), shop=shop)
        assert order.status == "Unpaid"
        submitted(self.payment(order=order))
        assert again(order).status != "Unpaid"

    def other_buyer(self):
        return new("Customer", customer_name=f"Other {frappe.generate_hash(length=5)}").insert().name

    def test_cancelling_opens_the_order_again(self):
        payment = submitted(self.payment(100, 100))
        again(payment).cancel()
        assert (again(payment).status, self.booked(payment)) == ("Cancelled", {})
        submitted(self.payment(100, 100))
