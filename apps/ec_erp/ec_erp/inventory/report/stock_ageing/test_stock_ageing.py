"""The age of stock follows receipts, first in first out; transfers make goods no younger for the company."""

import frappe

from ec_erp.inventory.report.stock_ageing.stock_ageing import execute
from ec_erp.testing import TradeCase, new, submitted


class TestStockAgeing(TradeCase):
    """Six pieces bought 100 days ago, six today, five sold."""

    def setUp(self):
        super().setUp()
        past = frappe.utils.add_days(frappe.utils.now_datetime(), -100)
        self.buy(self.a, 6, 10, posting_datetime=past)
        self.buy(self.a, 6, 10)
        self.deliver(self.order((self.a, 5, 20)))

    def ages(self, **filters):
        rows = execute({"company": self.company, **filters})[1]
        return {(row["warehouse"], row["age_0_qty"], row["age_91_qty"], row["on_hand"]) for row in rows}

    def test_the_oldest_have_gone(self):
        assert self.ages() == {(None, 6, 1, 7)}
        (row,) = execute({"company": self.company})[1]
        assert (row["age_0_value"] + row["age_91_value"], row["value"]) == (70, 70)

    def test_a_receipt_that_was_cancelled_makes_nothing_younger(self):
        self.buy(self.a, 9, 10).cancel()
        assert self.ages() == {(None, 6, 1, 7)}
        assert self.ages(by_warehouse=1) == {(self.warehouse, 6, 1, 7)}

    def test_a_transfer_makes_nothing_younger_but_in_its_warehouse(self):
        ways = {"from_warehouse": self.warehouse, "to_warehouse": self.other_warehouse}
        transfer = submitted(new("Stock Transfer", company=self.company, items=[{"sku": self.a, "qty": 2}], **ways))
        transfer.send()
        transfer.receive()
        assert self.ages() == {(None, 6, 1, 7)}
        assert (self.other_warehouse, 2, 0, 2) in self.ages(by_warehouse=1)

    def test_layers_say_it_exactly(self):
        sku = (
            frappe.get_doc({"doctype": "SKU", "sku_code": f"F-{self.company}", "valuation_method": "FIFO"})
            .insert()
            .name
        )
        past = frappe.utils.add_days(frappe.utils.now_datetime(), -400)
        self.buy(sku, 2, 5, posting_datetime=past)
        self.buy(sku, 2, 9)
        (row,) = execute({"company": self.company, "sku": sku, "by_warehouse": 1})[1]
        assert (row["age_366_value"], row["age_0_value"], row["value"]) == (10, 18, 28)
