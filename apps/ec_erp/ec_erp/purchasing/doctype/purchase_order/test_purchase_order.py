"""Purchase orders: prices, what is on order, stopping, cancelling."""

import frappe

from ec_erp.purchasing.errors import PurchaseRefused
from ec_erp.testing import TradeCase, again, new, submitted


class TestPurchaseOrder(TradeCase):
    """An approved order is expected until it has come, is stopped or cancelled."""

    def receive(self, order, **fields):
        return submitted(new("Purchase Receipt", purchase_order=order.name, **fields))

    def test_money_is_net_by_default(self):
        order = self.purchase_order((self.a, 10, 10), (self.b, 2, None))
        assert (order.net_total, order.total_tax, order.grand_total) == (106, 13, 119)
        assert (order.status, self.stock(self.a)["on_order"]) == ("Approved", 10)

    def test_receiving_counts_down(self):
        order = self.purchase_order((self.a, 10, 10))
        self.receive(order, items=[{"sku": self.a, "qty": 4}])
        assert (again(order).status, again(order).received_percent) == ("Part Received", 40)
        assert (self.stock(self.a)["on_hand"], self.stock(self.a)["on_order"]) == (4, 6)
        self.receive(order)
        assert (again(order).status, self.stock(self.a)["on_order"]) == ("Received", 0)

    def test_stopping_expects_nothing_more(self):
        order = self.purchase_order((self.a, 10, 10))
        self.receive(order, items=[{"sku": self.a, "qty": 4}])
        assert frappe.call("ec_erp.purchasing.api.stop_orders", names=[order.name]) == {order.name: "Stopped"}
        assert self.stock(self.a)["on_order"] == 0
        with self.refused(PurchaseRefused, "Nothing is expected"):
            frappe.call("ec_erp.purchasing.api.stop_orders", names=[order.name])
        with self.refused(PurchaseRefused, "Nothing is expected"):
            self.receive(order, items=[{"sku": self.a, "qty": 1}])

    def test_cancelling_before_anything_has_come(self):
        order = self.purchase_order((self.a, 10, 10))
        order.cancel()
        assert (again(order).status, self.stock(self.a)["on_order"]) == ("Cancelled", 0)

    def test_cancelling_after_goods_have_come_is_refused(self):
        order = self.purchase_order((self.a, 10, 10))
        self.receive(order, items=[{"sku": self.a, "qty": 4}])
        with self.refused(PurchaseRefused, "stop the order instead"):
            again(order).cancel()

    def test_a_supplier_is_needed(self):
        with self.refused(frappe.MandatoryError, "Supplier"):
            new("Purchase Order", company=self.company, items=[{"sku": self.a, "qty": 1, "rate": 1}]).insert()

    def test_rows_are_needed(self):
        with self.refused(frappe.MandatoryError, "Items"):
            new("Purchase Order", company=self.company, supplier=self.supplier).insert()
