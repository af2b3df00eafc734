"""What a provider takes in and says it has: receipts, transfers, returns, snapshots, differences, counts."""

import frappe

from ec_erp.outer_warehouse.doctype.provider_task.test_provider_task import API, ProviderCase
from ec_erp.outer_warehouse.errors import ProviderRefused
from ec_erp.outer_warehouse.flows import comparing
from ec_erp.stockroom.flows import transfers
from ec_erp.testing import again, make, new, submitted

LATER = "2026-11-21 09:00:00"


class TestArrivals(ProviderCase):
    """Goods come to the provider: bought, moved, and back from buyers."""

    def arrive(self, number, *lines, kind="receipt.confirmed", **fields):
        name = "order_no" if kind == "return.confirmed" else "notice_no"
        rows = [{"sku": sku, "qty": qty, "defective_qty": defective} for sku, qty, defective in lines]
        return self.say(kind, received_at="2026-11-20 10:00:00", lines=rows, **{name: number}, **fields)

    def test_a_purchase_order_is_received_in_parts_and_what_is_broken_stays_out(self):
        order = self.purchase_order((self.a, 10, 5))
        task = frappe.call(f"{API}.announce_inbound", doctype="Purchase Order", name=order.name)
        assert frappe.call(f"{API}.announce_inbound", doctype="Purchase Order", name=order.name) == task
        assert self.tell() == ["With Provider"]
        told = self.arrive(order.name, (self.a, 4, 1))
        receipt = frappe.get_doc("Purchase Receipt", told["document"])
        assert (receipt.docstatus, receipt.items[0].accepted_qty, receipt.items[0].rejected_qty) == (1, 4, 1)
        assert (self.stock(self.a)["on_hand"], again(order).status) == (54, "Part Received")
        assert frappe.db.get_value("Provider Task", task, "status") == "Part Confirmed"
        self.arrive(order.name, (self.a, 5, 0))
        assert frappe.db.get_value("Provider Task", task, "status") == "Done"

    def test_a_transfer_to_the_provider_is_received(self):
        self.buy(self.a, 20, 5, warehouse=self.other_warehouse)
        fields = {"from_warehouse": self.other_warehouse, "to_warehouse": self.warehouse, "company": self.company}
        transfer = submitted(new("Stock Transfer", items=[{"sku": self.a, "qty": 6}], **fields))
        transfers.send([transfer])
        told = self.arrive(transfer.name, (self.a, 4, 0))
        assert (told["state"], self.stock(self.a)["on_hand"], again(transfer).status) == ("Done", 54, "Part In")
        many = self.arrive(transfer.name, (self.a, 3, 0))
        assert (many["state"], self.stock(self.a)["on_hand"]) == ("Kept", 54)

    def test_goods_come_back_by_grade_and_no_more_than_was_delivered(self):
        order = self.accepted((self.a, 3, 20))
        self.ship(order.name, self.parcel((self.a, 2)), moment="2026-11-20 08:00:00")
        self.ship(order.name, self.parcel((self.a, 1), waybill="SF2"), moment="2026-11-20 09:00:00")
        told = self.arrive(order.name, (self.a, 1, 1), kind="return.confirmed")
        back = frappe.get_doc("Delivery Note", told["document"])
        assert (back.is_return, [(row.grade, row.qty) for row in back.items]) == (1, [("Good", 1), ("Defective", 1)])
        assert (self.stock(self.a)["on_hand"], self.stock(self.a)["available"]) == (49, 48)
        many = self.arrive(order.name, (self.a, 2, 0), kind="return.confirmed")
        assert (many["state"], self.stock(self.a)["on_hand"]) == ("Kept", 49)

    def test_unknown_numbers_are_kept(self):
        assert self.arrive("NO-SUCH", (self.a, 1, 0))["state"] == "Kept"
        assert self.arrive("NO-SUCH", (self.a, 1, 0), kind="return.confirmed")["state"] == "Kept"


