"""What did not sell for long is dead, what lasts too long is slow."""

import frappe

from ec_erp.inventory.report.slow_stock.slow_stock import execute
from ec_erp.testing import TradeCase


class TestSlowStock(TradeCase):
    """A sold yesterday, B never."""

    def test_dead_and_slow(self):
        past = frappe.utils.add_days(frappe.utils.now_datetime(), -5)
        self.buy(self.a, 20, 10, posting_datetime=past)
        self.buy(self.b, 3, 10, posting_datetime=past)
        self.deliver(self.order((self.a, 10, 20)))
        rows = execute({"company": self.company, "days": 10, "slow_cover": 9})[1]
        shown = [(row["sku"], row["state"], row["cover_days"], row["days_since_sale"]) for row in rows]
        assert shown == [(self.b, "Dead", None, None), (self.a, "Slow", 10, 0)]
        assert [row["sku"] for row in execute({"company": self.company, "days": 10})[1]] == [self.b]

    def test_a_delivery_that_was_cancelled_is_no_sale(self):
        self.buy(self.a, 20, 10, posting_datetime=frappe.utils.add_days(frappe.utils.now_datetime(), -5))
        self.deliver(self.order((self.a, 10, 20))).cancel()
        (row,) = execute({"company": self.company, "days": 10})[1]
        assert (row["state"], row["sold"], row["last_sale"]) == ("Dead", 0, None)
