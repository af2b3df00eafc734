"""Who will be short first when more is promised than there is."""

import frappe

from ec_erp.inventory.report.oversold_stock.oversold_stock import execute
from ec_erp.testing import TradeCase, new, submitted


class TestOversoldStock(TradeCase):
    """Two orders of four from ten pieces, then damage."""

    def test_the_latest_order_is_short_first(self):
        self.buy(self.a, 10, 10)
        first, second = self.order((self.a, 4, 20)), self.order((self.a, 4, 20))
        since = frappe.utils.add_days(frappe.utils.now_datetime(), -1)
        frappe.db.set_value("Stock Reservation", {"voucher_no": first.name}, "held_since", since)
        assert execute({"company": self.company})[1] == []
        submitted(new("Stock Entry", company=self.company, reason="Write-off", items=[{"sku": self.a, "qty": 7}]))
        columns, rows, _, chart = execute({"company": self.company})
        assert [(row["voucher_no"], row["short"], row["rank"]) for row in rows] == [
            (second.name, 4, 1),
            (first.name, 1, 2),
        ]
        assert {(row["there"], row["missing"]) for row in rows} == {(3, 5)}
        assert chart["data"]["datasets"][0]["values"] == [5]
        assert {column["fieldname"] for column in columns} <= set(rows[0])
