"""A new order that is submitted at once is written once, with what its acceptance made of it."""

import unittest
from unittest import mock

import frappe

from ec_erp.documents import sets, store
from ec_erp.inventory.errors import StockShortage
from ec_erp.orders.doctype.sales_order.sales_order import SalesOrder
from ec_erp.testing import TradeCase, make, new

HEAD = ("status", "stock_state", "estimated_profit", "is_blocked", "exceptions", "grand_total", "docstatus")
LINE = ("sku", "qty", "amount", "reserved_qty", "stock_state", "idx", "docstatus")


class TestWritingOnce(TradeCase):
    """Orders of cups at 20, of which there are ten."""

    def setUp(self):
        super().setUp()
        if not store.can_hold_back():
            raise unittest.SkipTest("this framework writes rows at once")
        self.buy(self.a, 10, 8)

    def insert(self, qty=2, **fields):
        return self.draft_order((self.a, qty, 20), **{"docstatus": 1, **fields}).insert()

    def stored(self, order):
        """What the database holds of an order, its lines, reasons and history."""
        of_order = {"parent": order.name}
        return (
            frappe.db.get_value("Sales Order", order.name, HEAD),
            frappe.get_all("Sales Order Item", of_order, LINE, order_by="idx asc", as_list=True),
            frappe.get_all("Order Block", of_order, ["code", "blocking", "note"], as_list=True),
            frappe.get_all(
                "Order Log", {"sales_order": order.name}, ["kind", "code", "path"], order_by="code asc", as_list=True
            ),
        )

    def undone(self, **fields):
        """What the database held of an order that was inserted and is gone again."""
        frappe.db.savepoint("before_order")
        stored = self.stored(self.insert(**fields))
        frappe.db.rollback(save_point="before_order")
        return stored

    def test_nothing_of_it_is_changed_after_it_was_written(self):
        with mock.patch.object(frappe.db, "bulk_update", wraps=frappe.db.bulk_update) as update:
            order = self.insert()
        assert {call.args[0] for call in update.call_args_list}.isdisjoint({"Sales Order", "Sales Order Item"})
        assert frappe.db.get_value("Sales Order Item", order.items[0].name, "reserved_qty") == 2

    def test_it_holds_what_an_order_holds_that_is_written_at_once(self):
        make("Gift Rule", rule_name="a spoon", items=[{"sku": self.b, "qty": 1}], when_short="Wait")
        frappe.call("ec_erp.orders.rules_api.publish_rules")
        self.buy(self.b, 1, 1)
        for fields in ({}, {"qty": 99, "origin": "Channel"}, {"payment_state": "Unpaid"}):
            with self.subTest(**fields):
                late = self.undone(**fields)
                with mock.patch.object(sets, "can_hold_back", return_value=False):
                    assert self.undone(**fields) == late

    def test_who_looks_on_the_way_finds_it(self):
        found = []
        look = lambda doc: found.append(frappe.db.exists("Sales Order", doc.name))  # noqa: E731  shorter here
        with mock.patch.object(SalesOrder, "on_submit", look):
            order = self.insert()
        assert found == [order.name]

    def test_what_is_refused_leaves_nothing(self):
        known = frappe.db.count("Sales Order")
        with self.refused(StockShortage):
            self.insert(qty=11)
        assert frappe.db.count("Sales Order") == known

    def test_a_name_that_is_taken_is_refused_as_ever(self):
        taken = self.insert().name
        order = new("Sales Order", company=self.company, customer=self.customer, docstatus=1)
        order.append("items", {"sku": self.a, "qty": 1, "rate": 20})
        with (
            mock.patch.object(SalesOrder, "autoname", lambda doc: setattr(doc, "name", taken)),
            self.refused(frappe.DuplicateEntryError, taken),
        ):
            order.insert()

    def test_a_draft_and_what_is_saved_later_are_written_at_once(self):
        order = self.insert(docstatus=0)
        assert order.flags.held_back is None
        order.submit()
        assert order.flags.held_back is None
