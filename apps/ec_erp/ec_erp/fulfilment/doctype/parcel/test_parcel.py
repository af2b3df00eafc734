"""Cartons of parcels: recommended by size, taken out of stock once, never a reason to wait."""

from decimal import Decimal

import frappe

from ec_erp.fulfilment.doctype.wave.test_wave import WarehouseCase
from ec_erp.fulfilment.errors import DeliveryRefused
from ec_erp.fulfilment.flows import cartons, packing
from ec_erp.testing import again, make, new, submitted


class TestParcel(WarehouseCase):
    """Two cartons: a small one that holds a cup, a large one that holds more."""

    def setUp(self):
        super().setUp()
        for sku, sides in ((self.a, (10, 10, 10)), (self.b, (20, 20, 4))):
            frappe.db.set_value("SKU", sku, {"volume_cm3": sides[0] * sides[1] * sides[2]})
        self.small = self.carton("S", 12, 12, 12, 40)
        self.large = self.carton("L", 40, 30, 30, 150)

    def carton(self, name, length, width, height, weight):
        sides = {"length_cm": length, "width_cm": width, "height_cm": height}
        code = f"BOX-{name}-{self.a}"
        return make("SKU", sku_code=code, is_package=1, weight_g=weight, purchase_rate=1, **sides).name

    def have(self, carton, qty):
        items = [{"sku": carton, "qty": qty, "rate": 1.5}]
        submitted(
            new("Stock Entry", company=self.company, warehouse=self.warehouse, reason="Opening Stock", items=items)
        )

    def packed(self, *lines, **chosen):
        _, note, _ = self.checked(*lines)
        return [frappe.get_doc("Parcel", name) for name in packing.pack([note], **chosen)[note]]

    def test_the_carton_is_recommended_and_leaves_the_stock(self):
        self.have(self.small, 5)
        (parcel,) = self.packed((self.a, 1, 20))
        assert (parcel.package, parcel.expected_weight_g) == (self.small, 240)
        entry = frappe.get_doc("Stock Entry", parcel.package_entry)
        assert (entry.docstatus, entry.reason, entry.total_value) == (1, "Packaging", 1.5)
        assert self.stock(self.small)["on_hand"] == 4

    def test_it_leaves_once(self):
        self.have(self.small, 5)
        (parcel,) = self.packed((self.a, 1, 20))
        assert cartons.consume([parcel.name]) == []
        assert self.stock(self.small)["on_hand"] == 4

    def test_packing_does_not_wait_for_cartons(self):
        (parcel,) = self.packed((self.a, 1, 20))
        assert (parcel.package, parcel.package_entry) == (self.small, None)
        assert "not in stock" in parcel.package_problem
        self.have(self.small, 1)
        assert len(cartons.consume_waiting()) == 1
        parcel = again(parcel)
        assert (bool(parcel.package_entry), parcel.package_problem) == (True, None)
        assert self.stock(self.small)["on_hand"] == 0

    def test_more_goods_take_a_larger_carton(self):
        self.have(self.small, 5)
        self.have(self.large, 5)
        (parcel,) = self.packed((self.a, 3, 20))
        assert parcel.package == self.large

    def test_split_classes_go_apart_each_in_its_carton(self):
        self.have(self.small, 5)
        self.have(self.large, 5)
        frappe.db.set_value("SKU", self.b, "split_class", "Flat")
        parcels = self.packed((self.a, 1, 20), (self.b, 1, 20))
        assert [(parcel.items[0].sku, parcel.package) for parcel in parcels] == [
            (self.a, self.small),
            (self.b, self.large),
        ]

    def test_a_person_may_take_another_carton(self):
        self.have(self.large, 5)
        _, note, _ = self.checked((self.a, 1, 20))
        with self.refused(DeliveryRefused, "is no packing material"):
            packing.pack([note], packages={note: self.b})
        (name,) = packing.pack([note], packages={note: self.large})[note]
        assert frappe.db.get_value("Parcel", name, ["package", "package_why"]) == (self.large, "Chosen by hand")

    def test_the_check_says_which_carton_to_take(self):
        self.have(self.small, 5)
        _, note, _ = self.checked((self.a, 1, 20))
        assert packing.recommend(note)[0][:2] == (self.small, Decimal(240))
        scan = frappe.get_attr("ec_erp.scanning.api.scan")
        answer = scan("check", note, scan_id=frappe.generate_hash())
        assert self.small in answer["next"]

    def test_unknown_sizes_name_the_sku(self):
        frappe.db.set_value("SKU", self.a, "volume_cm3", 0)
        (parcel,) = self.packed((self.a, 1, 20))
        assert (parcel.package, parcel.package_why) == (None, f"The size of {self.a} is not known")
