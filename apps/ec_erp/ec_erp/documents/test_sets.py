"""Batches do what single saves do, with every event, in few statements."""

from unittest import mock

import frappe

from ec_erp.documents import numbering
from ec_erp.documents.sets import SetDocument, cancel_many, insert_many, submit_many
from ec_erp.inventory.errors import StockShortage
from ec_erp.testing import TradeCase, again, counting, new

EVENTS = ("before_insert", "validate", "before_submit", "after_insert", "on_update", "on_submit", "on_change")


class TestSets(TradeCase):
    """Many orders at once."""

    def setUp(self):
        super().setUp()
        self.buy(self.a, 1000, 10)
        self.buy(self.b, 1000, 3)

    def orders(self, count):
        return [self.draft_order((self.a, 2, 20), (self.b, 1, 5)) for _ in range(count)]

    def notes(self, orders):
        return [new("Delivery Note", sales_order=order.name) for order in orders]

    def test_a_batch_does_what_single_saves_do(self):
        single = self.deliver(self.order((self.a, 2, 20), (self.b, 1, 5)))
        orders = self.orders(3)
        insert_many(orders, submit=True)
        notes = self.notes(orders)
        insert_many(notes, submit=True)
        for note in notes:
            assert self.booked(note) == self.booked(single)
            assert self.entries(note) == self.entries(single)
            assert (again(note).status, again(note).total_cost) == (single.status, single.total_cost)
        assert {again(order).status for order in orders} == {"Shipped"}
        assert self.stock(self.a) == {"on_hand": 992, "available": 992, "reserved": 0, "on_order": 0, "value": 9920}

    def test_a_series_with_a_field_numbers_each_document_by_its_own_value(self):
        assert numbering._is_same_for_all("SO-.YY.MM.DD.-.#####")
        for series in ("SO-.company.-.####", "SO-.{customer}.####", "SO-.YYYY.-", "SO-.####.-.YY"):
            assert not numbering._is_same_for_all(series)
        orders = self.orders(3)
        insert_many(orders)
        numbers = [int(order.name.rsplit("-", 1)[1]) for order in orders]
        assert numbers == list(range(numbers[0], numbers[0] + 3))

    def test_every_document_has_its_events_in_order_with_its_rows_written(self):
        seen = []
        original = SetDocument.run_method

        def watch(doc, method, *args, **kwargs):
            if method in EVENTS and doc.doctype == "Sales Order":
                written = bool(frappe.db.exists("Sales Order Item", {"parent": doc.name or ""}))
                seen.append((doc.name, method, written))
            return original(doc, method, *args, **kwargs)

        orders = self.orders(2)
        with mock.patch.object(SetDocument, "run_method", watch):
            insert_many(orders, submit=True)
        for order in orders:
            mine = [(method, written) for name, method, written in seen if name == order.name]
            after = [method for method, written in mine if written]
            assert after == ["after_insert", "on_update", "on_submit", "on_change"]
        assert [method for name, method, _ in seen if not name] == ["before_insert"] * 2

    def test_stock_is_promised_before_the_events_after_submitting(self):
        promised = []
        original = SetDocument.run_method

        def watch(doc, method, *args, **kwargs):
            if method == "on_submit":
                promised.append(self.stock(self.a)["reserved"])
            return original(doc, method, *args, **kwargs)

        with mock.patch.object(SetDocument, "run_method", watch):
            insert_many(self.orders(3), submit=True)
        assert promised == [6, 6, 6]

    def test_numbers_follow_each_other(self):
        orders = self.orders(5)
        insert_many(orders)
        numbers = [int(order.name.rsplit("-", 1)[1]) for order in orders]
        assert numbers == list(range(numbers[0], numbers[0] + 5))
        following = self.draft_order((self.a, 1, 20)).insert()
        assert int(following.name.rsplit("-", 1)[1]) == numbers[-1] + 1

    def test_a_broken_link_is_named(self):
        orders = self.orders(2)
        orders[1].items[1].sku = "NO-SUCH"
        with self.refused(frappe.LinkValidationError, "Row 2", "NO-SUCH"):
            insert_many(orders)

    def test_one_shortage_refuses_the_batch(self):
        orders = [*self.orders(2), self.draft_order((self.a, 5000, 20))]
        with self.refused(StockShortage, "5000 needed, 996 available"):
            insert_many(orders, submit=True)
        assert not frappe.db.exists("Sales Order", orders[0].name)

    def test_drafts_are_submitted_and_cancelled_together(self):
        orders = self.orders(3)
        insert_many(orders)
        submit_many([again(order) for order in orders])
        assert self.stock(self.a)["reserved"] == 6
        cancel_many([again(order) for order in orders])
        assert self.stock(self.a)["reserved"] == 0
        assert {again(order).status for order in orders} == {"Cancelled"}

    def test_saving_something_else_in_an_event_is_not_put_off(self):
        original = SetDocument.run_method
        names = []

        def note_it(doc, method, *args, **kwargs):
            if method == "before_submit" and doc.doctype == "Sales Order":
                other = self.draft_order((self.a, 1, 20)).insert()
                names.append(bool(frappe.db.exists("Sales Order", other.name)))
            return original(doc, method, *args, **kwargs)

        with mock.patch.object(SetDocument, "run_method", note_it):
            insert_many(self.orders(1), submit=True)
        assert names == [True]

    def test_statements_of_posting_do_not_grow_with_documents(self):
        counts = []
        for size in (1, 40):
            orders = self.orders(size)
            insert_many(orders, submit=True)
            notes = self.notes(orders)
            insert_many(notes)
            docs = [again(note) for note in notes]
            for doc in docs:
                doc.docstatus = 1
            with counting() as sent:
                type(docs[0]).submit_set(docs)
            counts.append(len(sent))
        assert counts[0] == counts[1], counts
        assert counts[0] <= 24, counts
