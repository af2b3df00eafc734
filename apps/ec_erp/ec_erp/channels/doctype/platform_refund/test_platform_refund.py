"""Goods that buyers send back are a bucket of stock: shown, and sold only where the policy says so."""

import frappe

from ec_erp.inventory.flows import asking
from ec_erp.testing import TradeCase, make, new, submitted

API = "ec_erp.channels.api"


class TestReturnsOnTheWay(TradeCase):
    """An order of five cups that was delivered from a shop."""

    def setUp(self):
        super().setUp()
        self.buy(self.a, 20, 5)
        name = f"Shop {frappe.generate_hash(length=5)}"
        fields = {"platform": "own", "company": self.company, "currency": "CNY", "default_warehouse": self.warehouse}
        self.shop = make("Shop", shop_name=name, default_customer=self.customer, **fields).name
        make("Listing", shop=self.shop, title="Cup", platform_item_id="I1", sku=self.a)
        line = {"id": "1", "item_id": "I1", "qty": 5, "price": 20}
        (taken,) = frappe.call(
            f"{API}.push_orders", shop=self.shop, orders=[{"id": "O1", "status": "paid", "lines": [line]}]
        )
        order = frappe.get_doc("Sales Order", taken["sales_orders"][0])
        if order.status != "To Ship":
            order.db_set("status", "To Ship")
        self.note = submitted(new("Delivery Note", sales_order=order.name))

    def refund(self, status="Agreed", qty=2, minutes=0, **fields):
        when = str(frappe.utils.add_to_date(None, minutes=minutes))
        lines = [{"id": "1", "qty": qty}] if qty else []
        values = {
            "id": "R1",
            "order_id": "O1",
            "status": status,
            "amount": 40,
            "modified": when,
            "lines": lines,
            **fields,
        }
        return frappe.call(f"{API}.push_refunds", shop=self.shop, refunds=[{"goods_back": True, **values}])

    def bucket(self):
        (row,) = [row for row in asking.availability([self.a]) if row["warehouse"] == self.warehouse]
        return row["returning"], row["available"]

    def told(self):
        return [row["qty"] for row in frappe.call(f"{API}.pull_stock", shop=self.shop)]

    def test_agreed_goods_are_on_the_way_until_they_arrive(self):
        assert self.bucket() == (0, 15)
        self.refund()
        assert self.bucket() == (2, 15)
        items = [{"sku": self.a, "qty": 2, "return_against_item": self.note.items[0].name}]
        submitted(new("Delivery Note", is_return=1, return_against=self.note.name, items=items))
        assert self.bucket() == (0, 17)

    def test_money_alone_brings_nothing_back(self):
        self.refund(goods_back=False)
        assert self.bucket()[0] == 0

    def test_a_withdrawn_refund_brings_nothing_back(self):
        self.refund()
        self.refund("Withdrawn", minutes=1)
        assert self.bucket()[0] == 0

    def test_a_refund_without_lines_is_of_everything(self):
        self.refund(qty=0)
        assert self.bucket()[0] == 5

    def test_they_are_sold_only_where_the_policy_says_so(self):
        assert self.told() == [15]
        self.refund()
        assert self.told() == []
        make("Stock Policy", policy_name=f"P {self.shop}", shop=self.shop, with_returns=1)
        assert self.told() == [17]
