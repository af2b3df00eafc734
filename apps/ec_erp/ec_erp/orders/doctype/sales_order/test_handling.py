"""Handling accepted orders: reasons that stop them, edits, recalls, windows, the history and what comes next."""

import frappe
from frappe.utils import add_to_date, now_datetime

from ec_erp.documents.ledger import LedgerIsAppendOnly
from ec_erp.orders import flows
from ec_erp.orders.errors import EditRefused, OrderNotReady
from ec_erp.orders.flows import clock, ruling
from ec_erp.testing import TradeCase, again, make, submitted

API = "ec_erp.orders.api"


class TestHandling(TradeCase):
    """Accepted orders of two plates, of which there are ten."""

    def setUp(self):
        super().setUp()
        self.addCleanup(ruling.forget_settings)  # undoing a test leaves the cache alone
        self.buy(self.a, 10, 5)

    def log(self, order, kind):
        return frappe.get_all("Order Log", {"sales_order": order.name, "kind": kind}, pluck="code", order_by="name asc")

    def test_the_way_of_an_order_is_in_its_history(self):
        order = self.order((self.a, 2, 20))
        (path,) = frappe.get_all("Order Log", {"sales_order": order.name, "kind": "Transition"}, pluck="path")
        assert [step.split(" → ")[1] for step in path.split("; ")] == [
            "Unpaid", "To Process", "To Audit", "Audited", "To Ship",
        ]  # fmt: skip

    def test_the_form_says_what_comes_next(self):
        told = frappe.call(f"{API}.explain_order", name=self.order((self.a, 2, 20)).name)
        assert told["next"] == f"The warehouse {self.warehouse} picks and ships it"
        assert told["history"][0]["path"].endswith("To Ship")

    def test_a_block_stops_a_released_order_at_the_next_scan(self):
        order = self.order((self.a, 2, 20))
        frappe.call(f"{API}.block_orders", names=[order.name], code="Refund Applied", note="asked by phone")
        assert (again(order).status, again(order).exceptions) == ("To Ship", "Refund Applied")
        with self.refused(OrderNotReady, "Refund Applied"):
            self.deliver(order)
        frappe.call(f"{API}.unblock_orders", names=[order.name], code="Refund Applied")
        self.deliver(order)
        assert (again(order).status, self.log(order, "Block")) == ("Shipped", ["Refund Applied"])

    def test_the_warehouse_is_told_of_what_is_intercepted(self):
        order = self.order((self.a, 2, 20))
        heard = []
        self.listen("ec_erp_orders_intercepted", lambda names, code, note: heard.append((names, code)))
        flows.block_orders({order.name: ""}, "Address Changed", "test")
        assert heard == [([order.name], "Address Changed")]

    def test_a_recalled_order_is_edited_and_goes_on(self):
        order = self.order((self.a, 2, 20))
        with self.refused(EditRefused, "recall it"):
            frappe.call(f"{API}.edit_order", name=order.name, changes={"receiver_city": "Hangzhou"})
        frappe.call(f"{API}.recall_orders", names=[order.name], note="wrong city")
        frappe.call(f"{API}.edit_order", name=order.name, changes={"receiver_city": "Hangzhou"})
        assert (again(order).receiver_city, again(order).status) == ("Hangzhou", "To Ship")
        assert self.log(order, "Edit") == ["Address"]

    def test_edited_lines_are_priced_and_reserved_again(self):
        order = self.order((self.a, 2, 20), shipping_fee=5)
        flows.recall_orders([order.name])
        lines = [{"name": order.items[0].name, "qty": 1}, {"sku": self.a, "qty": 3, "is_gift": 1}]
        frappe.call(f"{API}.edit_order", name=order.name, lines=lines)
        order = again(order)
        assert (order.grand_total, order.total_qty) == (25, 4)
        assert (self.stock(self.a)["reserved"], order.status) == (4, "To Ship")
        assert sum(row.paid_amount for row in order.items) + 5 == order.grand_total

    def test_another_warehouse_takes_over_the_stock(self):
        self.buy(self.a, 5, 5, warehouse=self.other_warehouse)
        order = self.order((self.a, 2, 20))
        flows.recall_orders([order.name])
        flows.edit_order(order.name, {"warehouse": self.other_warehouse})
        assert (self.stock(self.a)["reserved"], self.stock(self.a, self.other_warehouse)["reserved"]) == (0, 2)
        self.deliver(order)
        assert self.stock(self.a, self.other_warehouse)["on_hand"] == 3

    def test_edits_have_rights(self):
        order = self.order((self.a, 2, 20))
        flows.recall_orders([order.name])
        with self.refused(frappe.PermissionError, "Prices"):
            flows.edit_order(
                order.name, {}, [flows.LineEdit(order.items[0].name, "", None, "1", False)], roles=["Customer Service"]
            )

    def test_what_is_no_field_for_editing_is_refused(self):
        order = self.order((self.a, 2, 20))
        with self.refused(EditRefused, "Grand Total"):
            flows.edit_order(order.name, {"grand_total": 1})

    def test_the_delay_window_keeps_an_order_until_it_is_over(self):
        order = self.order((self.a, 2, 20), hold_until=add_to_date(now_datetime(), minutes=30))
        assert (again(order).status, again(order).stock_state) == ("To Process", "Reserved")
        clock.run_due()
        assert again(order).status == "To Process"
        frappe.db.set_value("Sales Order", order.name, "hold_until", add_to_date(now_datetime(), minutes=-1))
        clock.run_due()
        assert again(order).status == "To Ship"

    def test_finance_looks_at_large_orders(self):
        frappe.db.set_single_value("Order Settings", "finance_audit_over", 30)
        frappe.clear_document_cache("Order Settings", "Order Settings")
        order = self.order((self.a, 2, 20))
        assert order.status == "To Finance Audit"
        with self.refused(OrderNotReady):
            frappe.call(f"{API}.audit_orders", names=[order.name])
        frappe.call(f"{API}.finance_audit_orders", names=[order.name])
        assert again(order).status == "To Ship"

    def test_the_stock_of_unpaid_orders_is_held_as_long_as_they_are_unpaid(self):
        self.addCleanup(ruling.forget_settings)
        frappe.db.set_single_value("Order Settings", "unpaid_minutes", 0)
        ruling.forget_settings()
        order = self.order((self.a, 3, 20), payment_type="Prepaid")
        assert clock.run_due(add_to_date(now_datetime(), days=9))["stock given back"] == 0
        assert (again(order).stock_state, again(order).hold_expired) == ("Reserved", 0)

    def test_the_clock_processes_no_order_whose_window_is_not_over(self):
        order = self.order((self.a, 1, 20))
        flows.recall_orders([order.name])
        flows.block_orders({order.name: ""}, "Manual", "test")
        flows.process_orders([order.name])
        assert (again(order).status, clock.run_due()["processed"]) == ("To Process", 0)

    def test_the_stock_of_unpaid_orders_is_held_for_a_while(self):
        order = self.order((self.a, 2, 20), payment_type="Prepaid")
        assert (order.status, self.stock(self.a)["reserved"]) == ("Unpaid", 2)
        frappe.db.set_value("Sales Order", order.name, "reserved_until", add_to_date(now_datetime(), minutes=-1))
        clock.run_due()
        assert (again(order).status, self.stock(self.a)["reserved"]) == ("Unpaid", 0)
        frappe.call(f"{API}.pay_orders", names=[order.name])
        assert (again(order).status, self.stock(self.a)["reserved"]) == ("To Ship", 2)

    def test_a_shipped_order_is_done_when_nothing_came_back(self):
        order = self.order((self.a, 2, 20))
        self.deliver(order)
        frappe.db.set_value("Sales Order", order.name, "modified", "2020-01-01", update_modified=False)
        clock.run_due()
        assert again(order).status == "Done"

    def test_the_warehouse_reports_its_progress(self):
        order = self.order((self.a, 2, 20))
        flows.record_fulfilment({order.name: flows.Fulfilment("Picking", {"printed": True})})
        assert (again(order).status, again(order).printed) == ("Picking", 1)
        self.deliver(order)
        assert again(order).status == "Shipped"

    def test_history_is_not_edited(self):
        order = self.order((self.a, 2, 20))
        entry = frappe.get_last_doc("Order Log", {"sales_order": order.name})
        with self.refused(LedgerIsAppendOnly):
            entry.delete()
        with self.refused(LedgerIsAppendOnly):
            make("Order Log", sales_order=order.name, kind="Note")

    def listen(self, event, function):
        flows.events_for_tests = function
        hooks = frappe.get_hooks
        frappe.get_hooks = lambda name=None, *rest, **more: (
            ["ec_erp.orders.flows.events_for_tests"] if name == event else hooks(name, *rest, **more)
        )
        self.addCleanup(lambda: setattr(frappe, "get_hooks", hooks))

    def test_asking_again_for_several_orders_keeps_what_the_others_hold(self):
        served = self.order((self.a, 2, 20))
        short = self.draft_order((self.a, 20, 20), origin="Channel").insert().submit()
        frappe.call(f"{API}.reserve_missing", names=[served.name, short.name])
        assert (again(served).items[0].reserved_qty, again(served).stock_state) == (2, "Reserved")

    def test_an_order_that_was_split_by_hand_shows_nothing_of_stock(self):
        order = self.draft_order((self.a, 2, 20), origin="Channel").insert().submit()
        if again(order).status == "To Ship":
            frappe.call(f"{API}.recall_orders", names=[order.name])
        frappe.call(f"{API}.split_order", name=order.name, lines={order.items[0].name: 1})
        parent = again(order)
        assert (parent.status, parent.stock_state, parent.items[0].stock_state) == ("Split", "Not Reserved", "None")

    def test_the_inbox_asks_every_source(self):
        sources = frappe.get_hooks("ec_erp_exception_sources")
        assert {path.split(".")[1] for path in sources} >= {"inventory", "channels"}

    def test_a_reason_that_nobody_knows_is_refused(self):
        order = self.order((self.a, 1, 20))
        with self.refused(OrderNotReady, "Nonsense is not known"):
            frappe.call(f"{API}.block_orders", names=[order.name], code="Nonsense")

    def test_a_remark_does_not_send_a_recalled_order_off_again(self):
        order = self.order((self.a, 1, 20))
        frappe.call(f"{API}.recall_orders", names=[order.name], note="look")
        frappe.call(f"{API}.edit_order", name=order.name, changes={"seller_remark": "called", "priority": 3})
        assert (again(order).status, again(order).seller_remark) == ("To Audit", "called")
        frappe.call(f"{API}.edit_order", name=order.name, changes={"receiver_city": "Hangzhou"})
        assert again(order).status == "To Ship"

    def test_figures_of_edited_lines_are_refused_in_words(self):
        order = self.order((self.a, 2, 20), discount_amount=1)
        frappe.call(f"{API}.recall_orders", names=[order.name])
        line = order.items[0].name
        for edit, words in (
            ({"sku": self.a, "qty": -1}, f"The Quantity of {self.a} is too low: -1"),
            ({"sku": self.a, "qty": 0}, f"The Quantity of {self.a} is too low: 0"),
            ({"name": line, "rate": -3}, f"The Price of {self.a} is too low: -3"),
            ({"name": line, "qty": "x"}, "Quantity must be a number, not x"),
        ):
            with self.subTest(edit=edit), self.refused(frappe.ValidationError, words):
                frappe.call(f"{API}.edit_order", name=order.name, lines=[edit])
        with self.refused(EditRefused, "Whenever is not one of the choices"):
            frappe.call(f"{API}.edit_order", name=order.name, changes={"presale_release": "Whenever"})

    def test_a_combo_that_is_added_comes_as_its_components(self):
        self.buy(self.b, 10, 3)
        parts = [{"sku": self.a, "qty": 2, "share": 70}, {"sku": self.b, "qty": 1, "share": 30}]
        combo = make("SKU", sku_code=f"SET-{self.a}", is_combo=1, standard_rate=20, components=parts).name
        order = self.order((self.a, 1, 20))
        frappe.call(f"{API}.recall_orders", names=[order.name])
        frappe.call(f"{API}.edit_order", name=order.name, lines=[{"sku": combo, "qty": 3, "rate": 19.99}])
        found = [(row.sku, row.qty, row.amount, row.combo_sku) for row in again(order).items[1:]]
        assert found == [(self.a, 6, 41.98, combo), (self.b, 3, 17.99, combo)]
        assert (again(order).status, again(order).grand_total, again(order).stock_state) == (
            "To Ship",
            79.97,
            "Reserved",
        )

    def test_the_warehouse_changes_the_carrier_and_nothing_else(self):
        order = self.order((self.a, 1, 20))
        user = make("User", email=f"{order.name}@example.com", first_name="W", send_welcome_email=0,
                    roles=[{"role": "Warehouse Staff"}]).name  # fmt: skip
        frappe.set_user(user)
        frappe.call(f"{API}.edit_order", name=order.name, changes={"carrier": "ZTO Express"}, note="no waybill")
        assert (again(order).carrier, self.log(order, "Edit")) == ("ZTO Express", ["Carrier"])
        for changes in ({"seller_remark": "x"}, {"carrier": "SF Express", "priority": 1}):
            with self.subTest(changes=changes), self.refused(frappe.PermissionError):
                frappe.call(f"{API}.edit_order", name=order.name, changes=changes)

    def test_the_form_keeps_to_the_statuses_of_edits(self):
        order = again(self.order((self.a, 1, 20)))
        order.sealed = 1
        with self.refused(EditRefused, "recall it"):
            order.save()

    def test_the_rest_of_the_payment_ends_the_wait_of_a_preorder_released_early(self):
        order = self.order((self.a, 1, 20), payment_type="Deposit", deposit_amount=5, presale_release="By Hand")
        for call in ("pay_deposits", "release_presale"):
            frappe.call(f"{API}.{call}", names=[order.name])
        assert (again(order).status, again(order).exceptions) == ("Preorder", "Preorder Release Failed")
        frappe.call(f"{API}.pay_orders", names=[order.name])
        assert (again(order).status, again(order).exceptions) == ("To Ship", None)

    def test_nobody_types_what_follows_from_what_happens(self):
        order = again(self.order((self.a, 2, 20)))
        for field, value in (("status", "Shipped"), ("payment_state", "Paid"), ("delivered_percent", 100)):
            changed = again(order)
            changed.set(field, value)
            with self.subTest(field=field), self.refused(frappe.ValidationError, "cannot be edited"):
                changed.save()
        changed = again(order)
        changed.items[0].delivered_qty = 2
        with self.refused(frappe.ValidationError, "Delivered follows from what happens"):
            changed.save()
        changed = again(order)
        changed.paid_datetime = now_datetime()
        with self.refused(EditRefused, "cannot be edited"):
            changed.save()
        changed = again(order)
        changed.update({"seller_remark": "call first", "status": order.status})
        assert changed.save().seller_remark == "call first"

    def test_a_draft_brings_no_progress_along(self):
        draft = self.draft_order((self.a, 2, 20), stock_state="Delivered", delivered_percent=100, picked=1)
        draft.items[0].update({"delivered_qty": 2, "reserved_qty": 2, "stock_state": "Delivered"})
        order = again(submitted(draft))
        assert (order.status, order.stock_state, order.delivered_percent, order.picked) == ("To Ship", "Reserved", 0, 0)
        assert (order.items[0].delivered_qty, self.stock(self.a)["reserved"]) == (0, 2)
