"""Units in documents: boxes are entered, pieces are ordered, received and sold; a box's barcode counts its pieces."""

import frappe

from ec_erp.documents.errors import DocumentRefused
from ec_erp.testing import TradeCase, again, counting, new, only_our_statements, submitted


class TestSKUUnit(TradeCase):
    """A SKU in pieces and in boxes of twelve."""

    def setUp(self):
        super().setUp()
        sku = frappe.get_doc("SKU", self.a)
        sku.append("units", {"uom": "Box", "ratio": 12, "for_purchase": 1})
        sku.append("barcodes", {"barcode": f"BOX{self.a}", "uom": "Box"})
        sku.save()

    def purchase(self, **row):
        values = {"company": self.company, "supplier": self.supplier, "warehouse": self.warehouse}
        return new("Purchase Order", items=[{"sku": self.a, **row}], **values)

    def test_a_purchase_in_boxes_is_received_in_pieces(self):
        order = submitted(self.purchase(uom="Box", uom_qty=2, uom_rate=100))
        row = order.items[0]
        assert (row.qty, row.amount, row.uom_rate) == (24, 200, 100)
        assert self.stock(self.a)["on_order"] == 24
        receipt = frappe.get_attr("ec_erp.purchasing.api.make_purchase_receipt")(order.name)
        assert (receipt.items[0].uom, receipt.items[0].qty) == ("Box", 24)
        receipt = submitted(receipt)
        assert (receipt.items[0].uom_qty, receipt.grand_total) == (2, order.grand_total)
        assert (self.stock(self.a)["on_hand"], self.stock(self.a)["value"]) == (24, 200)

    def test_a_receipt_in_boxes_of_an_order_in_pieces(self):
        order = submitted(self.purchase(qty=30, rate=5))
        items = [{"sku": self.a, "uom": "Box", "uom_qty": 1}]
        receipt = submitted(new("Purchase Receipt", purchase_order=order.name, items=items))
        assert (receipt.items[0].accepted_qty, receipt.items[0].uom_rate) == (12, 60)
        assert again(order).items[0].received_qty == 12

    def test_a_sale_in_boxes(self):
        self.buy(self.a, 24, 5)
        order = self.draft_order((self.a, None, None))
        order.items[0].update({"uom": "Box", "uom_qty": 2, "uom_rate": 199.99})
        order = submitted(order)
        assert (order.items[0].qty, order.grand_total, order.total_qty) == (24, 399.98, 24)

    def test_without_a_price_the_list_price_counts_per_piece(self):
        order = self.draft_order((self.a, None, None))
        order.items[0].update({"uom": "Box", "uom_qty": 1})
        row = order.insert().items[0]
        assert (row.qty, row.rate, row.uom_rate) == (12, 20, 240)

    def test_changed_pieces_change_the_boxes(self):
        order = self.purchase(uom="Box", uom_qty=2, rate=5).insert()
        order.items[0].qty = 36
        order.save()
        assert (order.items[0].uom_qty, order.items[0].qty) == (3, 36)
        order.items[0].qty = 37
        order.save()
        assert (order.items[0].uom, order.items[0].uom_qty or 0, order.items[0].qty) == (None, 0, 37)

    def test_a_unit_that_the_sku_does_not_have(self):
        with self.refused(DocumentRefused, "has no unit Bag"):
            self.purchase(uom="Bag", uom_qty=1).insert()
        sku = frappe.get_doc("SKU", self.b)
        sku.append("units", {"uom": "Box", "ratio": 2.5})
        with self.refused(DocumentRefused, "whole units"):
            sku.save()

    def test_a_scanned_box_counts_twelve(self):
        order = submitted(self.purchase(qty=24, rate=5))
        scan = frappe.get_attr("ec_erp.scanning.api.scan")
        answer = scan("receive", f"BOX{self.a}", document=order.name, scan_id=frappe.generate_hash())
        assert [(line["sku"], line["done"], line["total"]) for line in answer["lines"]] == [(self.a, 12, 24)]

    def test_rows_without_units_cost_no_query(self):
        only_our_statements()
        with counting() as sent:
            self.purchase(qty=1, rate=5).insert()
        assert not any("SKU Unit" in text for text in sent)

    def test_the_units_a_form_offers(self):
        found = frappe.get_attr("ec_erp.catalog.api.get_units")(self.a)
        assert [(unit["uom"], unit["ratio"]) for unit in found] == [("Piece", 1), ("Box", 12)]
