"""Changes of grade: pieces and their value change pools, and come back."""

from ec_erp.inventory.errors import StockShortage
from ec_erp.testing import TradeCase, again, new, submitted


class TestGradeChange(TradeCase):
    """Good pieces become defective ones, or the reverse."""

    def setUp(self):
        super().setUp()
        self.buy(self.a, 10, 10)

    def change(self, qty, direction="Good to Defective"):
        items = [{"sku": self.a, "qty": qty}]
        return submitted(
            new("Grade Change", company=self.company, warehouse=self.warehouse, direction=direction, items=items)
        )

    def test_defective_pieces_are_there_and_not_for_sale(self):
        change = self.change(3)
        balance = self.stock(self.a)
        assert (balance["on_hand"], balance["available"], balance["value"]) == (10, 7, 100)
        assert (change.items[0].cost, self.booked(change)) == (30, {})

    def test_back_again_with_their_own_value(self):
        self.change(3)
        self.buy(self.a, 7, 30)
        assert self.change(2, "Defective to Good").items[0].cost == 20
        assert self.stock(self.a)["available"] == 16

    def test_only_as_many_as_there_are(self):
        self.change(3)
        with self.refused(StockShortage):
            self.change(4, "Defective to Good")
        with self.refused(StockShortage):
            self.change(8)

    def test_promised_pieces_may_turn_out_broken(self):
        self.order((self.a, 9, 20))
        self.change(3)
        assert self.stock(self.a)["available"] == -2

    def test_cancelling(self):
        change = self.change(3)
        again(change).cancel()
        assert (self.stock(self.a)["available"], again(change).status) == (10, "Cancelled")

    def test_defective_goods_leave_by_a_write_off(self):
        self.change(3)
        items = [{"sku": self.a, "qty": 2, "grade": "Defective"}]
        entry = submitted(new("Stock Entry", company=self.company, reason="Write-off", items=items))
        assert (entry.total_value, self.stock(self.a)["on_hand"], self.stock(self.a)["available"]) == (20, 8, 7)
