"""Counts: blind, frozen or live, by place; differences are those at the moment of the scan."""

import datetime

import frappe

from ec_erp.documents.errors import DocumentRefused
from ec_erp.inventory.errors import BeingCounted
from ec_erp.stockroom.errors import CountRefused
from ec_erp.testing import TradeCase, again, make, new, submitted


class TestStockCount(TradeCase):
    """What lies there, and what the books say."""

    def setUp(self):
        super().setUp()
        self.buy(self.a, 20, 10, posting_datetime="2026-01-01 08:00:00")
        self.buy(self.b, 5, 2, posting_datetime="2026-01-01 08:00:00")

    def count(self, **fields):
        count = make("Stock Count", company=self.company, warehouse=self.warehouse, **fields)
        count.start()
        return count

    def found(self, count, **quantities):
        names = {"a": self.a, "b": self.b}
        count.scan([{"sku": names[key], "qty": qty} for key, qty in quantities.items()])
        return count

    def sell(self, qty, **fields):
        items = [{"sku": self.a, "qty": qty, "rate": 20, "warehouse": self.warehouse}]
        return submitted(new("Delivery Note", company=self.company, customer=self.customer, items=items, **fields))

    def shown(self, count):
        return {row.sku: (row.book_qty, row.variance) for row in again(count).items}

    def test_the_life_of_a_count(self):
        count = make("Stock Count", company=self.company, warehouse=self.warehouse)
        assert (count.status, count.start()) == ("Draft", "To Count")
        assert self.found(count, a=18).status == "Counting"
        assert count.finish() == "Part"
        with self.refused(CountRefused, "1 places are not counted yet"):
            again(count).submit()
        count = again(count)
        assert self.found(count, b=5).status == "To Settle"
        count.submit()
        assert (count.status, count.differences, count.total_variance_value) == ("Done", 1, -20)

    def test_differences_are_booked(self):
        count = self.found(self.count(), a=18, b=6)
        count.submit()
        assert self.shown(count) == {self.a: (20, -2), self.b: (5, 1)}
        assert (self.stock(self.a)["on_hand"], self.stock(self.b)["on_hand"]) == (18, 6)
        assert self.booked(count) == {"1901": 18, "1405": -18}
        again(count).cancel()
        assert (self.stock(self.a)["on_hand"], self.stock(self.a)["value"]) == (20, 200)

    def test_what_is_sold_after_the_scan_does_no_harm(self):
        count = self.found(self.count(), a=20, b=5)
        self.sell(5, posting_datetime=frappe.utils.now_datetime() + datetime.timedelta(seconds=1))
        count.submit()
        assert (count.differences, self.stock(self.a)["on_hand"]) == (0, 15)

    def test_what_was_sold_before_the_scan_but_booked_late_counts_as_gone(self):
        count = self.found(self.count(), a=15, b=5)
        self.sell(5, posting_datetime="2026-06-01 09:00:00")
        count.submit()
        assert (count.differences, self.stock(self.a)["on_hand"]) == (0, 15)

    def test_a_scan_says_how_many_and_when_it_was(self):
        count = self.count(scope="Listed", items=[{"sku": self.a}])
        later = frappe.utils.now_datetime() + datetime.timedelta(days=1)
        for entry, words in (
            ({}, "Say how many"),
            ({"qty": "x"}, "Counted Quantity must be a number, not x"),
            ({"qty": 5, "counted_at": str(later)}, "future"),
        ):
            with self.refused(DocumentRefused, words):
                count.scan([{"sku": self.a, **entry}])
        fast = frappe.utils.now_datetime() + datetime.timedelta(minutes=2)
        count.scan([{"sku": self.a, "qty": 20, "counted_at": str(fast)}])
        assert frappe.utils.get_datetime(again(count).items[0].counted_at) < fast

    def test_pieces_of_which_none_is_there_are_known(self):
        sku = make("SKU", sku_code=f"S-{self.a}", has_serial=1).name
        items = [{"sku": sku, "qty": 2, "rate": 5, "warehouse": self.warehouse, "serials": f"X{sku}\nY{sku}"}]
        submitted(new("Purchase Receipt", company=self.company, supplier=self.supplier, items=items))
        count = self.count(scope="Listed", items=[{"sku": sku}])
        assert count.finish(missing_is_zero="no") != "To Settle"
        assert again(count).finish(missing_is_zero=1) == "To Settle"
        again(count).submit()
        assert (self.stock(sku)["on_hand"], again(count).items[0].serials) == (0, f"X{sku}\nY{sku}")

    def test_counting_twice_replaces_and_adding_adds(self):
        count = self.found(self.count(), a=7)
        count.scan([{"sku": self.a, "qty": 4, "add": True}])
        assert (count.items[0].counted_qty, count.items[0].rounds) == (11, 1)
        self.found(count, a=19)
        assert (count.items[0].counted_qty, count.items[0].rounds) == (19, 2)

    def test_what_was_not_listed_gets_a_row_and_a_barcode_will_do(self):
        sku = make("SKU", sku_code=f"X-{frappe.generate_hash(length=6)}", barcodes=[{"barcode": "6912345678901"}]).name
        count = self.found(self.count(), a=20, b=5)
        count.scan([{"barcode": "6912345678901", "qty": 3}])
        count.submit()
        assert self.stock(sku)["on_hand"] == 3
        with self.refused(CountRefused, "Nothing has the code"):
            self.count().scan([{"barcode": "nothing", "qty": 1}])

    def test_missing_may_count_as_nothing(self):
        count = self.found(self.count(), a=20)
        assert count.finish(missing_is_zero=1) == "To Settle"
        count.submit()
        assert self.stock(self.b)["on_hand"] == 0

    def test_a_blind_count_shows_no_books(self):
        count = self.found(self.count(blind=1), a=18, b=5)
        count.run_method("onload")
        assert not any(row.book_qty for row in count.items)

    def test_a_frozen_count_lets_nothing_move(self):
        count = self.found(self.count(freeze=1), a=18, b=5)
        with self.refused(BeingCounted, count.name):
            self.sell(1)
        with self.refused(CountRefused, "already"):
            self.count(freeze=1)
        count.submit()
        assert self.sell(1).docstatus == 1

    def test_a_cycle_count_lists_what_has_moved(self):
        count = self.count(scope="Moved Since", moved_since="2026-01-02", items=[{"sku": self.b}])
        assert [row.sku for row in count.items] == [self.b]

    def test_by_bin(self):
        hall = make("Warehouse", warehouse_name=f"Hall {frappe.generate_hash(length=5)}", company=self.company).name
        zone = make("Warehouse Zone", warehouse=hall, zone_code="P", zone_type="Pick").name
        bins = [make("Storage Bin", warehouse=hall, bin_code=code, zone=zone).name for code in ("P1", "P2")]
        frappe.get_doc("Warehouse", hall).update({"has_bins": 1, "receiving_bin": bins[0]}).save()
        items = [{"sku": self.a, "qty": 4, "rate": 1, "bin": name} for name in bins]
        submitted(new("Stock Entry", company=self.company, warehouse=hall, reason="Opening Stock", items=items))
        count = make("Stock Count", company=self.company, warehouse=hall, scope="Zone", zone=zone)
        count.start()
        count.scan([{"sku": self.a, "bin": bins[0], "qty": 3}, {"sku": self.a, "bin": bins[1], "qty": 6}])
        count.submit()
        rows = frappe.get_all("Bin Balance", filters={"warehouse": hall}, fields=["bin", "on_hand"])
        assert {row.bin: row.on_hand for row in rows} == dict(zip(bins, (3, 6), strict=True))
        assert self.stock(self.a, hall)["on_hand"] == 9
