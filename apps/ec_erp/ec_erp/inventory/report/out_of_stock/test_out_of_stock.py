"""What ran out, for how many days, and what was probably not sold then."""

import frappe

from ec_erp.inventory.report.out_of_stock.out_of_stock import execute
from ec_erp.testing import TradeCase


class TestOutOfStock(TradeCase):
    """Bought ten days ago, all sold over the two days after, nothing since."""

    def test_lost_sales(self):
        days = [frappe.utils.add_days(frappe.utils.now_datetime(), -back) for back in range(11)]
        self.buy(self.a, 8, 10, posting_datetime=days[10])
        for day in (days[10], days[9]):
            self.deliver(self.order((self.a, 4, 20), order_datetime=day), posting_datetime=day)
        (row,) = execute({"company": self.company, "days": 10})[1]
        assert (row["sold"], row["per_day"], row["days_out"], row["lost_qty"], row["lost_amount"]) == (8, 4, 8, 32, 640)

    def test_goods_that_nobody_bought_are_not_missed(self):
        self.buy(self.a, 1, 10)
        assert execute({"company": self.company})[1] == []
