"""Delivery appointments book docks, are confirmed or rejected, become receipts, and show who kept them."""

from datetime import timedelta

import frappe

from ec_erp.purchasing import tasks
from ec_erp.purchasing.errors import DockFull, OverReceipt, PurchaseRefused
from ec_erp.testing import TradeCase, again, counting, make, new, only_our_statements, submitted


class TestDeliveryAppointment(TradeCase):
    """A supplier announces goods for a warehouse with one slot a day."""

    def setUp(self):
        super().setUp()
        self.slot = self.dock("Morning", 9).name
        self.first_order = self.purchase_order((self.a, 10, 3), (self.b, 4, 2))
        self.day = frappe.utils.getdate(frappe.utils.add_days(frappe.utils.nowdate(), 3))

    def dock(self, name, begins, **fields):
        times = {"from_time": f"{begins:02}:00:00", "to_time": f"{begins + 2:02}:00:00", "sunday": 1}
        return make("Dock Slot", warehouse=self.warehouse, slot_name=name, **{**times, "most_deliveries": 1, **fields})

    def draft(self, *goods, order=None, **fields):
        order = order or self.first_order
        items = [{"purchase_order": order.name, "sku": sku, "qty": qty, "cartons": 2} for sku, qty in goods]
        return new(
            "Delivery Appointment", **{"appointment_date": self.day, "dock_slot": self.slot, **fields}, items=items
        )

    def booked(self, *goods, **fields):
        return submitted(self.draft(*goods, **fields))

    def confirmed(self, *goods, **fields):
        made = self.booked(*goods, **fields)
        frappe.call("ec_erp.purchasing.api.confirm_appointments", names=[made.name])
        return made

    def receipts(self, appointment):
        names = frappe.call("ec_erp.purchasing.api.make_receipts_of_appointment", name=appointment.name)
        return [frappe.get_doc("Purchase Receipt", name) for name in names]

    def test_what_was_not_said_comes_from_orders_and_slot(self):
        made = self.booked((self.a, 6), (self.b, 4))
        assert (made.supplier, made.company, made.warehouse) == (self.supplier, self.company, self.warehouse)
        assert (made.status, made.total_qty, made.total_cartons) == ("Waiting", 10, 4)
        lines = [row.name for row in self.first_order.items]
        assert [row.purchase_order_item for row in made.items] == lines
        begins = frappe.utils.get_datetime(again(made).begins_at)
        assert (begins.date(), begins.hour) == (self.day, 9)

    def test_a_full_dock_is_refused_and_free_slots_are_named(self):
        self.dock("Afternoon", 14)
        self.booked((self.a, 2))
        with self.refused(DockFull, "1 of 1 deliveries", f"{self.day} 14:00–16:00"):
            self.booked((self.a, 2))
        args = {"warehouse": self.warehouse, "day": str(self.day), "cartons": 2}
        free = frappe.call("ec_erp.purchasing.api.get_free_slots", **args)
        assert (free[0]["dock_slot"], free[0]["deliveries_left"]) == (f"{self.warehouse}-Afternoon", 1)

    def test_settings_may_only_warn(self):
        settings = frappe.get_doc("Purchase Settings")
        settings.overbooked_docks = "Warn"
        settings.save()
        self.booked((self.a, 2))
        frappe.clear_messages()
        assert self.booked((self.a, 2)).status == "Waiting"
        assert "is full" in str(frappe.get_message_log())

    def test_a_rejected_appointment_frees_its_dock_and_its_goods(self):
        made = self.booked((self.a, 10))
        with self.refused(PurchaseRefused, "0 are open"):
            self.booked((self.a, 1), dock_slot=None)
        names = {"names": [made.name], "reason": "stocktake"}
        assert frappe.call("ec_erp.purchasing.api.reject_appointments", **names) == {made.name: "Rejected"}
        assert self.booked((self.a, 10)).status == "Waiting"
        with self.refused(PurchaseRefused, "can't be rejected any more"):
            frappe.call("ec_erp.purchasing.api.reject_appointments", **names)

    def test_a_receipt_shows_the_difference_and_undoing_it_opens_again(self):
        made = self.confirmed((self.a, 6), (self.b, 4))
        (receipt,) = self.receipts(made)
        assert [(row.sku, row.qty, row.rate) for row in receipt.items] == [(self.a, 6, 3), (self.b, 4, 2)]
        receipt.items[0].qty = receipt.items[0].accepted_qty = 5
        submitted(receipt)
        shown = again(made)
        assert (shown.status, shown.arrival, shown.received_qty, shown.difference_qty) == ("Received", "On Time", 9, -1)
        assert [(row.received_qty, row.difference_qty) for row in shown.items] == [(5, -1), (4, 0)]
        with self.refused(PurchaseRefused, "cancel the receipts first"):
            again(made).cancel()
        receipt.cancel()
        back = again(made)
        assert (back.status, back.arrival or "", back.arrived_at, back.received_qty) == ("Confirmed", "", None, 0)

    def test_one_receipt_for_each_order(self):
        second = self.purchase_order((self.a, 5, 3))
        made = self.draft((self.b, 4))
        made.append("items", {"purchase_order": second.name, "sku": self.a, "qty": 5})
        made = submitted(made)
        frappe.call("ec_erp.purchasing.api.confirm_appointments", names=[made.name])
        receipts = self.receipts(made)
        assert {(one.purchase_order, one.items[0].qty) for one in receipts} == {
            (self.first_order.name, 4),
            (second.name, 5),
        }
        for receipt in receipts:
            submitted(receipt)
        assert again(made).difference_qty == 0
        with self.refused(PurchaseRefused, "has come"):
            self.receipts(made)

    def test_a_receipt_by_name_of_the_appointment_alone(self):
        made = self.confirmed((self.a, 6))
        receipt = submitted(new("Purchase Receipt", delivery_appointment=made.name))
        assert (receipt.purchase_order, receipt.supplier) == (self.first_order.name, self.supplier)
        assert self.stock(self.a)["on_hand"] == 6

    def test_only_confirmed_appointments_are_received(self):
        made = self.booked((self.a, 6))
        with self.refused(PurchaseRefused, "is not confirmed"):
            make("Purchase Receipt", delivery_appointment=made.name)

    def test_orders_bound_what_comes_with_an_appointment_too(self):
        made = self.confirmed((self.a, 6))
        with self.refused(OverReceipt, "only 10 are open"):
            make("Purchase Receipt", delivery_appointment=made.name, items=[{"sku": self.a, "qty": 11}])

    def test_late_ones_and_no_shows_stand_on_the_scorecard(self):
        gone = self.confirmed((self.a, 1), appointment_date=frappe.utils.add_days(self.day, -10))
        late = self.confirmed((self.a, 1))
        kept = self.confirmed((self.a, 1), appointment_date=frappe.utils.add_days(self.day, 1))
        tasks.mark_missed_appointments()
        tasks.mark_missed_appointments()
        moments = {late.name: timedelta(hours=13), kept.name: timedelta(days=1, hours=9)}
        for name, after in moments.items():
            moment = str(frappe.utils.get_datetime(self.day) + after)
            frappe.call("ec_erp.purchasing.api.arrive_with_appointments", names=[name], moment=moment)
        assert [again(one).arrival for one in (gone, late, kept)] == ["No-Show", "Late", "On Time"]
        asked = {"report_name": "Supplier Scorecard", "filters": {"supplier": self.supplier}}
        row = frappe.call("frappe.desk.query_report.run", **asked)["result"][0]
        assert (row["appointments"], row["late_percent"], row["missed_percent"]) == (3, 33.33, 33.33)

    def test_an_order_gives_what_is_not_announced_yet(self):
        self.booked((self.a, 6))
        made = frappe.call("ec_erp.purchasing.api.make_delivery_appointment", source_name=self.first_order.name)
        assert [(row.sku, row.qty) for row in made.items] == [(self.a, 4), (self.b, 4)]
        args = {"order": self.first_order.name}
        assert len(frappe.call("ec_erp.purchasing.api.get_open_lines", **args)) == 2

    def test_orders_of_others_and_wrong_slots_are_refused(self):
        other = make("Supplier", supplier_name=f"Other of {self.supplier}").name
        with self.refused(PurchaseRefused, self.supplier):
            self.draft((self.a, 1), supplier=other).insert()
        with self.refused(PurchaseRefused, "no dock slot"):
            self.draft((self.a, 1), warehouse=self.other_warehouse).insert()
        with self.refused(PurchaseRefused, "ends before it begins"):
            self.dock("Wrong", 9, to_time="08:00:00")
        with self.refused(PurchaseRefused, "on which days"):
            self.dock(
                "Never",
                9,
                **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), 0),
                saturday=0,
                sunday=0,
            )

    def test_statements_do_not_grow_with_rows(self):
        only_our_statements()
        few, many = self.draft((self.a, 1)), self.draft((self.a, 1), dock_slot=None)
        order = self.purchase_order(*[(self.b, 1, 3)] * 30)
        for row in order.items:
            line = {"purchase_order_item": row.name, "sku": self.b, "qty": 1}
            many.append("items", {"purchase_order": order.name, **line})
        few.insert()
        many.insert()
        with counting() as of_few:
            few.submit()
        with counting() as of_many:
            many.submit()
        assert len(of_many) <= len(of_few)
