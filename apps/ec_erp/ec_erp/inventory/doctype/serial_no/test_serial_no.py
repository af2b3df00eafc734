"""Serial numbers in documents: in, out, back, and what is refused."""

import frappe

from ec_erp.inventory.errors import TrackingRefused
from ec_erp.testing import TradeCase, make, new, submitted


class TestSerialNo(TradeCase):
    """Pieces that can be told from all others."""

    def setUp(self):
        super().setUp()
        self.phone = make("SKU", sku_code=f"PH-{frappe.generate_hash(length=6)}", has_serial=1).name

    def entry(self, reason, serials, qty=None):
        numbers = serials.split()
        items = [{"sku": self.phone, "qty": qty or len(numbers), "rate": 5, "serials": "\n".join(numbers)}]
        entry = new("Stock Entry", company=self.company, reason=reason, warehouse=self.warehouse, items=items)
        return submitted(entry)

    def states(self):
        rows = frappe.get_all("Serial No", filters={"sku": self.phone}, fields=["name", "status", "warehouse"])
        return {row.name: (row.status, row.warehouse) for row in rows}

    def test_in_out_and_back(self):
        self.entry("Opening Stock", "P1 P2")
        items = [{"sku": self.phone, "qty": 1, "rate": 9, "warehouse": self.warehouse, "serials": "P2"}]
        note = submitted(new("Delivery Note", company=self.company, customer=self.customer, items=items))
        assert self.states() == {"P1": ("In Stock", self.warehouse), "P2": ("Out", None)}
        note.cancel()
        assert self.states()["P2"] == ("In Stock", self.warehouse)

    def test_numbers_are_needed_and_must_fit(self):
        self.entry("Opening Stock", "P1")
        for serials, qty, words in (("P1 P2", None, "is in"), ("P3", 2, "2 are needed, 1 are given")):
            with self.subTest(serials=serials), self.refused(TrackingRefused, words):
                self.entry("Found", serials, qty)
        with self.refused(TrackingRefused, "has no serial number P9"):
            self.entry("Write-off", "P9")

    def test_a_recorded_number_arrives_later(self):
        make("Serial No", serial_no="P7", sku=self.phone)
        self.entry("Opening Stock", "P7")
        assert self.states() == {"P7": ("In Stock", self.warehouse)}

    def test_nobody_moves_a_piece_by_hand(self):
        self.entry("Opening Stock", "P1")
        piece = frappe.get_doc("Serial No", "P1")
        piece.status = "Out"
        with self.refused(TrackingRefused, "follows from the documents"):
            piece.save()
        with self.refused(TrackingRefused, "without serial numbers"):
            new("Serial No", serial_no="X1", sku=self.a).insert()
