"""Price lists in orders: whose list holds, prices by quantity, prices that stop an order."""

import frappe

from ec_erp.documents.errors import DocumentRefused
from ec_erp.testing import TradeCase, again, counting, make, new, only_our_statements


class TestPriceList(TradeCase):
    """A wholesale list with prices by quantity for one SKU."""

    def setUp(self):
        super().setUp()
        frappe.db.set_value("SKU", self.a, {"wholesale_rate": 15, "minimum_rate": 12})
        self.list = make("Price List", price_list_name=f"W {self.a}", price_kind="Wholesale", percent=90).name
        make("SKU Price", price_list=self.list, sku=self.a, price=13, min_qty=10)
        self.buy(self.a, 100, 10)

    def line(self, qty=1, rate=None, **fields):
        doc = self.draft_order((self.a, qty, rate), **fields).insert()
        return doc.items[0].rate, doc.items[0].price_origin

    def test_an_order_takes_its_price_from_its_list(self):
        assert self.line(price_list=self.list) == (13.5, f"{self.list}, 90 % of the wholesale price")
        assert self.line(10, price_list=self.list) == (13, f"{self.list}, from 10 on")

    def test_without_a_list_the_retail_price_counts(self):
        assert self.line() == (20, "Retail price")

    def test_a_price_that_was_given_stays(self):
        assert self.line(10, 19, price_list=self.list) == (19, None)

    def test_the_customer_goes_before_the_level_and_the_level_before_the_shop(self):
        level = make("Customer Level", level_name=f"L {self.a}", price_list=self.list).name
        frappe.db.set_value("Customer", self.customer, "customer_level", level)
        assert self.line()[0] == 13.5
        other = make("Price List", price_list_name=f"M {self.a}", percent=50).name
        frappe.db.set_value("Customer", self.customer, "price_list", other)
        assert self.line()[0] == 10

    def test_a_named_list_that_has_ended_is_refused_and_an_assigned_one_passed_over(self):
        frappe.db.set_value("Price List", self.list, "valid_to", "2020-01-01")
        with self.refused(DocumentRefused, "does not hold on"):
            self.draft_order((self.a, 1, None), price_list=self.list).insert()
        frappe.db.set_value("Customer", self.customer, "price_list", self.list)
        assert self.line() == (20, "Retail price")

    def test_a_combo_has_its_price_in_a_list(self):
        parts = [{"sku": self.a, "qty": 2}]
        combo = make("SKU", sku_code=f"SET-{self.a}", is_combo=1, standard_rate=40, components=parts).name
        make("SKU Price", price_list=self.list, sku=combo, price=30)
        doc = self.draft_order((combo, 1, None), price_list=self.list).insert()
        assert [(row.sku, row.qty, row.amount) for row in doc.items] == [(self.a, 2, 30)]
        assert doc.items[0].price_origin == f"{self.list}, listed price"

    def test_one_price_per_quantity_and_start(self):
        with self.refused(DocumentRefused, "already"):
            new("SKU Price", price_list=self.list, sku=self.a, price=1, min_qty=10).insert()
        with self.refused(DocumentRefused, "ends before"):
            new(
                "SKU Price", price_list=self.list, sku=self.b, price=1, valid_from="2026-02-01", valid_to="2026-01-01"
            ).insert()

    def test_queries_do_not_grow_with_the_lines(self):
        only_our_statements()
        frappe.db.set_value("Customer", self.customer, "price_list", self.list)
        few, many = self.draft_order((self.a, 1, None)), self.draft_order(*[(self.a, n, None) for n in range(1, 13)])
        with counting() as first:
            few.insert()
        with counting() as second:
            many.insert()
        inserts = sum(text.lower().startswith("insert") for text in second)
        assert len(second) - inserts <= len(first)

    def test_an_order_below_the_minimum_price_waits_for_finance(self):
        order = again(self.order((self.a, 2, 11.99)))
        assert (order.status, order.exceptions) == ("To Audit", "Below Minimum Price")
        frappe.get_attr("ec_erp.orders.flows.unblock_orders")([order.name], "Below Minimum Price")
        assert again(order).status == "To Ship"

    def test_at_the_minimum_price_it_goes_on(self):
        assert again(self.order((self.a, 2, 12))).status == "To Ship"

    def test_a_flagged_order_goes_on(self):
        frappe.db.set_single_value("Order Settings", "below_minimum", "Flag")
        order = again(self.order((self.a, 2, 11)))
        assert (order.status, order.exceptions) == ("To Ship", "Low Price")

    def test_below_cost_where_the_settings_ask(self):
        frappe.db.set_value("SKU", self.a, "minimum_rate", 0)
        assert again(self.order((self.a, 1, 9))).status == "To Ship"
        frappe.db.set_single_value("Order Settings", "below_cost", "Block")
        assert again(self.order((self.a, 1, 9))).exceptions == "Below Cost"

    def test_the_form_asks_for_a_price(self):
        values = {"company": self.company, "currency": "CNY", "price_list": self.list}
        found = frappe.get_attr("ec_erp.orders.api.get_price")(self.a, 10, **values)
        assert (found["rate"], found["price_origin"]) == (13, f"{self.list}, from 10 on")
