"""Purchase receipts: stock against goods received, bounds, quality, cancelling."""

import frappe

from ec_erp.documents.errors import DocumentRefused
from ec_erp.inventory.errors import StockShortage
from ec_erp.purchasing.errors import OverReceipt, PurchaseRefused
from ec_erp.testing import TradeCase, again, new, submitted


class TestPurchaseReceipt(TradeCase):
    """Accepted goods are in stock at what they cost."""

    def receive(self, order, **fields):
        return submitted(new("Purchase Receipt", purchase_order=order.name, **fields))

    def test_receipt_of_an_order(self):
        receipt = self.receive(self.purchase_order((self.a, 10, 10)))
        assert (receipt.supplier, receipt.status, receipt.net_total) == (self.supplier, "Received", 100)
        assert self.booked(receipt) == {"1405": 100, "220202": -100}
        assert self.stock(self.a)["value"] == 100

    def price(self, items, **head):
        return frappe.call("ec_erp.purchasing.api.price_receipt", head=head, items=items)

    def test_what_is_being_typed_is_worth_what_it_will_be_when_it_is_saved(self):
        items = [{"sku": self.a, "qty": 3, "rejected_qty": 1, "rate": 3.333}, {"sku": self.b, "qty": 2}]
        for included in (0, 1):
            typed = self.price(items, company=self.company, prices_include_tax=included)
            head = {"company": self.company, "supplier": self.supplier, "prices_include_tax": included}
            saved = new("Purchase Receipt", items=[dict(row) for row in items], **head).insert()
            assert typed["head"] == {field: saved.get(field) for field in typed["head"]}
            rows = [{field: row.get(field) for field in typed["items"][0]} for row in saved.items]
            assert (typed["items"], typed["items"][1]["rate"], typed["problems"]) == (rows, 3, [])

    def test_typed_rows_take_the_prices_of_their_order(self):
        order = self.purchase_order((self.a, 10, 7))
        count = frappe.db.count("Purchase Receipt")
        typed = self.price([{"sku": self.a, "qty": 2}], purchase_order=order.name)
        assert (typed["items"][0]["rate"], typed["head"]["net_total"]) == (7, 14)
        assert frappe.db.count("Purchase Receipt") == count

    def test_what_is_wrong_with_typed_rows_is_told(self):
        typed = self.price([{"sku": self.a, "qty": 2, "rejected_qty": 5, "rate": 1}], company=self.company)
        assert len(typed["problems"]) == 1

    def test_price_with_tax_inside(self):
        receipt = self.buy(self.a, 10, 11.3, prices_include_tax=1)
        assert (receipt.net_total, receipt.grand_total, self.stock(self.a)["value"]) == (100, 113, 100)

    def test_tax_that_can_not_be_recovered_is_cost(self):
        frappe.db.set_value("Company", self.company, "input_tax_recoverable", 0)
        frappe.clear_document_cache("Company", self.company)
        self.buy(self.a, 10, 10)
        assert self.stock(self.a)["value"] == 113

    def test_rejected_goods_do_not_come_in(self):
        order = self.purchase_order((self.a, 10, 10))
        receipt = self.receive(order, items=[{"sku": self.a, "qty": 10, "rejected_qty": 3}])
        assert (receipt.total_qty, self.stock(self.a)["on_hand"], again(order).status) == (7, 7, "Part Received")

    def test_accepted_and_rejected_must_add_up(self):
        order = self.purchase_order((self.a, 10, 10))
        with self.refused(DocumentRefused, "add up to 12"):
            self.receive(order, items=[{"sku": self.a, "qty": 10, "rejected_qty": 3, "accepted_qty": 9}])

    def test_over_receipt_is_refused_beyond_the_tolerance(self):
        order = self.purchase_order((self.a, 10, 10))
        with self.refused(OverReceipt, "only 10 are open"):
            self.receive(order, items=[{"sku": self.a, "qty": 11}])
        frappe.db.set_value("Company", self.company, "over_receipt_tolerance", 10)
        frappe.clear_document_cache("Company", self.company)
        self.receive(order, items=[{"sku": self.a, "qty": 11}])
        assert self.stock(self.a)["on_order"] == 0

    def test_a_supplier_or_an_order_is_needed(self):
        items = [{"sku": self.a, "qty": 1, "rate": 1}]
        with self.refused(PurchaseRefused, "which supplier"):
            new("Purchase Receipt", company=self.company, items=items).insert()

    def test_cancelling_expects_the_goods_again(self):
        order = self.purchase_order((self.a, 10, 10))
        receipt = self.receive(order)
        receipt.cancel()
        assert (self.booked(receipt), self.stock(self.a)["on_order"]) == ({}, 10)
        assert (again(order).status, again(receipt).status) == ("Approved", "Cancelled")

    def test_cancelling_what_has_gone_is_refused(self):
        receipt = self.buy(self.a, 10, 10)
        self.order((self.a, 1, 20))
        with self.refused(StockShortage, "10 needed, 9 available"):
            receipt.cancel()

    def test_cancelling_after_the_average_moved(self):
        dear = self.buy(self.a, 10, 20)
        self.buy(self.a, 10, 10)
        self.deliver(self.order((self.a, 10, 30)))
        dear.cancel()
        assert (self.stock(self.a)["on_hand"], self.stock(self.a)["value"]) == (0, 0)
        assert self.entries(dear) == [(10, 200), (-10, -150)]
        assert self.booked(dear) == {"1405": 50, "540102": -50}
