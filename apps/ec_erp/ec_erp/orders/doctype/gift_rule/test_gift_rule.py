"""Gifts that are out of stock: the order that has earned them is taken, and what the rule says happens."""

import frappe

from ec_erp.documents.errors import DocumentRefused
from ec_erp.inventory.errors import StockShortage
from ec_erp.testing import TradeCase, again, make


class TestGiftRule(TradeCase):
    """10 of A are there and nothing of B, which is the gift."""

    def setUp(self):
        super().setUp()
        self.buy(self.a, 10, 10)

    def rule(self, *, instead=None, **fields):
        made = make(
            "Gift Rule", rule_name=f"Gift {self.b}", items=[{"sku": self.b, "qty": 2, "instead": instead}], **fields
        )
        frappe.call("ec_erp.orders.rules_api.publish_rules")
        return made

    def lines(self, order):
        return [(row.sku, row.qty) for row in again(order).items]

    def told(self, order):
        rows = frappe.get_all("Order Log", {"sales_order": order.name, "kind": "Transition"}, pluck="details")
        return [
            why["text"] for row in rows for why in (frappe.parse_json(row or "{}").get("Gifts") or {}).get("why", [])
        ]

    def test_a_gift_that_is_dropped_leaves_the_order_with_a_note(self):
        self.rule()
        order = self.order((self.a, 1, 20))
        assert (order.status, self.lines(order)) == ("To Ship", [(self.a, 1)])
        assert any("budget or stock are used up" in text for text in self.told(order))

    def test_a_part_of_a_gift_is_given(self):
        self.rule(budget_qty=9)
        self.buy(self.b, 1, 3)
        order = self.order((self.a, 1, 20))
        assert (order.status, self.lines(order)) == ("To Ship", [(self.a, 1), (self.b, 1)])
        assert frappe.db.get_value("Gift Rule", f"Gift {self.b}", "given_qty") == 1

    def test_an_order_waits_for_its_gift(self):
        self.rule(when_short="Wait")
        order = again(self.order((self.a, 1, 20)))
        assert (order.status, order.exceptions, self.lines(order)) == (
            "To Audit",
            "Shortage",
            [(self.a, 1), (self.b, 2)],
        )
        assert self.stock(self.a)["reserved"] == 1
        self.buy(self.b, 2, 3)
        frappe.call("ec_erp.orders.api.reserve_missing", names=[order.name])
        assert (again(order).status, again(order).exceptions) == ("To Ship", None)

    def test_another_gift_takes_its_place(self):
        other = make("SKU", sku_code=f"G-{frappe.generate_hash(length=5)}").name
        self.buy(other, 5, 2)
        self.rule(when_short="Replace", instead=other)
        order = self.order((self.a, 1, 20))
        assert self.lines(order) == [(self.a, 1), (other, 2)]
        self.deliver(order, items=[{"sku": other, "qty": 1}])
        assert again(order).exceptions is None  # it is earned, in the place of the other

    def test_replacing_needs_something_to_give(self):
        with self.refused(DocumentRefused, f"in place of {self.b}"):
            self.rule(when_short="Replace")

    def test_paid_goods_that_are_short_still_refuse(self):
        self.rule()
        with self.refused(StockShortage, self.a, "11 needed"):
            self.order((self.a, 11, 20))

    def test_goods_that_are_paid_come_before_those_given(self):
        make("Gift Rule", rule_name=f"Own {self.a}", items=[{"sku": self.a, "qty": 4}])
        frappe.call("ec_erp.orders.rules_api.publish_rules")
        assert self.lines(self.order((self.a, 8, 20))) == [(self.a, 8), (self.a, 2)]

    def test_a_gift_that_the_chosen_warehouse_lacks_is_dropped(self):
        self.rule(budget_qty=9)
        self.buy(self.b, 5, 3, warehouse=self.other_warehouse)
        shop = make("Shop", shop_name=f"Shop {frappe.generate_hash(length=5)}", platform="own", company=self.company,
                    default_warehouse=self.warehouse, choose_warehouse=1).name  # fmt: skip
        order = again(self.order((self.a, 5, 20), shop=shop))
        assert (order.status, order.warehouse, self.lines(order)) == ("To Ship", self.warehouse, [(self.a, 5)])
        assert frappe.db.get_value("Gift Rule", f"Gift {self.b}", "given_qty") == 0