class TestProviderSnapshot(ProviderCase):
    """50 cups and 50 plates lie with the provider, as the books say since before the snapshot."""

    def setUp(self):
        super().setUp()
        frappe.db.set_value(
            "Stock Ledger Entry", {"warehouse": self.warehouse}, "posting_datetime", "2026-11-01 08:00:00"
        )

    def snapshot(self, *lines, taken_at=LATER, **fields):
        rows = [{"sku": sku, "qty": qty, "defective_qty": defective} for sku, qty, defective in lines]
        return self.say("stock.snapshot", taken_at=taken_at, lines=rows, **fields)["document"]

    def differences(self, **options):
        rows = comparing.differences(self.provider, **options)
        return [
            (row["sku"], row["grade"], row["outer"], row["own"], row["explained"], row["to_settle"]) for row in rows
        ]

    def test_what_agrees_is_no_difference(self):
        self.snapshot((self.a, 50, 0), (self.b, 47, 1))
        assert self.differences() == [(self.b, "Defective", 1, 0, 0, 1), (self.b, "Good", 47, 50, 0, -3)]
        assert len(self.differences(all_rows=True)) == 3

    def test_of_a_whole_snapshot_what_is_not_listed_is_missing(self):
        self.snapshot((self.a, 50, 0))
        assert self.differences() == []
        self.snapshot((self.a, 50, 0), whole=True, taken_at="2026-11-21 10:00:00")
        assert self.differences() == [(self.b, "Good", 0, 50, 0, -50)]

    def test_goods_on_their_way_out_explain_a_difference_until_they_are_confirmed(self):
        order = self.accepted((self.a, 3, 20))
        task = self.task(order).name
        frappe.db.set_value("Provider Task", task, "sent_at", "2026-11-21 08:00:00")
        self.snapshot((self.a, 45, 0))
        assert self.differences() == [(self.a, "Good", 45, 50, -3, -2)]
        self.ship(order.name, self.parcel((self.a, 3)), moment="2026-11-21 08:30:00")
        assert self.differences() == [(self.a, "Good", 45, 47, 0, -2)]

    def test_what_leaves_after_the_snapshot_does_not_matter(self):
        order = self.accepted((self.a, 3, 20))
        self.snapshot((self.a, 50, 0))
        self.ship(order.name, self.parcel((self.a, 3)), moment="2026-11-21 09:30:00")
        assert self.differences() == []

    def test_one_click_drafts_the_count_that_settles_it(self):
        name = self.snapshot((self.a, 48, 0), (self.b, 50, 0))
        order = self.accepted((self.a, 1, 20))
        self.ship(order.name, self.parcel((self.a, 1)), moment="2026-11-21 09:30:00")
        count = frappe.get_doc("Stock Count", frappe.call(f"{API}.make_count", snapshot=name))
        assert frappe.call(f"{API}.make_count", snapshot=name) == count.name
        assert (count.docstatus, [(row.sku, row.counted_qty) for row in count.items]) == (0, [(self.a, 48)])
        count.submit()
        assert self.stock(self.a)["on_hand"] == 47  # 48 at the snapshot, one left since
        assert self.differences() == []

    def test_goods_in_several_bins_are_listed_for_a_person(self):
        zone = make("Warehouse Zone", warehouse=self.warehouse, zone_code="P", zone_name="P", zone_type="Pick").name
        for code in ("P1", "P2"):
            make("Storage Bin", warehouse=self.warehouse, bin_code=code, zone=zone)
        doc = frappe.get_doc("Warehouse", self.warehouse)
        doc.update({"has_bins": 1, "receiving_bin": f"{self.warehouse}-P1"})
        doc.save()
        items = [{"sku": self.a, "qty": 5, "rate": 3, "warehouse": self.warehouse, "bin": f"{self.warehouse}-P2"}]
        fields = {"company": self.company, "supplier": self.supplier, "posting_datetime": "2026-11-02 08:00:00"}
        submitted(new("Purchase Receipt", items=items, **fields))
        name = self.snapshot((self.a, 60, 0))
        count = frappe.get_doc("Stock Count", frappe.call(f"{API}.make_count", snapshot=name))
        rows = [(row.bin, row.counted) for row in count.items]
        assert len(rows) >= 2
        assert {counted for _, counted in rows} == {0}

    def test_unknown_codes_are_named_and_nothing_to_settle_is_said(self):
        name = self.snapshot((self.a, 50, 0), ("NO-SUCH", 1, 0))
        assert frappe.db.get_value("Provider Snapshot", name, "unknown_codes") == "NO-SUCH"
        with self.refused(ProviderRefused, "to settle"):
            frappe.call(f"{API}.make_count", snapshot=name)

    def test_the_report_shows_the_newest_snapshot(self):
        self.snapshot((self.a, 40, 0), taken_at="2026-11-20 09:00:00")
        self.snapshot((self.a, 49, 0))
        from frappe.desk.query_report import run

        found = run("Outer Stock Difference", filters={"provider": self.provider})
        assert [(row["sku"], row["difference"]) for row in found["result"] if row["sku"] == self.a] == [(self.a, -1)]
