"""Purchase requests become orders by supplier and follow them."""

import frappe

from ec_erp.purchasing.errors import PurchaseRefused
from ec_erp.testing import TradeCase, again, make, new, submitted


class TestPurchaseRequest(TradeCase):
    """Somebody asks for goods; orders are made of it."""

    def request(self, **row):
        items = [{"sku": self.a, "qty": 10, "supplier": self.supplier, **row}]
        return submitted(new("Purchase Request", company=self.company, items=items))

    def orders(self, request):
        names = frappe.call("ec_erp.purchasing.api.make_orders_of_requests", names=[request.name])
        return [frappe.get_doc("Purchase Order", name) for name in names]

    def test_orders_follow_and_the_request_with_them(self):
        request = self.request()
        (order,) = self.orders(request)
        assert (order.supplier, order.items[0].qty, again(request).status) == (self.supplier, 10, "To Order")
        order.items[0].qty = 4
        submitted(order)
        assert (again(request).status, again(request).items[0].ordered_qty) == ("Part Ordered", 4)
        (rest,) = self.orders(request)
        assert rest.items[0].qty == 6
        submitted(rest)
        assert again(request).status == "Ordered"
        again(order).cancel()
        assert (again(request).status, again(request).items[0].ordered_qty) == ("Part Ordered", 6)

    def test_the_primary_supplier_gets_what_names_none(self):
        make("Supplier SKU", supplier=self.supplier, sku=self.a, price=3, is_primary=1)
        (order,) = self.orders(self.request(supplier=None))
        assert (order.supplier, order.items[0].rate) == (self.supplier, 3)

    def test_goods_without_a_supplier_are_refused(self):
        with self.refused(PurchaseRefused, "has no supplier", self.a):
            self.orders(self.request(supplier=None))

    def test_nothing_left_to_order(self):
        request = self.request()
        submitted(self.orders(request)[0])
        with self.refused(PurchaseRefused, "Nothing is left"):
            self.orders(request)

    def test_a_request_with_orders_is_not_cancelled(self):
        request = self.request()
        submitted(self.orders(request)[0])
        with self.refused(PurchaseRefused, "cancel them first"):
            again(request).cancel()
