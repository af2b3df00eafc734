"""Orders that ended long ago leave the lists of daily work, and come back."""

from datetime import timedelta
from unittest.mock import patch

import frappe

from ec_erp.orders import flows, tasks
from ec_erp.orders.errors import OrderNotReady
from ec_erp.orders.flows import archiving
from ec_erp.testing import TradeCase, again, counting

API = "ec_erp.orders.api"
INBOX = "ec_erp.orders.inbox_api"


class TestArchiving(TradeCase):
    """Orders of cups; what was made more than three months ago and has ended is due."""

    def setUp(self):
        super().setUp()
        self.buy(self.a, 50, 5)
        self.now = frappe.utils.now_datetime()

    def cancelled(self, days_ago=100):
        order = self.order((self.a, 1, 20))
        again(order).cancel()
        return self.aged(order, days_ago)

    def aged(self, order, days_ago):
        before = self.now - timedelta(days=days_ago)
        frappe.db.set_value("Sales Order", order.name, {"creation": before, "modified": before}, update_modified=False)
        return order

    def archive(self):
        with patch.object(tasks, "in_transaction", lambda work: work()):
            tasks.archive_due(self.now)

    def archived(self, *orders):
        return [frappe.db.get_value("Sales Order", order.name, "archived") for order in orders]

    def test_what_ended_long_ago_leaves_the_lists_and_is_found_still(self):
        old, young, live = self.cancelled(), self.cancelled(days_ago=80), self.aged(self.order((self.a, 1, 20)), 100)
        self.archive()
        assert self.archived(old, young, live) == [1, 0, 0]
        names = [old.name, young.name]
        assert frappe.get_list("Sales Order", {"name": ("in", names), "archived": 0}, pluck="name") == [young.name]
        assert len(frappe.get_list("Sales Order", {"name": ("in", names)})) == 2

    def test_an_order_with_an_open_case_stays(self):
        order = self.cancelled()
        frappe.db.set_value("Sales Order", order.name, "has_open_case", 1, update_modified=False)
        self.archive()
        assert self.archived(order) == [0]

    def test_nothing_is_archived_where_the_settings_say_never(self):
        order = self.cancelled()
        with patch.object(archiving, "order_settings", lambda: frappe._dict(archive_after_months=0)):
            self.archive()
        assert self.archived(order) == [0]

    def test_an_order_that_is_brought_back_stays_in_the_lists(self):
        order = self.cancelled()
        self.archive()
        frappe.call(f"{API}.bring_back_orders", names=[order.name], note="buyer asks")
        self.archive()
        assert self.archived(order) == [0]
        entry = frappe.get_last_doc("Order Log", {"sales_order": order.name, "kind": "Note"})
        assert (entry.code, entry.note) == ("Back from the Archive", "buyer asks")

    def test_people_archive_what_has_ended_only(self):
        ended, live = self.cancelled(days_ago=0), self.order((self.a, 1, 20))
        rows = frappe.call(f"{INBOX}.run_bulk", action="Archive", names=[ended.name, live.name])["rows"]
        assert [(row["done"], row["changed"]) for row in rows] == [(1, "Archived"), (0, "")]
        with self.refused(OrderNotReady, "come to their end"):
            frappe.call(f"{API}.archive_orders", names=[live.name])

    def test_an_order_that_is_shipped_again_is_back_in_the_lists(self):
        order = self.order((self.a, 1, 20))
        note = self.deliver(order)
        frappe.db.set_value("Sales Order", order.name, "status", "Done")
        frappe.call(f"{API}.archive_orders", names=[order.name])
        assert self.archived(order) == [1]
        note.cancel()
        assert (again(order).status, self.archived(order)) == ("To Ship", [0])

    def test_a_split_that_is_undone_is_back_in_the_lists(self):
        order = again(self.order((self.a, 2, 20)))
        flows.recall_orders([order.name])
        parts = frappe.call(f"{API}.split_order", name=order.name, lines={order.items[0].name: 1})
        frappe.call(f"{API}.archive_orders", names=[order.name])
        flows.recall_orders(parts)
        frappe.call(f"{API}.undo_split", name=order.name)
        assert self.archived(order) == [0]

    def test_a_page_is_seen_whole_where_many_orders_were_made_at_once(self):
        orders = [self.cancelled(days_ago=200) for _ in range(5)]
        with patch.object(archiving, "PAGE", 2):
            self.archive()
        assert self.archived(*orders) == [1] * 5

    def test_many_take_as_many_statements_as_few(self):
        def walk(count):
            orders = [self.cancelled(days_ago=300) for _ in range(count)]
            with counting() as counted:
                self.archive()
            assert self.archived(*orders) == [1] * count
            return len(counted)

        walk(1)
        assert walk(8) <= walk(1) + 1
