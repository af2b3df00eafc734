"""The scorecard of a supplier follows its receipts and returns."""

import frappe

from ec_erp.purchasing.report.supplier_scorecard.supplier_scorecard import execute
from ec_erp.testing import TradeCase, new, submitted


class TestSupplierScorecard(TradeCase):
    """Two orders: one in time, one late with a bad piece."""

    def bought(self, days, rate, rejected=0):
        now = frappe.utils.now_datetime()
        ordered = frappe.utils.add_days(now, -20)
        due = frappe.utils.add_days(now, -15)
        order = self.purchase_order((self.a, 10, rate), order_datetime=ordered, schedule_date=due)
        came = frappe.utils.add_days(ordered, days)
        row = {"sku": self.a, "qty": 10, "rejected_qty": rejected, "rejection_reason": "cracked"}
        return submitted(new("Purchase Receipt", purchase_order=order.name, posting_datetime=came, items=[row]))

    def test_score(self):
        self.bought(5, 10)
        self.bought(7, 11, rejected=1)
        columns, rows = execute({"supplier": self.supplier})
        (row,) = rows
        assert (row["receipts"], row["qty"], row["on_time_percent"], row["defect_percent"]) == (2, 20, 50, 5)
        assert (row["price_trend_percent"], row["lead_days"], row["lead_spread"]) == (10, 6, 1)
        assert {column["fieldname"] for column in columns} <= set(row)

    def test_by_sku_and_empty(self):
        self.bought(5, 10)
        _, rows = execute({"supplier": self.supplier, "by_sku": 1})
        assert [row["sku"] for row in rows] == [self.a]
        assert execute({"supplier": "Nobody"})[1] == []
