"""Other goods in and out: reasons, accounts, costs."""

from ec_erp.documents.errors import DocumentRefused
from ec_erp.inventory.errors import StockShortage
from ec_erp.testing import TradeCase, new, submitted


class TestStockEntry(TradeCase):
    """Goods come in or go out for a reason."""

    def entry(self, reason, qty, rate=None, sku=None):
        items = [{"sku": sku or self.a, "qty": qty, "rate": rate}]
        return submitted(new("Stock Entry", company=self.company, reason=reason, items=items))

    def test_opening_stock(self):
        entry = self.entry("Opening Stock", 10, 9.5)
        assert (entry.purpose, entry.total_value) == ("Receipt", 95)
        assert self.booked(entry) == {"1405": 95, "310401": -95}

    def test_found_goods_take_the_average(self):
        self.entry("Opening Stock", 10, 9.5)
        assert self.entry("Found", 2).total_value == 19

    def test_found_goods_of_no_known_cost_take_the_purchase_price_or_nothing(self):
        assert self.entry("Found", 2, sku=self.b).total_value == 6
        assert self.entry("Found", 2, sku=self.a).total_value == 0

    def test_write_off(self):
        self.entry("Opening Stock", 10, 9.5)
        entry = self.entry("Write-off", 4)
        assert (entry.items[0].amount, self.booked(entry)) == (38, {"1901": 38, "1405": -38})

    def test_broken_goods_leave_though_they_are_promised(self):
        self.entry("Opening Stock", 10, 9.5)
        self.order((self.a, 8, 20))
        self.entry("Write-off", 4)
        assert (self.stock(self.a)["on_hand"], self.stock(self.a)["available"]) == (6, -2)
        with self.refused(StockShortage, "7 needed, 6 available"):
            self.entry("Write-off", 7)

    def test_a_reason_is_for_one_purpose(self):
        items = [{"sku": self.a, "qty": 1}]
        with self.refused(DocumentRefused, "another purpose"):
            new("Stock Entry", company=self.company, purpose="Receipt", reason="Write-off", items=items).insert()

    def test_weighed_goods(self):
        self.entry("Opening Stock", 1.234, 10, sku=self.by_weight)
        self.entry("Write-off", 0.234, sku=self.by_weight)
        assert (self.stock(self.by_weight)["on_hand"], self.stock(self.by_weight)["value"]) == (1, 10)

    def test_cancelling(self):
        entry = self.entry("Opening Stock", 10, 9.5)
        entry.cancel()
        assert (self.stock(self.a)["on_hand"], self.booked(entry)) == (0, {})
