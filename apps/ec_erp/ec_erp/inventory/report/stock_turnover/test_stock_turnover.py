"""Turnover is average stock value by cost of sales, however it is grouped."""

import frappe

from ec_erp.inventory.report.stock_turnover.stock_turnover import execute
from ec_erp.testing import TradeCase


class TestStockTurnover(TradeCase):
    """Ten bought before the span, four sold in it: value 100 at its beginning, 60 at its end."""

    def setUp(self):
        super().setUp()
        self.buy(self.a, 10, 10, posting_datetime="2026-03-05 08:00:00")
        order = self.order((self.a, 4, 20), order_datetime="2026-03-20 08:00:00")
        self.deliver(order, posting_datetime="2026-03-20 09:00:00")

    def rows(self, **filters):
        span = {"from_date": "2026-03-11", "to_date": "2026-03-30"}
        return execute({"company": self.company, **span, **filters})[1]

    def test_by_each_dimension(self):
        for by, group in (("SKU", self.a), ("Warehouse", self.warehouse), ("Platform", ""), ("Category", None)):
            with self.subTest(by=by):
                (row,) = self.rows(by=by)
                assert (row["average_value"], row["cost_of_sales"], row["turnover_days"]) == (80, 40, 40)
                assert group is None or row["group"] == group

    def test_by_brand_and_class_and_of_them_alone(self):
        frappe.get_doc({"doctype": "Brand", "brand": f"Brand {self.a}"}).insert()
        frappe.db.set_value("SKU", self.a, {"brand": f"Brand {self.a}", "goods_class": "A"})
        for by, field, value in (("Brand", "brand", f"Brand {self.a}"), ("Class", "goods_class", "A")):
            with self.subTest(by=by):
                (row,) = self.rows(by=by, **{field: value})
                assert (row["group"], row["cost_of_sales"]) == (value, 40)
        assert self.rows(brand=f"Brand {self.a}", goods_class="B") == []

    def test_a_span_over_months_averages_their_ends(self):
        (row,) = self.rows(from_date="2026-02-01", to_date="2026-04-30")
        assert (row["average_value"], row["cost_of_sales"]) == (30, 40)  # 0, 0, 60, 60

    def test_goods_that_did_not_sell_have_no_turnover(self):
        (row,) = self.rows(from_date="2026-03-06", to_date="2026-03-10")
        assert (row["turnover_days"], row["average_value"]) == (None, 100)

    def test_a_span_runs_forwards(self):
        with self.refused(frappe.ValidationError, "before the start"):
            self.rows(from_date="2026-04-30")
