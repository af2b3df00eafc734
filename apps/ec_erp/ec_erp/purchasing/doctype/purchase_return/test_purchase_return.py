"""Purchase returns: out at the average, owed less by what was paid."""

from ec_erp.purchasing.errors import OverPurchaseReturn, PurchaseRefused
from ec_erp.testing import TradeCase, again, new, submitted


class TestPurchaseReturn(TradeCase):
    """Goods go back to their supplier."""

    def send_back(self, receipt, **fields):
        return submitted(new("Purchase Return", purchase_receipt=receipt.name, **fields))

    def test_gap_to_the_average_is_a_price_variance(self):
        receipt = self.buy(self.a, 5, 10)
        self.buy(self.a, 5, 12)
        back = self.send_back(receipt, items=[{"sku": self.a, "qty": 3}])
        assert self.booked(back) == {"220202": 30, "1405": -33, "540102": 3}
        assert (back.status, back.net_total, again(receipt).status) == ("Sent Back", 30, "Part Returned")

    def test_everything_goes_back_without_rows(self):
        receipt = self.buy(self.a, 5, 10)
        self.send_back(receipt)
        assert (self.stock(self.a)["on_hand"], again(receipt).status) == (0, "Returned")
        with self.refused(OverPurchaseReturn, "Nothing is left"):
            self.send_back(receipt)

    def test_more_than_was_received_is_refused(self):
        receipt = self.buy(self.a, 5, 10)
        with self.refused(OverPurchaseReturn, "only 5 were received"):
            self.send_back(receipt, items=[{"sku": self.a, "qty": 6}])

    def test_cancelling(self):
        receipt = self.buy(self.a, 5, 10)
        back = self.send_back(receipt, items=[{"sku": self.a, "qty": 2}])
        with self.refused(PurchaseRefused, "cancel the returns first"):
            again(receipt).cancel()
        back.cancel()
        assert (self.stock(self.a)["on_hand"], again(receipt).status) == (5, "Received")
        again(receipt).cancel()
        assert self.stock(self.a)["on_hand"] == 0
