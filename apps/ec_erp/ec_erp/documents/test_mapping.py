"""Documents that are made from others carry what is still open."""

from ec_erp.fulfilment import api as fulfilment
from ec_erp.purchasing import api as purchasing
from ec_erp.testing import TradeCase, again


class TestMapping(TradeCase):
    """The Create buttons of the desk."""

    def test_order_to_delivery_to_return(self):
        self.buy(self.a, 10, 10)
        order = self.order((self.a, 4, 20), shipping_fee=5)
        self.deliver(order, items=[{"sku": self.a, "qty": 1}])
        note = fulfilment.make_delivery_note(order.name)
        assert (note.sales_order, note.items[0].qty, note.items[0].sales_order_item) == (
            order.name,
            3,
            order.items[0].name,
        )
        note.insert()
        note.submit()
        assert (again(order).status, note.grand_total) == ("Shipped", 60)
        back = fulfilment.make_return(note.name)
        assert (back.is_return, back.return_against, back.items[0].qty) == (1, note.name, 3)
        back.insert()
        back.submit()
        assert (back.name[:2], again(note).status) == ("RT", "Returned")

    def test_purchase_order_to_receipt_to_return(self):
        order = self.purchase_order((self.a, 10, 10))
        receipt = purchasing.make_purchase_receipt(order.name)
        assert (receipt.purchase_order, receipt.items[0].qty) == (order.name, 10)
        receipt.insert()
        receipt.submit()
        back = purchasing.make_purchase_return(receipt.name)
        assert (back.purchase_receipt, back.supplier, back.items[0].qty) == (receipt.name, self.supplier, 10)
        back.insert()
        back.submit()
        assert self.stock(self.a)["on_hand"] == 0
