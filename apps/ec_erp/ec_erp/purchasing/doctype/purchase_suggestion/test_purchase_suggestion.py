"""Suggestions: what sales, stock and suppliers say is to be bought, by hand too, and what is made of it."""

from decimal import Decimal
from unittest.mock import patch

import frappe

from ec_erp.inventory.types import StockKey
from ec_erp.purchasing.errors import PurchaseRefused
from ec_erp.testing import TradeCase, again, counting, make, submitted


class TestPurchaseSuggestion(TradeCase):
    """A SKU that sold 2 a day for 30 days, all that was there is gone."""

    def setUp(self):
        super().setUp()
        values = {
            "supplier": self.supplier,
            "sku": self.a,
            "price": 4,
            "is_primary": 1,
            "lead_time_days": 5,
            "pack_qty": 6,
        }
        make("Supplier SKU", **values)
        windows = [{"days": 30, "weight": 1}]
        self.policy = make(
            "Replenishment Policy", policy_name=frappe.generate_hash(length=8), company=self.company, windows=windows,
            review_days=7, safety_days=3, exclude_out_of_stock=0,
        )  # fmt: skip
        self.today = frappe.utils.getdate()
        self.sell(self.a, 60, days_ago=10)

    def sell(self, sku, qty, days_ago):
        before = frappe.utils.add_days(frappe.utils.now_datetime(), -days_ago)
        self.buy(sku, qty, 3, posting_datetime=frappe.utils.add_days(before, -1))
        order = self.order((sku, qty, 20), order_datetime=before)
        self.deliver(order, posting_datetime=before)

    def calculate(self, **scope):
        names = frappe.call("ec_erp.purchasing.api.calculate_suggestions", company=self.company, **scope)
        return [frappe.get_doc("Purchase Suggestion", name) for name in names]

    def told(self, suggestion):
        return {row.term: row.value for row in suggestion.terms}

    def test_what_is_missing_is_suggested_with_every_term(self):
        (suggestion,) = self.calculate(skus=[self.a])
        told = self.told(suggestion)
        assert (told["Demand per day"], told["Lead time"], told["Safety stock"]) == (2, 5, 6)
        assert (told["Reorder point"], told["Order-up-to level"], told["Position"]) == (16, 30, 0)
        assert (suggestion.qty, suggestion.supplier, suggestion.amount) == (30, self.supplier, 120)
        assert "16" in suggestion.explanation
        frappe.local.lang = "zh"
        suggestion.run_method("onload")
        assert self.told(suggestion)[frappe._("Reorder point")] == 16
        assert suggestion.explanation.startswith("库存位置 0 ≤ 再订货点 16")

    def test_what_is_on_order_counts(self):
        self.purchase_order((self.a, 20, 4))
        assert self.calculate(skus=[self.a]) == []

    def test_what_an_approved_transfer_brings_counts(self):
        other = make("Warehouse", warehouse_name=f"Other {self.company}", company=self.company).name
        self.buy(self.a, 20, 3, warehouse=other)
        items = [{"sku": self.a, "qty": 20}]
        submitted(make("Stock Transfer", company=self.company, from_warehouse=other, to_warehouse=self.warehouse,
                       items=items))  # fmt: skip
        assert self.calculate(skus=[self.a]) == []

    def test_what_buyers_send_back_counts(self):
        back = {StockKey(self.a, self.warehouse): Decimal(9)}
        with patch("ec_erp.inventory.flows.returns_on_the_way", return_value=back):
            (suggestion,) = self.calculate(skus=[self.a])
        told = self.told(suggestion)
        assert (told["Good returns expected"], told["Position"], suggestion.qty) == (9, 9, 24)

    def test_what_is_sold_off_is_not_bought_again(self):
        for status in ("Clearance", "Discontinued"):
            frappe.db.set_value("SKU", self.a, "status", status)
            assert self.calculate(skus=[self.a]) == []
        frappe.db.set_value("SKU", self.a, "status", "New")
        assert len(self.calculate(skus=[self.a])) == 1

    def test_days_without_stock_may_be_left_out(self):
        self.policy.exclude_out_of_stock = 1
        self.policy.save()
        (suggestion,) = self.calculate(skus=[self.a])
        assert self.told(suggestion)["Demand per day"] == 30  # 60 in the two days on which some lay there

    def test_another_warehouse_helps_first(self):
        self.buy(self.a, 100, 3, warehouse=self.other_warehouse)
        (suggestion,) = self.calculate(skus=[self.a])
        shown = (suggestion.kind, suggestion.from_warehouse, suggestion.qty)
        assert shown == ("Transfer", self.other_warehouse, 30)
        (name,) = frappe.call("ec_erp.purchasing.api.make_transfers_of_suggestions", names=[suggestion.name])
        transfer = frappe.get_doc("Stock Transfer", name)
        assert (transfer.from_warehouse, transfer.to_warehouse) == (self.other_warehouse, self.warehouse)
        assert (transfer.items[0].qty, again(suggestion).status) == (30, "Transferred")

    def test_changing_parameters_calculates_again_and_stays(self):
        (suggestion,) = self.calculate(skus=[self.a])
        suggestion.daily_sales, suggestion.lead_time_days = 10, 2
        suggestion.save()
        assert suggestion.qty == 120  # 10 × (2 + 7) + 30
        (later,) = self.calculate(skus=[self.a])
        assert (later.name != suggestion.name, later.qty, later.override) == (True, 120, 1)
        assert not frappe.db.exists("Purchase Suggestion", suggestion.name)

    def test_the_quantity_is_the_buyer_s(self):
        (suggestion,) = self.calculate(skus=[self.a])
        suggestion.qty = 18
        suggestion.save()
        (name,) = frappe.call("ec_erp.purchasing.api.make_orders_of_suggestions", names=[suggestion.name])
        order = frappe.get_doc("Purchase Order", name)
        assert (order.supplier, order.items[0].qty, order.items[0].rate) == (self.supplier, 18, 4)
        shown = again(suggestion)
        assert (shown.status, shown.made_name) == ("Ordered", name)
        with self.refused(PurchaseRefused, "not open"):
            frappe.call("ec_erp.purchasing.api.make_orders_of_suggestions", names=[suggestion.name])

    def test_requests_carry_the_reason(self):
        (suggestion,) = self.calculate(skus=[self.a])
        (name,) = frappe.call("ec_erp.purchasing.api.make_requests_of_suggestions", names=[suggestion.name])
        request = frappe.get_doc("Purchase Request", name)
        assert (request.status, request.items[0].supplier) == ("To Order", self.supplier)
        assert request.items[0].reason == suggestion.explanation

    def test_dismissed_ones_are_put_away(self):
        (suggestion,) = self.calculate(skus=[self.a])
        frappe.call("ec_erp.purchasing.api.dismiss_suggestions", names=[suggestion.name])
        assert again(suggestion).status == "Dismissed"

    def test_the_scope_may_be_a_supplier(self):
        assert self.calculate(suppliers=["Nobody"]) == []
        assert len(self.calculate(suppliers=[self.supplier])) == 1

    def test_many_skus_take_as_many_statements_as_few(self):
        skus = [make("SKU", sku_code=f"S{number}-{self.a}", safety_stock=5).name for number in range(20)]
        for sku in skus:
            self.buy(sku, 1, 3)
        with counting() as few:
            assert len(self.calculate(skus=skus[:2])) == 2
        with counting() as many:
            assert len(self.calculate(skus=skus)) == 20
        loads = 20  # reading the 18 further results back in this test
        assert len(many) <= len(few) + 18 * 2 + loads, (len(few), len(many))

    def test_a_policy_needs_a_weight(self):
        self.policy.windows[0].weight = 0
        with self.refused(PurchaseRefused, "weight"):
            self.policy.save()
