"""Stock as of any moment: the same with and without checkpoints, backdated documents included."""

import datetime

import frappe

from ec_erp.inventory.flows import history
from ec_erp.testing import TradeCase, new, submitted


def moment(text):
    return datetime.datetime.fromisoformat(text)


class TestStockCheckpoint(TradeCase):
    """What was in stock at a moment."""

    def setUp(self):
        super().setUp()
        self.buy(self.a, 10, 10, posting_datetime="2026-01-10 09:00:00")
        self.buy(self.a, 10, 20, posting_datetime="2026-03-05 09:00:00")
        self.sell(6, "2026-03-10 12:00:00")

    def sell(self, qty, when):
        items = [{"sku": self.a, "qty": qty, "rate": 20, "warehouse": self.warehouse}]
        note = new("Delivery Note", company=self.company, customer=self.customer, items=items, posting_datetime=when)
        return submitted(note)

    def at(self, text, **asked):
        rows = history.stock_as_of(moment(text), company=self.company, **asked)
        return [(row["sku"], row["qty"], row["value"]) for row in rows]

    def checkpoint(self):
        return history.checkpoint_some(lag=1)

    def assert_history(self):
        assert self.at("2026-01-10 08:59:59") == []
        assert self.at("2026-01-10 09:00:00") == [(self.a, 10, 100)]
        assert self.at("2026-03-10 11:59:59") == [(self.a, 20, 300)]
        assert self.at("2026-03-10 12:00:00") == [(self.a, 14, 210)]
        assert self.at("2026-12-31 00:00:00", skus=[self.b]) == []

    def test_before_and_after_checkpoints(self):
        self.assert_history()
        assert self.checkpoint() == 3
        self.assert_history()
        assert self.checkpoint() == 0

    def test_some_entries_in_checkpoints_and_some_not(self):
        self.checkpoint()
        self.sell(4, "2026-03-10 13:00:00")
        self.assert_history()
        assert self.at("2026-03-10 13:00:00") == [(self.a, 10, 150)]

    def test_a_late_document_changes_the_past_by_one_row(self):
        self.checkpoint()
        self.buy(self.a, 5, 30, posting_datetime="2026-01-20 09:00:00")
        assert self.at("2026-01-31 00:00:00") == [(self.a, 15, 250)]
        before = frappe.db.count("Stock Checkpoint", {"sku": self.a})
        assert self.checkpoint() == 1
        assert frappe.db.count("Stock Checkpoint", {"sku": self.a}) == before + 1
        assert self.at("2026-01-31 00:00:00") == [(self.a, 15, 250)]
        assert self.at("2026-03-10 12:00:00") == [(self.a, 19, 360)]

    def test_now_is_what_the_balances_say(self):
        self.checkpoint()
        self.sell(1, "2026-03-11 12:00:00").cancel()
        (row,) = history.stock_as_of(frappe.utils.now_datetime(), company=self.company)
        balance = self.stock(self.a)
        assert (row["qty"], row["value"]) == (balance["on_hand"], balance["value"])

    def test_asking_costs_four_statements(self):
        self.checkpoint()
        with self.at_most(4):
            self.at("2026-03-10 12:00:00", warehouses=[self.warehouse])

    def test_the_report_and_the_endpoint(self):
        report = frappe.get_attr("ec_erp.inventory.report.stock_as_of.stock_as_of.execute")
        _, rows = report({"moment": "2026-03-10 12:00:00", "company": self.company})
        assert [(row["qty"], row["unit_cost"]) for row in rows] == [(14, 15)]
        asked = frappe.get_attr("ec_erp.inventory.api.get_stock_as_of")
        assert asked("2026-03-10 12:00:00", self.company)[0]["value"] == 210
