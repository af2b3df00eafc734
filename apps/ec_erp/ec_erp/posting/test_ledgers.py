"""The ledgers are append-only on every path, chained, and provable."""

import frappe
from frappe import client

from ec_erp.documents.errors import SubmittedOnce
from ec_erp.documents.ledger import LedgerIsAppendOnly
from ec_erp.posting.flows.verify import verify_ledgers
from ec_erp.testing import TradeCase, make, new

LEDGERS = ("Stock Ledger Entry", "GL Entry", "Stock Balance", "Ledger Chain", "Stock Reservation")


class TestLedgers(TradeCase):
    """Nobody writes a ledger row but a posting."""

    def setUp(self):
        super().setUp()
        self.buy(self.a, 10, 10)
        self.order((self.a, 2, 20))

    def row(self, doctype):
        filters = {"company": self.company}
        return frappe.get_last_doc(doctype, filters=filters)

    def faults(self):
        return [f"{fault.where}: {fault.what}" for fault in verify_ledgers(lambda _stage: None)]

    def test_documents_refuse_every_change(self):
        for doctype in LEDGERS:
            for change in ("save", "delete", "db_update"):
                with self.subTest(doctype=doctype, change=change), self.refused(LedgerIsAppendOnly):
                    doc = self.row(doctype)
                    doc.flags.update({"ignore_permissions": True, "ignore_validate": True})
                    getattr(doc, change)()

    def test_flags_and_force_do_not_help(self):
        for doctype in LEDGERS:
            name = self.row(doctype).name
            with self.subTest(doctype=doctype):
                with self.refused(LedgerIsAppendOnly):
                    frappe.delete_doc(doctype, name, force=True, ignore_permissions=True)
                with self.refused(LedgerIsAppendOnly):
                    frappe.rename_doc(doctype, name, "other", force=True)
                with self.refused(LedgerIsAppendOnly):
                    new(doctype, company=self.company).insert(ignore_permissions=True, ignore_mandatory=True)

    def test_client_api_refuses(self):
        name = self.row("GL Entry").name
        with self.refused(LedgerIsAppendOnly):
            client.set_value("GL Entry", name, "debit", 5)
        with self.refused(LedgerIsAppendOnly):
            client.delete("GL Entry", name)
        with self.refused(LedgerIsAppendOnly):
            client.insert({"doctype": "GL Entry", "company": self.company})

    def test_masters_that_ledgers_name_keep_their_names(self):
        for doctype, name in (("SKU", self.a), ("Warehouse", self.warehouse), ("Customer", self.customer)):
            with self.subTest(doctype=doctype), self.refused(LedgerIsAppendOnly):
                frappe.rename_doc(doctype, name, "Other Name", force=True)

    def test_masters_that_no_ledger_names_are_renamed_with_what_links_to_them(self):
        brand, other = make("Brand", brand="Old"), "New"
        frappe.db.set_value("SKU", self.a, "brand", brand.name)
        client.rename_doc("Brand", brand.name, other)
        assert frappe.db.get_value("SKU", self.a, "brand") == other

    def test_posted_documents_are_kept_with_their_names(self):
        note = self.deliver(self.order((self.a, 1, 20)))
        note.cancel()
        with self.refused(SubmittedOnce, note.name):
            frappe.delete_doc("Delivery Note", note.name, force=True)
        with self.refused(SubmittedOnce, note.name):
            frappe.rename_doc("Delivery Note", note.name, "DN-other", force=True)
        draft = self.draft_order((self.a, 1, 20)).insert()
        frappe.delete_doc("Sales Order", draft.name)
        assert not frappe.db.exists("Sales Order", draft.name)

    def test_sound_ledgers_have_no_faults(self):
        self.deliver(self.order((self.a, 3, 20)))
        assert self.faults() == []

    def test_a_changed_stock_entry_is_found(self):
        name = self.row("Stock Ledger Entry").name
        frappe.db.set_value("Stock Ledger Entry", name, "value_change", 90, update_modified=False)
        faults = self.faults()
        assert f"{self.a} in {self.warehouse}: entry {name} has been changed" in faults
        assert [fault for fault in faults if "entries add up to 10 / 90" in fault]

    def test_a_changed_general_ledger_entry_is_found(self):
        name = self.row("GL Entry").name
        frappe.db.set_value("GL Entry", name, "remarks", "nothing to see", update_modified=False)
        assert len([fault for fault in self.faults() if f"entry {name} has been changed" in fault]) == 1

    def test_a_removed_entry_is_found(self):
        rows = frappe.get_all("GL Entry", filters={"company": self.company}, pluck="name", order_by="seq asc")
        frappe.db.delete("GL Entry", {"name": rows[0]})
        faults = " ".join(self.faults())
        assert "debits and credits differ" in faults
        assert f"entry 1 is missing before {rows[1]}" in faults

    def test_a_cut_off_end_is_found(self):
        rows = frappe.get_all("GL Entry", filters={"company": self.company}, pluck="name", order_by="seq asc")
        frappe.db.delete("GL Entry", {"name": rows[-1]})
        assert "the chain ends at entry 1, its head says 2" in " ".join(self.faults())

    def test_a_changed_balance_is_found(self):
        frappe.db.set_value("Stock Balance", f"{self.a}|{self.warehouse}", "value", 99, update_modified=False)
        faults = " ".join(self.faults())
        assert "the balance says 10 / 99" in faults
        assert "the stock account says" in faults

    def test_a_changed_reservation_is_found(self):
        frappe.db.set_value("Stock Balance", f"{self.a}|{self.warehouse}", "reserved", 5, update_modified=False)
        assert "5 is reserved, reservations hold 2" in " ".join(self.faults())
