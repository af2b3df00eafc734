"""Transfers: goods leave, are on their way, come in parts, are lost or go back, at exactly what they cost."""

import frappe

from ec_erp.inventory.errors import StockShortage
from ec_erp.posting.flows.verify import verify_ledgers
from ec_erp.stockroom.errors import TransferRefused
from ec_erp.testing import TradeCase, again, make, new, submitted


class TestStockTransfer(TradeCase):
    """From one warehouse to another."""

    def setUp(self):
        super().setUp()
        self.buy(self.a, 3, 1)
        self.buy(self.a, 7, 1.51)

    def transfer(self, *lines, **fields):
        items = [{"sku": sku, "qty": qty} for sku, qty in lines]
        values = {"from_warehouse": self.warehouse, "to_warehouse": self.other_warehouse, **fields}
        return submitted(new("Stock Transfer", company=self.company, items=items, **values))

    def there(self, sku=None):
        fields = ["on_hand", "in_transit", "value"]
        return tuple(
            frappe.db.get_value("Stock Balance", f"{sku or self.a}|{self.other_warehouse}", fields) or (0, 0, 0)
        )

    def row(self, transfer):
        row = again(transfer).items[0]
        return (row.sent_qty, row.received_qty, row.lost_qty, row.back_qty)

    def test_approving_puts_aside_and_cancelling_gives_back(self):
        transfer = self.transfer((self.a, 7))
        assert (transfer.status, self.stock(self.a)["available"]) == ("Approved", 3)
        with self.refused(StockShortage, "4 needed, 3 available"):
            self.transfer((self.a, 4))
        transfer.cancel()
        assert (transfer.status, self.stock(self.a)["available"]) == ("Cancelled", 10)

    def test_sent_goods_are_on_their_way_with_their_value(self):
        transfer = self.transfer((self.a, 7))
        assert transfer.send() == "Out"
        assert (self.stock(self.a)["on_hand"], self.stock(self.a)["reserved"], self.there()) == (3, 0, (0, 7, 0))
        on_the_way = self.stock(self.a, transfer.transit_warehouse)
        assert (on_the_way["on_hand"], on_the_way["value"], transfer.total_cost) == (7, 9.5, 9.5)
        assert self.booked(transfer) == {}

    def test_parts_add_up_to_the_cent(self):
        transfer = self.transfer((self.a, 7))
        transfer.send()
        row = transfer.items[0].name
        assert [transfer.receive({row: 3}), transfer.receive({row: 2}), transfer.receive()] == [
            "Part In",
            "Part In",
            "In",
        ]
        assert self.there() == (7, 0, 9.5)
        assert transfer.settle() == "Settled"

    def test_what_does_not_come_is_lost(self):
        transfer = self.transfer((self.a, 7))
        transfer.send()
        transfer.receive({transfer.items[0].name: 5})
        transfer.settle("Loss")
        assert (self.row(transfer), self.there()) == ((7, 5, 2, 0), (5, 0, 6.79))
        assert self.booked(transfer) == {"1901": 2.71, "1405": -2.71}

    def test_or_goes_back(self):
        transfer = self.transfer((self.a, 7))
        transfer.send()
        transfer.receive({transfer.items[0].name: 5})
        transfer.settle("Back")
        assert (self.row(transfer), self.stock(self.a)["on_hand"]) == ((7, 5, 0, 2), 5)
        assert self.stock(self.a)["value"] + self.there()[2] == 13.57

    def test_undoing_what_was_sent(self):
        transfer = self.transfer((self.a, 7))
        transfer.send()
        again(transfer).cancel()
        assert (self.stock(self.a)["available"], self.stock(self.a)["value"], self.there()) == (10, 13.57, (0, 0, 0))

    def test_steps_in_the_wrong_order_are_refused(self):
        transfer = self.transfer((self.a, 7))
        with self.refused(TransferRefused, "it has to be Out"):
            transfer.receive()
        transfer.send()
        with self.refused(TransferRefused, "it has to be Approved"):
            transfer.send()
        with self.refused(TransferRefused, "7 are on their way, not 8"):
            transfer.receive({transfer.items[0].name: 8})
        transfer.receive({transfer.items[0].name: 1})
        with self.refused(TransferRefused, "have arrived"):
            again(transfer).cancel()

    def test_it_goes_somewhere_else(self):
        with self.refused(TransferRefused, "another"):
            self.transfer((self.a, 1), to_warehouse=self.warehouse)

    def test_batches_go_along(self):
        mask = make("SKU", sku_code=f"M-{frappe.generate_hash(length=6)}", has_batch=1).name
        items = [{"sku": mask, "qty": 5, "rate": 2, "batch": "N1", "expiry_date": "2030-01-01"}]
        submitted(new("Stock Entry", company=self.company, reason="Opening Stock", items=items))
        items = [{"sku": mask, "qty": 4, "batch": "N1"}]
        transfer = submitted(new("Stock Transfer", company=self.company, from_warehouse=self.warehouse,
                                 to_warehouse=self.other_warehouse, items=items))  # fmt: skip
        transfer.send()
        transfer.receive()
        rows = frappe.get_all("Bin Balance", filters={"sku": mask}, fields=["warehouse", "batch", "on_hand"])
        assert {(row.warehouse, row.batch, row.on_hand) for row in rows} == {
            (self.warehouse, f"{mask}|N1", 1),
            (self.other_warehouse, f"{mask}|N1", 4),
        }

    def test_the_ledgers_agree_after_all_of_it(self):
        transfer = self.transfer((self.a, 7))
        transfer.send()
        transfer.receive({transfer.items[0].name: 3})
        transfer.settle("Loss")
        assert verify_ledgers(lambda _stage: None) == []

    def test_sending_costs_the_same_for_many_rows(self):
        self.buy(self.b, 20, 1)
        transfer = self.transfer(*[(sku, 1) for sku in (self.a, self.b) * 3])
        with self.at_most(40):
            transfer.send()

    def sent_pieces(self, numbers):
        phone = make("SKU", sku_code=f"PHONE-{frappe.generate_hash(length=6)}", has_serial=1).name
        told = {"sku": phone, "qty": len(numbers), "serials": "\n".join(numbers)}
        items = [{**told, "rate": 5, "warehouse": self.warehouse}]
        submitted(new("Purchase Receipt", company=self.company, supplier=self.supplier, items=items))
        values = {"from_warehouse": self.warehouse, "to_warehouse": self.other_warehouse, "items": [told]}
        transfer = submitted(new("Stock Transfer", company=self.company, **values))
        transfer.send()
        return transfer

    def test_pieces_come_in_parts_one_after_the_other(self):
        numbers = [f"P{frappe.generate_hash(length=6)}-{at}" for at in range(3)]
        transfer = self.sent_pieces(numbers)
        row = transfer.items[0].name
        assert [transfer.receive({row: 1}), transfer.receive({row: 1}), transfer.receive()] == [
            "Part In",
            "Part In",
            "In",
        ]
        assert {frappe.db.get_value("Serial No", number, "warehouse") for number in numbers} == {self.other_warehouse}

    def test_only_pieces_that_have_not_come_are_lost(self):
        numbers = [f"P{frappe.generate_hash(length=6)}-{at}" for at in range(2)]
        transfer = self.sent_pieces(numbers)
        transfer.receive({transfer.items[0].name: 1})
        assert transfer.settle("Loss") == "Settled"
        assert [frappe.db.get_value("Serial No", number, "status") for number in numbers] == ["In Stock", "Out"]
