"""Purchase returns: out at the average, owed less by what was paid."""

import frappe

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

    def price(self, receipt, items=None):
        return frappe.call("ec_erp.purchasing.api.price_return", purchase_receipt=receipt.name, items=items)

    def test_what_is_being_typed_is_worth_what_it_will_be_when_it_is_saved(self):
        receipt = self.buy(self.a, 3, 3.333)
        typed = self.price(receipt, [{"sku": self.a, "qty": 2}])
        saved = new("Purchase Return", purchase_receipt=receipt.name, items=[{"sku": self.a, "qty": 2}]).insert()
        assert typed["head"] == {field: saved.get(field) for field in typed["head"]}
        assert typed["items"] == [{field: saved.items[0].get(field) for field in typed["items"][0]}]
        everything = self.price(receipt)
        assert [(row["sku"], row["qty"]) for row in everything["items"]] == [(self.a, 3)]

    def test_what_can_not_go_back_is_told_and_worth_nothing(self):
        typed = self.price(self.buy(self.a, 5, 10), [{"sku": self.a, "qty": 6}, {"sku": self.b, "qty": 1}])
        assert (typed["head"]["grand_total"], len(typed["problems"])) == (0, 2)
        assert "only 5 were received" in typed["problems"][0]

    def test_cancelling(self):
        receipt = self.buy(self.a, 5, 10)
        back = self.send_back(receipt, items=[{"sku": self.a, "qty": 2}])
        with self.refused(PurchaseRefused, "cancel the returns first"):
            again(receipt).cancel()
        back.cancel()
        assert (self.stock(self.a)["on_hand"], again(receipt).status) == (5, "Received")
        again(receipt).cancel()
        assert self.stock(self.a)["on_hand"] == 0

    def test_held_goods_are_put_aside_until_they_leave(self):
        receipt = self.buy(self.a, 10, 10)
        back = submitted(
            new("Purchase Return", purchase_receipt=receipt.name, hold_only=1, items=[{"sku": self.a, "qty": 4}])
        )
        assert (back.status, self.stock(self.a)["on_hand"], self.stock(self.a)["available"]) == ("Held", 10, 6)
        assert frappe.call("ec_erp.purchasing.api.send_out_returns", names=[back.name]) == {back.name: "Sent Back"}
        shown = self.stock(self.a)
        assert (shown["on_hand"], shown["reserved"], shown["available"]) == (6, 0, 6)
        again(back).cancel()
        assert self.stock(self.a)["available"] == 10

    def test_held_goods_are_free_again_when_it_is_cancelled(self):
        receipt = self.buy(self.a, 10, 10)
        back = submitted(new("Purchase Return", purchase_receipt=receipt.name, hold_only=1))
        assert self.stock(self.a)["available"] == 0
        again(back).cancel()
        assert (again(back).status, self.stock(self.a)["available"], self.entries(back)) == ("Cancelled", 10, [])

    def test_a_replacement_is_expected_again(self):
        order = self.purchase_order((self.a, 10, 10))
        receipt = submitted(new("Purchase Receipt", purchase_order=order.name))
        values = {"purchase_receipt": receipt.name, "settle_by": "Replacement", "items": [{"sku": self.a, "qty": 4}]}
        back = submitted(new("Purchase Return", **values))
        assert (again(order).status, self.stock(self.a)["on_order"]) == ("Part Received", 4)
        submitted(new("Purchase Receipt", purchase_order=order.name))
        assert (again(order).status, self.stock(self.a)["on_hand"]) == ("Received", 10)
        assert back.status == "Sent Back"
