"""Bins: goods arrive and leave by them, and they always add up to the warehouse."""

import frappe

from ec_erp.documents.in_use import StillInUse
from ec_erp.inventory.errors import TrackingRefused
from ec_erp.testing import TradeCase, again, make, new, submitted


class TestStorageBin(TradeCase):
    """Places in a warehouse."""

    def setUp(self):
        super().setUp()
        self.hall = make(
            "Warehouse", warehouse_name=f"Hall {frappe.generate_hash(length=5)}", company=self.company
        ).name
        self.zones = {
            kind: make("Warehouse Zone", warehouse=self.hall, zone_code=kind, zone_type=kind).name
            for kind in ("Pick", "Reserve", "Return")
        }
        self.pick = self.bin("P-1", "Pick")
        self.high = self.bin("R-1", "Reserve")

    def bin(self, code, kind):
        return make("Storage Bin", warehouse=self.hall, bin_code=code, zone=self.zones[kind]).name

    def switch_on(self):
        doc = frappe.get_doc("Warehouse", self.hall)
        doc.has_bins, doc.receiving_bin = 1, self.high
        doc.save()

    def entry(self, reason, qty, **fields):
        items = [{"sku": self.a, "qty": qty, "rate": 2, **fields}]
        return submitted(new("Stock Entry", company=self.company, reason=reason, warehouse=self.hall, items=items))

    def places(self):
        rows = frappe.get_all("Bin Balance", filters={"warehouse": self.hall}, fields=["bin", "on_hand"])
        assert sum(row.on_hand for row in rows) == self.stock(self.a, self.hall)["on_hand"]
        return {row.bin: row.on_hand for row in rows}

    def test_what_is_there_goes_into_the_receiving_bin(self):
        self.entry("Opening Stock", 5)
        self.switch_on()
        assert self.places() == {self.high: 5}

    def test_what_there_is_can_be_asked_for_by_place(self):
        self.switch_on()
        self.entry("Opening Stock", 5)
        self.entry("Found", 3, bin=self.pick)
        ask = frappe.get_attr("ec_erp.inventory.api.get_availability")
        (row,) = ask([self.a], [self.hall], split=1)
        assert [(one["bin"], one["grade"], one["on_hand"]) for one in row["places"]] == sorted(
            [(self.pick, "Good", 3), (self.high, "Good", 5)]
        )
        assert (row["company"], "places" in ask([self.a], [self.hall])[0]) == (self.company, False)

    def test_goods_arrive_there_and_leave_from_the_pick_face_first(self):
        self.switch_on()
        self.entry("Opening Stock", 5)
        self.entry("Found", 3, bin=self.pick)
        self.entry("Write-off", 4)
        assert self.places() == {self.high: 4}
        self.entry("Write-off", 1, bin=self.high).cancel()
        assert self.places() == {self.high: 4}

    def test_a_bin_that_is_switched_off_sells_nothing(self):
        self.switch_on()
        self.entry("Opening Stock", 5, bin=self.pick)
        place = frappe.get_doc("Storage Bin", self.pick)
        place.disabled = 1
        place.save()
        assert self.stock(self.a, self.hall)["available"] == 0

    def switch_off(self, doctype, name):
        frappe.get_doc(doctype, name).update({"disabled": 1}).save()

    def test_a_bin_that_the_warehouse_receives_into_stays(self):
        self.switch_on()
        with self.refused(StillInUse, self.high, self.hall):
            self.switch_off("Storage Bin", self.high)
        self.switch_off("Storage Bin", self.pick)

    def test_a_zone_is_disabled_after_its_bins_and_takes_no_more(self):
        zone = self.zones["Pick"]
        with self.refused(StillInUse, self.pick):
            self.switch_off("Warehouse Zone", zone)
        self.switch_off("Storage Bin", self.pick)
        self.switch_off("Warehouse Zone", zone)
        with self.refused(frappe.ValidationError, "is disabled"):
            self.bin("P-2", "Pick")
        with self.refused(frappe.ValidationError, "is disabled"):
            frappe.get_doc("Storage Bin", self.pick).update({"disabled": 0}).save()

    def test_what_is_refused(self):
        other = make(
            "Warehouse", warehouse_name=f"Other hall {frappe.generate_hash(length=5)}", company=self.company
        ).name
        with self.refused(frappe.ValidationError, "belongs to"):
            new("Storage Bin", warehouse=other, bin_code="X", zone=self.zones["Pick"]).insert()
        doc = frappe.get_doc("Warehouse", self.hall)
        doc.has_bins = 1
        with self.refused(TrackingRefused, "Name the receiving bin"):
            doc.save()
        with self.refused(TrackingRefused, "without bins"):
            self.entry("Opening Stock", 1, bin=self.pick)
        self.switch_on()
        self.entry("Opening Stock", 1)
        doc = again(doc)
        doc.has_bins = 0
        with self.refused(TrackingRefused, "only when it is empty"):
            doc.save()

    def test_a_zone_with_goods_keeps_its_kind(self):
        self.switch_on()
        self.entry("Opening Stock", 1)
        zone = frappe.get_doc("Warehouse Zone", self.zones["Reserve"])
        zone.zone_type = "Defective"
        with self.refused(frappe.ValidationError, "hold goods"):
            zone.save()
