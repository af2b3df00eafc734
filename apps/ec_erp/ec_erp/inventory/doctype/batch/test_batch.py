"""Batches in documents: dates, first expired first out, blocked sales, returns, write-offs."""

import datetime

import frappe

from ec_erp.inventory.errors import StockShortage, TrackingRefused
from ec_erp.inventory.flows import freezing
from ec_erp.testing import TradeCase, again, make, new, submitted


def in_days(days):
    return frappe.utils.getdate() + datetime.timedelta(days=days)


class TestBatch(TradeCase):
    """Goods of one SKU that were made together."""

    def setUp(self):
        super().setUp()
        code = f"MASK-{frappe.generate_hash(length=6)}"
        self.mask = make("SKU", sku_code=code, has_batch=1, shelf_life_days=300, sale_limit_days=30,
                         receive_limit_days=60).name  # fmt: skip

    def receive(self, number, qty, expires, rate=10, sku=None):
        items = [{"sku": sku or self.mask, "qty": qty, "rate": rate, "warehouse": self.warehouse, "batch": number,
                  "expiry_date": expires}]  # fmt: skip
        return submitted(new("Purchase Receipt", company=self.company, supplier=self.supplier, items=items))

    def places(self):
        rows = frappe.get_all("Bin Balance", filters={"sku": self.mask}, fields=["batch", "on_hand", "frozen"])
        return {row.batch.split("|")[1]: (row.on_hand, row.frozen) for row in rows}

    def sell(self, qty, **fields):
        items = [{"sku": self.mask, "qty": qty, "rate": 20, "warehouse": self.warehouse, **fields}]
        return submitted(new("Delivery Note", company=self.company, customer=self.customer, items=items))

    def test_a_shelf_life_in_months_ends_on_the_same_day_of_the_month(self):
        sku = make("SKU", sku_code=f"M-{frappe.generate_hash(length=6)}", has_batch=1, shelf_life_months=18).name
        batch = make("Batch", sku=sku, batch_no="N1", production_date="2026-03-15")
        assert str(batch.expiry_date) == "2027-09-15"

    def test_a_receipt_makes_the_batch_and_works_out_its_dates(self):
        self.receive("N1", 5, in_days(200))
        batch = frappe.get_doc("Batch", f"{self.mask}|N1")
        assert (batch.expiry_date, batch.latest_sale_date) == (in_days(200), in_days(170))

    def test_a_batch_is_needed_and_not_too_old(self):
        with self.refused(TrackingRefused, "Say which batch"):
            self.receive(None, 5, None)
        with self.refused(TrackingRefused, "has 40 days left"):
            self.receive("OLD", 5, in_days(40))
        with self.refused(TrackingRefused, "without batches"):
            self.receive("N1", 5, in_days(200), sku=self.a)

    def test_first_expired_goes_first_and_comes_back_where_it_was(self):
        self.receive("LATE", 5, in_days(290))
        self.receive("SOON", 3, in_days(100))
        note = self.sell(4)
        assert self.places() == {"LATE": (4, 0)}
        submitted(new("Delivery Note", is_return=1, return_against=note.name))
        assert self.places() == {"LATE": (5, 0), "SOON": (3, 0)}

    def test_a_delivery_may_name_its_batch(self):
        self.receive("LATE", 5, in_days(290))
        self.receive("SOON", 3, in_days(100))
        self.sell(2, batch="LATE")
        assert self.places() == {"LATE": (3, 0), "SOON": (3, 0)}
        with self.refused(TrackingRefused, "has no batch"):
            self.sell(1, batch="NONE")

    def test_what_passes_its_last_day_of_sale_is_frozen_and_only_written_off(self):
        self.receive("SOON", 3, in_days(100))
        freezing.refreeze_everything(in_days(71))
        assert (self.places(), self.stock(self.mask)["available"]) == ({"SOON": (3, 3)}, 0)
        with self.refused(StockShortage):
            self.sell(1)
        submitted(new("Stock Entry", company=self.company, reason="Write-off", warehouse=self.warehouse,
                      items=[{"sku": self.mask, "qty": 2}]))  # fmt: skip
        assert self.places() == {"SOON": (1, 1)}
        freezing.refreeze_everything(in_days(0))
        assert self.stock(self.mask)["available"] == 1

    def test_a_disabled_batch_is_not_sold(self):
        self.receive("N1", 3, in_days(200))
        batch = again(frappe.get_doc("Batch", f"{self.mask}|N1"))
        batch.disabled = 1
        batch.save()
        assert self.stock(self.mask)["available"] == 0

    def test_cancelling_puts_back_what_was_where(self):
        receipt = self.receive("N1", 3, in_days(200))
        self.sell(2).cancel()
        assert self.places() == {"N1": (3, 0)}
        receipt.cancel()
        assert self.places() == {}

    def test_how_goods_are_kept_stays_once_they_moved(self):
        self.receive("N1", 3, in_days(200))
        sku = frappe.get_doc("SKU", self.mask)
        sku.has_batch = 0
        with self.refused(frappe.ValidationError, "stays as it is"):
            sku.save()

    def test_what_comes_of_a_batch_that_is_switched_off_is_not_for_sale(self):
        self.receive("N1", 5, in_days(200))
        batch = frappe.get_doc("Batch", f"{self.mask}|N1")
        batch.disabled = 1
        batch.save()
        self.receive("N1", 3, in_days(200))
        assert self.places() == {"N1": (8, 8)}
        assert self.stock(self.mask)["available"] == 0
