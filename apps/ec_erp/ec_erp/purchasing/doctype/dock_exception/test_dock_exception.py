"""Docks are closed, or open, on days that differ from their weekdays."""

import frappe

from ec_erp.purchasing.errors import DockFull, PurchaseRefused
from ec_erp.testing import TradeCase, make, new, submitted


class TestDockException(TradeCase):
    """A warehouse whose only slot is open every day, and a holiday in three days."""

    def setUp(self):
        super().setUp()
        times = {"from_time": "09:00:00", "to_time": "11:00:00", "sunday": 1}
        self.slot = make("Dock Slot", warehouse=self.warehouse, slot_name="Morning", most_deliveries=5, **times).name
        self.bought = self.purchase_order((self.a, 10, 3))
        self.day = frappe.utils.getdate(frappe.utils.add_days(frappe.utils.nowdate(), 3))
        self.next_day = frappe.utils.add_days(self.day, 1)

    def close(self, **fields):
        values = {"warehouse": self.warehouse, "from_date": self.day, "reason": "National Day", **fields}
        return make("Dock Exception", **values)

    def draft(self, **fields):
        items = [{"purchase_order": self.bought.name, "sku": self.a, "qty": 1, "cartons": 2}]
        return new(
            "Delivery Appointment", **{"appointment_date": self.day, "dock_slot": self.slot, **fields}, items=items
        )

    def test_a_closed_day_is_refused_with_its_reason_and_the_next_free_one(self):
        self.close()
        with self.refused(
            DockFull, f"{self.slot} is closed on {self.day} (National Day)", f"{self.next_day} 09:00–11:00"
        ):
            submitted(self.draft())
        assert submitted(self.draft(appointment_date=self.next_day)).status == "Waiting"

    def test_a_draft_tells_it_and_free_slots_leave_it_out(self):
        self.close()
        frappe.clear_messages()
        self.draft().insert()
        assert "National Day" in str(frappe.get_message_log())
        args = {"warehouse": self.warehouse, "day": str(self.day)}
        days = [one["day"] for one in frappe.call("ec_erp.purchasing.api.get_free_slots", **args)]
        assert days[0] == str(self.next_day)

    def test_settings_that_only_warn_of_full_docks_do_not_open_closed_ones(self):
        frappe.db.set_single_value("Purchase Settings", "overbooked_docks", "Warn")
        frappe.clear_document_cache("Purchase Settings", "Purchase Settings")
        self.addCleanup(frappe.clear_document_cache, "Purchase Settings", "Purchase Settings")
        self.close()
        with self.refused(DockFull, "National Day"):
            submitted(self.draft())

    def test_an_appointment_without_a_slot_asks_for_its_warehouse(self):
        only_slot = self.close(dock_slot=self.slot)
        assert submitted(self.draft(dock_slot=None, warehouse=self.warehouse)).status == "Waiting"
        only_slot.dock_slot = None
        only_slot.save()
        with self.refused(DockFull, f"{self.warehouse} is closed on {self.day}"):
            submitted(self.draft(dock_slot=None, warehouse=self.warehouse))

    def test_a_slot_opens_on_a_weekday_that_it_is_closed_on(self):
        frappe.db.set_value("Dock Slot", self.slot, "sunday", 0)
        ahead = (6 - self.day.weekday()) % 7
        sunday = frappe.utils.add_days(self.day, ahead)
        with self.refused(DockFull, f"{self.slot} is closed on {sunday}. Free"):
            submitted(self.draft(appointment_date=sunday))
        self.close(kind="Deliveries Taken", from_date=sunday, reason="Works before the holiday")
        assert submitted(self.draft(appointment_date=sunday)).status == "Waiting"

    def test_who_closes_a_day_reads_what_is_booked(self):
        made = submitted(self.draft())
        frappe.clear_messages()
        self.close(to_date=self.next_day)
        assert made.name in str(frappe.get_message_log())

    def test_what_is_no_span_of_days_or_no_slot_of_the_warehouse_is_refused(self):
        with self.refused(PurchaseRefused, "ends before it begins"):
            self.close(to_date=frappe.utils.add_days(self.day, -1))
        with self.refused(PurchaseRefused, "is no dock slot"):
            self.close(warehouse=self.other_warehouse, dock_slot=self.slot)
