"""Facts kept between transactions follow every change, and postings stay within their number of statements."""

from unittest import mock

import frappe

from ec_erp.documents import kept
from ec_erp.documents.store import load_masters
from ec_erp.testing import TradeCase, counting, new, only_our_statements


class TestMasters(TradeCase):
    """Rows of masters, from memory."""

    def rows(self, *names):
        return [row["tax_rate"] for row in load_masters("SKU", names, ["name", "tax_rate"])]

    def test_a_change_is_seen_at_once(self):
        assert self.rows(self.a) == [13]
        frappe.db.set_value("SKU", self.a, "tax_rate", 6)
        assert self.rows(self.a) == [6]

    def test_another_spelling_finds_the_same_row(self):
        assert self.rows(self.a.lower()) == [13]
        frappe.db.set_value("SKU", self.a, "tax_rate", 6)
        assert self.rows(self.a.lower()) == [6]

    def test_unknown_ones_are_left_out(self):
        assert self.rows(self.a, "nothing like it", "") == [13]
        assert frappe.message_log == []

    def test_what_is_known_asks_for_nothing_and_many_are_asked_for_together(self):
        self.rows(self.a, self.b)
        with self.at_most(0):
            self.rows(self.a, self.b)
        with self.at_most(1):
            self.rows(self.a, *(f"none {number}" for number in range(30)))


class TestKept(TradeCase):
    """Small sets of rows."""

    def test_only_what_nobody_changed_is_kept(self):
        loads = []
        with mock.patch.dict(frappe.flags):
            frappe.flags.pop("ec_erp_kept_changed", None)
            for _ in range(2):
                kept.keep("Some Kind", lambda: loads.append(1) or ["a"])
            assert len(loads) == 1
            kept.forget(frappe._dict(doctype="Some Kind"))
            for _ in range(2):
                assert kept.keep("Some Kind", lambda: loads.append(1) or ["b"]) == ["b"]
            assert len(loads) == 3

    def test_a_change_elsewhere_is_seen_by_the_next_transaction(self):
        answers = iter("abc")
        ask = lambda: kept.keep("Another Kind", lambda: next(answers))  # noqa: E731 - two words for a long call
        assert [ask(), ask()] == ["a", "a"]
        frappe.cache.delete_value("ec_erp_kept_state")  # what the one who commits a change does
        assert ask() == "a"
        kept._look_again()
        assert [ask(), ask()] == ["b", "b"]


class TestStatements(TradeCase):
    """One order, delivered and paid, document by document."""

    def trade(self):
        order = self.draft_order((self.a, 2, 20), (self.b, 1, 5))
        order.docstatus = 1
        order.insert()
        new("Delivery Note", sales_order=order.name, docstatus=1).insert()
        reference = {"reference_doctype": "Sales Order", "reference_name": order.name}
        new(
            "Payment Entry", payment_type="Receive", company=self.company, party_type="Customer", party=self.customer,
            references=[reference], docstatus=1,
        ).insert()  # fmt: skip
        return order

    def test_an_order_takes_few_statements_of_its_own(self):
        only_our_statements()
        self.buy(self.a, 1000, 10)
        self.buy(self.b, 1000, 3)
        self.trade()
        with counting() as sent:
            order = self.trade()
        assert frappe.db.get_value("Sales Order", order.name, "status") == "Shipped"
        assert len(sent) <= 14, "\n".join(sent)
