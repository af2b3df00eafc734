"""From payment request to payment entry and back: what is outstanding, what was prepaid, what the books say."""

import frappe

from ec_erp.posting.flows.payments import PaymentRefused
from ec_erp.posting.flows.verify import verify_ledgers
from ec_erp.purchasing.errors import PurchaseRefused
from ec_erp.testing import TradeCase, again, new, submitted

PREPAID, PAYABLE, BANK = "1123", "220201", "1002"


class TestPaying(TradeCase):
    """A supplier is paid by requests."""

    def prepaid_order(self, percent=50, qty=10):
        return self.purchase_order((self.a, qty, 10), pay_type="Prepayment", prepay_percent=percent)

    def receive(self, order, qty):
        return submitted(new("Purchase Receipt", purchase_order=order.name, items=[{"sku": self.a, "qty": qty}]))

    def request(self, kind="Purchase", **filters):
        return frappe.get_last_doc("Payment Request", {"supplier": self.supplier, "kind": kind, **filters})

    def payment(self, *references, payment_type="Pay"):
        rows = [{"reference_doctype": doc.doctype, "reference_name": doc.name, "allocated_amount": amount}
                for doc, amount in references]  # fmt: skip
        return new("Payment Entry", payment_type=payment_type, party_type="Supplier", party=self.supplier,
                   company=self.company, references=rows)  # fmt: skip

    def pay(self, *references, **fields):
        return submitted(self.payment(*references, **fields))

    def balances(self):
        rows = frappe.get_all("GL Entry", filters={"company": self.company}, fields=["account", "debit", "credit"])
        totals = dict.fromkeys((PREPAID, PAYABLE, BANK), 0)
        for row in rows:
            code = row.account.split(" ")[0]
            if code in totals:
                totals[code] = round(totals[code] + row.debit - row.credit, 2)
        return tuple(totals.values())

    def test_a_request_is_paid_in_parts(self):
        self.buy(self.a, 10, 10)
        request = self.request()
        self.pay((request, 13))
        assert (again(request).status, again(request).outstanding) == ("Part Paid", 100)
        payment = self.pay((request, None))
        assert (again(request).status, again(request).outstanding, payment.paid_amount) == ("Paid", 0, 100)
        assert [row.reference_name for row in again(request).payments][1] == payment.name
        assert self.balances() == (0, 113, -113)

    def test_more_than_outstanding_is_refused_also_for_two_drafts(self):
        self.buy(self.a, 10, 10)
        first, second = (self.payment((self.request(), 100)).insert() for _ in range(2))
        first.submit()
        with self.refused(PaymentRefused, "13 are outstanding, 100 are allocated"):
            second.submit()

    def test_cancelling_a_payment_opens_the_request_again(self):
        order = self.purchase_order((self.a, 10, 10))
        self.receive(order, 10)
        payment = self.pay((self.request(), None))
        assert again(order).status == "Settled"
        again(payment).cancel()
        assert (again(self.request()).status, again(self.request()).outstanding) == ("Open", 113)
        assert (again(order).status, again(order).settlement_state) == ("Received", "To Pay")
        assert self.balances() == (0, 0, 0)

    def test_a_prepayment_waits_on_its_account_and_is_set_off_by_receipts(self):
        order = self.prepaid_order()
        self.pay((self.request("Prepayment"), None))
        assert self.balances() == (56.5, 0, -56.5)
        self.receive(order, 4)
        assert self.balances() == (11.3, 45.2, -56.5)
        self.receive(order, 6)
        assert self.balances() == (0, 56.5, -56.5)
        assert self.request("Prepayment").offset_amount == 56.5
        self.pay((self.request(), None))
        assert (self.balances(), again(order).status) == ((0, 113, -113), "Settled")

    def test_an_order_paid_before_its_goods_came_is_settled_when_they_come(self):
        order = self.prepaid_order(percent=100)
        self.pay((self.request("Prepayment"), None))
        receipt = self.receive(order, 10)
        assert again(order).status == "Settled"
        again(receipt).cancel()
        assert (again(order).status, again(order).settlement_state) == ("Approved", "Paid")

    def test_a_prepayment_that_is_paid_late_is_set_off_at_once(self):
        order = self.prepaid_order()
        self.receive(order, 4)
        assert self.balances() == (0, 0, 0)
        self.pay((self.request("Prepayment"), None))
        assert self.balances() == (11.3, 45.2, -56.5)

    def test_cancelling_receipts_and_payments_in_any_order_leaves_nothing(self):
        for first in ("receipt", "payment"):
            with self.subTest(first=first):
                order = self.prepaid_order()
                payment = self.pay((self.request("Prepayment", purchase_order=order.name), None))
                receipt = self.receive(order, 4)
                for doc in (receipt, payment) if first == "receipt" else (payment, receipt):
                    again(doc).cancel()
                assert self.balances() == (0, 0, 0)
                assert self.request("Prepayment", purchase_order=order.name).offset_amount == 0

    def test_a_credit_is_set_off_against_what_is_paid(self):
        receipt = self.buy(self.a, 10, 10)
        submitted(new("Purchase Return", purchase_receipt=receipt.name, items=[{"sku": self.a, "qty": 4}]))
        names = [self.request().name, self.request("Return Credit").name]
        (name,) = frappe.call("ec_erp.purchasing.api.make_payments_of_requests", names=names)
        payment = frappe.get_doc("Payment Entry", name)
        assert (payment.payment_type, payment.paid_amount) == ("Pay", 67.8)
        payment.submit()
        assert {again(self.request(kind)).status for kind in ("Purchase", "Return Credit")} == {"Paid"}
        assert self.balances() == (0, 67.8, -67.8)

    def test_a_credit_alone_is_received(self):
        receipt = self.buy(self.a, 10, 10)
        submitted(new("Purchase Return", purchase_receipt=receipt.name, items=[{"sku": self.a, "qty": 4}]))
        credit = self.request("Return Credit")
        payment = frappe.call("ec_erp.purchasing.api.make_payment_entry", source_name=credit.name)
        assert payment.posting_datetime  # what the form asks for is there before anybody saves
        submitted(payment)
        assert (payment.payment_type, payment.paid_amount, again(credit).status) == ("Receive", 45.2, "Paid")
        with self.refused(PurchaseRefused, "Nothing is outstanding"):
            frappe.call("ec_erp.purchasing.api.make_payment_entry", source_name=credit.name)

    def test_payments_of_an_order_pay_its_requests_first_the_prepayment(self):
        order = self.prepaid_order()
        self.receive(order, 10)
        self.pay((order, 80))
        assert (self.request("Prepayment").status, self.request().outstanding) == ("Paid", 33)
        with self.refused(PaymentRefused, "33 are outstanding, 34 are allocated"):
            self.payment((order, 34)).insert()

    def test_what_was_paid_for_an_order_counts_when_its_goods_come(self):
        order = self.purchase_order((self.a, 10, 10))
        payment = self.pay((order, 50))
        self.receive(order, 10)
        assert (self.request().paid_amount, self.request().outstanding) == (50, 63)
        again(payment).cancel()
        assert self.request().outstanding == 113

    def test_a_prepayment_comes_back_and_the_order_is_cancelled(self):
        order = self.prepaid_order()
        self.pay((self.request("Prepayment"), None))
        self.pay((self.request("Prepayment"), 56.5), payment_type="Receive")
        assert self.balances() == (0, 0, 0)
        again(order).cancel()
        assert again(self.request("Prepayment")).status == "Cancelled"

    def test_stopping_an_order_asks_for_the_rest_of_its_prepayment(self):
        order = self.prepaid_order(percent=100)
        self.pay((self.request("Prepayment"), None))
        self.receive(order, 4)
        frappe.call("ec_erp.purchasing.api.stop_orders", names=[order.name])
        credit = self.request("Return Credit")
        assert (credit.amount, credit.prepayment_of) == (-67.8, self.request("Prepayment").name)
        submitted(frappe.call("ec_erp.purchasing.api.make_payment_entry", source_name=credit.name))
        assert self.balances() == (0, 45.2, -45.2)

    def test_stopping_an_order_withdraws_what_nobody_paid(self):
        order = self.prepaid_order(percent=100)
        self.receive(order, 4)
        frappe.call("ec_erp.purchasing.api.stop_orders", names=[order.name])
        assert (self.request("Prepayment").amount, self.request("Prepayment").outstanding) == (45.2, 45.2)

    def test_nobody_types_payments_into_a_request_or_deletes_a_paid_one(self):
        self.buy(self.a, 10, 10)
        request = self.request()
        request.append("payments", {"paid_on": "2026-01-01", "amount": 5})
        with self.refused(PurchaseRefused, "not typed"):
            request.save()
        self.pay((self.request(), 13))
        with self.refused(PurchaseRefused, "is kept"):
            self.request().delete()

    def test_the_ledgers_agree(self):
        order = self.prepaid_order()
        self.pay((self.request("Prepayment"), None))
        self.receive(order, 4)
        assert [fault for fault in verify_ledgers(lambda _stage: None) if "Payment Request" in fault.where] == []
