"""The continuous check: every kind of contradiction is found, kept once, and resolved when it is gone."""

from unittest.mock import patch

import frappe

from ec_erp.documents.store import insert_rows
from ec_erp.inventory import tasks
from ec_erp.inventory.flows import checking
from ec_erp.testing import TradeCase, make, new, submitted


class TestStockIncident(TradeCase):
    """Figures about stock that contradict each other."""

    def setUp(self):
        super().setUp()
        self.buy(self.a, 10, 10)
        self.order((self.a, 2, 20))
        self.key = f"{self.a}|{self.warehouse}"

    def check(self):
        checking.check_stock([self.a], frappe.utils.now_datetime())
        return self.open_incidents()

    def open_incidents(self):
        filters = {"sku": self.a, "status": "Open"}
        return sorted(frappe.get_all("Stock Incident", filters=filters, pluck="invariant"))

    def spoil(self, field, value):
        frappe.db.set_value("Stock Balance", self.key, field, value, update_modified=False)

    def test_sound_stock_has_none(self):
        assert self.check() == []

    def test_each_figure_is_compared(self):
        for field, value, invariants in (
            ("on_hand", 9, ["Ledger"]),
            ("value", 99, ["Ledger"]),
            ("reserved", 3, ["Reservations"]),
            ("unpaid", 1, ["Unpaid"]),
            ("locked", 1, ["Quotas"]),
            ("frozen", 9, ["Oversold"]),
            ("checkpoint_seq", 1, ["Checkpoints"]),
            ("on_order", 5, ["On Order"]),
            ("in_transit", 5, ["In Transit"]),
        ):
            with self.subTest(field=field):
                before = frappe.db.get_value("Stock Balance", self.key, field)
                self.spoil(field, value)
                assert self.check() == invariants
                self.spoil(field, before)
                assert self.check() == []

    def test_many_entries_under_a_large_one_do_not_add_up_to_an_error(self):
        count, small, large = 4000, -9.99, 99_900_000
        common = {"sku": self.a, "warehouse": self.warehouse, "company": self.company, "qty_change": 0, "qty_after": 10}
        values = [large, *[small] * count]
        entries = [
            {**common, "name": f"{self.a}-{at:05}", "seq": at + 2, "value_change": value}
            for at, value in enumerate(values)
        ]
        insert_rows("Stock Ledger Entry", entries)
        self.spoil("value", round(100 + large + small * count, 2))
        assert self.check() == []

    def test_an_incident_is_kept_once_and_resolved_when_it_is_gone(self):
        self.spoil("reserved", 3)
        self.check()
        assert self.check() == ["Reservations"]
        self.spoil("reserved", 2)
        self.check()
        (row,) = frappe.get_all(
            "Stock Incident", filters={"sku": self.a}, fields=["status", "expected", "found", "resolved_at"]
        )
        assert (row.status, row.expected, row.found, bool(row.resolved_at)) == ("Resolved", 2, 3, True)

    def test_what_is_on_order_follows_orders(self):
        order = self.purchase_order((self.a, 5, 10), (self.b, 3, 10))
        submitted(new("Purchase Receipt", purchase_order=order.name, items=[{"sku": self.a, "qty": 2}]))
        assert self.check() == []
        frappe.db.set_value("Purchase Order Item", order.items[0].name, "received_qty", 1)
        assert self.check() == ["On Order"]

    def test_what_is_in_transit_follows_transfers(self):
        ways = {"from_warehouse": self.warehouse, "to_warehouse": self.other_warehouse}
        transfer = submitted(new("Stock Transfer", company=self.company, items=[{"sku": self.a, "qty": 5}], **ways))
        transfer.send()
        transfer.receive({transfer.items[0].name: 2})
        assert self.check() == []
        frappe.db.set_value("Stock Transfer Item", transfer.items[0].name, "received_qty", 1)
        assert self.check() == ["In Transit"]

    def test_the_scheduler_finds_what_somebody_has_broken(self):
        due = frappe.get_hooks("scheduler_events")["cron"]["*/5 * * * *"]
        assert "ec_erp.inventory.tasks.check_changed_stock" in due
        self.spoil("reserved", 7)
        with patch.object(tasks, "in_transaction", lambda work: work()):
            tasks.check_changed_stock()
        assert self.open_incidents() == ["Reservations"]
        self.spoil("reserved", 2)
        with patch.object(tasks, "in_transaction", lambda work: work()):
            tasks.check_all_stock()
        assert self.open_incidents() == []

    def test_quotas_beyond_what_is_there(self):
        group = make("Channel Group", group_name=f"live {frappe.generate_hash(length=5)}").name
        make("Stock Quota", sku=self.a, warehouse=self.warehouse, channel_group=group, qty=8)
        items = [{"sku": self.a, "qty": 3}]
        submitted(new("Stock Entry", company=self.company, reason="Write-off", items=items))
        assert self.check() == ["Exposure"]

    def test_bins_and_layers(self):
        mask = make("SKU", sku_code=f"M-{frappe.generate_hash(length=6)}", has_batch=1, valuation_method="FIFO").name
        items = [{"sku": mask, "qty": 5, "rate": 2, "batch": "N1", "expiry_date": "2030-01-01"}]
        submitted(new("Stock Entry", company=self.company, reason="Opening Stock", items=items))
        checking.check_stock([mask], frappe.utils.now_datetime())
        assert not frappe.db.exists("Stock Incident", {"sku": mask})
        frappe.db.set_value("Bin Balance", {"sku": mask}, "on_hand", 4)
        frappe.db.set_value("Stock Layer", {"sku": mask}, "value_left", 4)
        checking.check_stock([mask], frappe.utils.now_datetime())
        assert sorted(frappe.get_all("Stock Incident", filters={"sku": mask}, pluck="invariant")) == ["Bins", "Layers"]

    def test_the_inbox_names_who_acts(self):
        self.spoil("frozen", 9)
        self.check()
        (row,) = [row for row in checking.exceptions() if self.a in row["note"]]
        assert (row["code"], row["owner_role"], row["reference_doctype"]) == (
            "Oversold",
            "Customer Service",
            "Stock Incident",
        )

    def test_who_is_named_may_work_on_it(self):
        for role in {"EC Manager", *checking._OWNERS.values()}:
            with self.subTest(role=role):
                rights = frappe.get_all(
                    "DocPerm", filters={"parent": "Stock Incident", "role": role}, fields=["read", "write"]
                )
                assert [(row.read, row.write) for row in rights] == [(1, 1)]

    def test_each_contradiction_says_what_it_means_and_what_to_do(self):
        for field, value, said in (
            ("on_hand", 9, "The ledger comes to 10, the balance says 9"),
            ("reserved", 3, "Reservations hold 2, the balance says 3 reserved"),
            ("locked", 1, "Quotas have 0 left, the balance says 1 locked"),
            ("frozen", 9, "More is promised than there is: -1 available"),
        ):
            with self.subTest(field=field):
                before = frappe.db.get_value("Stock Balance", self.key, field)
                self.spoil(field, value)
                self.check()
                (row,) = [row for row in checking.exceptions() if self.a in row["note"]]
                assert (said in row["note"], len(row["suggestion"]) > 20) == (True, True)
                self.spoil(field, before)
                assert self.check() == []

    def test_its_form_says_so_too(self):
        self.spoil("reserved", 3)
        self.check()
        doc = frappe.get_doc("Stock Incident", {"sku": self.a, "status": "Open"})
        doc.run_method("onload")
        assert "the balance says 3 reserved" in doc.get_onload()["meaning"]

    def test_changed_balances_are_checked_next(self):
        assert self.a in [sku for skus in checking.skus_to_check() for sku in skus]
        checking.note_checked("last_checked", frappe.utils.add_to_date(None, days=1))
        assert self.a not in [sku for skus in checking.skus_to_check() for sku in skus]

    def test_a_check_costs_the_same_for_many(self):
        self.check()  # metadata is loaded once
        with self.at_most(15):
            checking.check_stock([self.a, self.b, self.by_weight], frappe.utils.now_datetime())
