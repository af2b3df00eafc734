"""Goods outside of their bounds are shown, by the most exact rule."""

import frappe

from ec_erp.documents.errors import DocumentRefused
from ec_erp.inventory.report.stock_alerts.stock_alerts import execute
from ec_erp.testing import TradeCase, make


class TestStockAlerts(TradeCase):
    """Ten pieces of A and of B."""

    def setUp(self):
        super().setUp()
        self.buy(self.a, 10, 10)
        self.buy(self.b, 10, 3)

    def rule(self, name, **fields):
        return make("Stock Alert Rule", rule_name=f"{name} {self.company}", company=self.company, **fields)

    def shown(self, **filters):
        return {(row["sku"], row["state"], row["gap"]) for row in execute({"company": self.company, **filters})[1]}

    def test_fixed_bounds_and_the_most_exact_rule(self):
        self.rule("all", method="Fixed", lower_qty=12)
        assert self.shown() == {(self.a, "Below", 2), (self.b, "Below", 2)}
        self.rule("b", method="Fixed", sku=self.b, lower_qty=1, upper_qty=4)
        assert self.shown() == {(self.a, "Below", 2), (self.b, "Above", 6)}

    def test_bounds_follow_sales_of_whole_days(self):
        before = frappe.utils.add_days(frappe.utils.now_datetime(), -2)
        self.buy(self.a, 10, 10, posting_datetime=frappe.utils.add_days(before, -1))
        self.deliver(self.order((self.a, 6, 20), order_datetime=before), posting_datetime=before)
        self.rule("sales", window_days=3, lower_days=10, upper_days=20, sku=self.a)
        (row,) = execute({"company": self.company})[1]
        assert (row["per_day"], row["lower"], row["upper"], row["state"]) == (2, 20, 40, "Below")
        assert (row["available"], row["cover_days"]) == (14, 7)

    def test_what_is_within_is_shown_where_asked(self):
        self.rule("a", method="Fixed", sku=self.a, lower_qty=1)
        assert self.shown() == set()
        assert self.shown(every=1) == {(self.a, "Within", 0)}
        assert self.shown(every=1, warehouse=self.other_warehouse) == set()

    def test_bounds_that_cannot_hold_are_refused(self):
        for fields, words in (
            ({"method": "Fixed", "lower_qty": 5, "upper_qty": 4}, "below the lower"),
            ({"window_days": 0}, "how many days"),
            ({"sku": self.a, "category": "All Categories"}, "not both"),
        ):
            with self.subTest(words=words), self.refused(DocumentRefused, words):
                self.rule(words, **fields)
