"""Payment requests follow orders, receipts and returns, and settle orders."""

import frappe

from ec_erp.documents.sets import insert_many
from ec_erp.purchasing.errors import PurchaseRefused
from ec_erp.testing import TradeCase, again, counting, make, new, submitted


class TestPaymentRequest(TradeCase):
    """What is to be paid to a supplier."""

    def asked(self, **filters):
        fields = ["kind", "amount", "status", "outstanding"]
        filters = {"supplier": self.supplier, **filters}
        rows = frappe.get_all("Payment Request", filters=filters, fields=fields, order_by="creation asc, name asc")
        return [(row.kind, row.amount, row.status) for row in rows]

    def receive(self, order, qty):
        return submitted(new("Purchase Receipt", purchase_order=order.name, items=[{"sku": self.a, "qty": qty}]))

    def pay(self, **filters):
        rows = frappe.get_all(
            "Payment Request", filters={"supplier": self.supplier, **filters}, fields=["name", "outstanding"]
        )
        payments = {row.name: row.outstanding for row in rows}
        return frappe.call("ec_erp.purchasing.api.record_payments", payments=payments)

    def test_a_receipt_is_due_after_the_supplier_s_days(self):
        frappe.db.set_value("Supplier", self.supplier, "payment_terms_days", 30)
        frappe.clear_document_cache("Supplier", self.supplier)
        receipt = self.buy(self.a, 10, 10, posting_datetime="2026-01-05 08:00:00")
        request = frappe.get_doc("Payment Request", {"reference_name": receipt.name})
        assert (request.amount, str(request.due_date), request.status) == (113, "2026-02-04", "Open")

    def test_prepayments_are_asked_at_once_and_counted_once(self):
        order = self.purchase_order((self.a, 10, 10), pay_type="Prepayment", prepay_percent=50)
        assert self.asked() == [("Prepayment", 56.5, "Open")]
        self.receive(order, 4)
        assert self.asked() == [("Prepayment", 56.5, "Open")]
        self.receive(order, 6)
        assert self.asked(kind="Purchase") == [("Purchase", 56.5, "Open")]
        assert again(order).settlement_state == "To Pay"

    def test_a_received_order_that_is_paid_is_settled_and_can_be_closed(self):
        order = self.purchase_order((self.a, 10, 10))
        self.receive(order, 10)
        assert set(self.pay().values()) == {"Paid"}
        assert (again(order).status, again(order).settlement_state) == ("Settled", "Paid")
        assert frappe.call("ec_erp.purchasing.api.close_orders", names=[order.name]) == {order.name: "Closed"}

    def test_open_orders_are_not_closed(self):
        order = self.purchase_order((self.a, 10, 10))
        with self.refused(PurchaseRefused, "can't be closed"):
            frappe.call("ec_erp.purchasing.api.close_orders", names=[order.name])

    def test_a_return_is_credited(self):
        receipt = self.buy(self.a, 10, 10)
        submitted(new("Purchase Return", purchase_receipt=receipt.name, items=[{"sku": self.a, "qty": 4}]))
        assert self.asked() == [("Purchase", 113, "Open"), ("Return Credit", -45.2, "Open")]

    def test_cancelling_withdraws_what_nobody_paid(self):
        receipt = self.buy(self.a, 10, 10)
        receipt.cancel()
        assert self.asked() == [("Purchase", 113, "Cancelled")]

    def test_cancelling_after_payment_asks_for_it_back(self):
        receipt = self.buy(self.a, 10, 10)
        self.pay()
        receipt.cancel()
        assert self.asked() == [("Purchase", 113, "Paid"), ("Return Credit", -113, "Open")]

    def test_prepaid_orders_are_not_cancelled_before_the_money_is_back(self):
        order = self.purchase_order((self.a, 10, 10), pay_type="Prepayment", prepay_percent=100)
        self.pay()
        with self.refused(PurchaseRefused, "paid already"):
            again(order).cancel()

    def test_more_than_asked_is_not_paid(self):
        request = make("Payment Request", supplier=self.supplier, company=self.company, amount=10, kind="Freight")
        with self.refused(PurchaseRefused, "more than"):
            frappe.call("ec_erp.purchasing.api.record_payments", payments={request.name: 11})

    def test_many_receipts_ask_with_few_statements(self):
        def receipts(count):
            items = [{"sku": self.a, "qty": 1, "rate": 10, "warehouse": self.warehouse}]
            values = {"company": self.company, "supplier": self.supplier, "items": items}
            return [new("Purchase Receipt", **values) for _ in range(count)]

        insert_many(receipts(2), submit=True)
        with counting() as few:
            insert_many(receipts(2), submit=True)
        with counting() as many:
            insert_many(receipts(30), submit=True)
        assert len(many) <= len(few) + 5, (len(few), len(many))
