"""Gifts that are out of stock: the order that has earned them is taken, and what the rule says happens."""

import frappe

from ec_erp.documents.errors import DocumentRefused
from ec_erp.inventory.errors import StockShortage
from ec_erp.orders import flows
from ec_erp.testing import TradeCase, again, make, new, submitted


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


HOME = {
    "receiver_name": "Li", "receiver_phone": "138", "receiver_province": "浙江省", "receiver_city": "杭州市",
    "receiver_address": "Road 1",
}  # fmt: skip


class TestGiftsOfDerivedOrders(TradeCase):
    """Two orders with their gift of 2 of B each; then all but one of B break."""

    def setUp(self):
        super().setUp()
        self.buy(self.a, 10, 10)
        self.buy(self.b, 4, 3)
        self.other = make("SKU", sku_code=f"G-{frappe.generate_hash(length=5)}").name

    def given(self, when_short, **fields):
        """Publish the rule; return two orders, back from the warehouse, whose gifts are gone."""
        item = {"sku": self.b, "qty": 2, "instead": self.other if when_short == "Replace" else None}
        self.rule = make(
            "Gift Rule", rule_name=f"Gift {self.b}", items=[item], budget_qty=9, when_short=when_short
        ).name
        frappe.call("ec_erp.orders.rules_api.publish_rules")
        orders = [self.order((self.a, 2, 20), **HOME, **fields) for _ in range(2)]
        flows.recall_orders([order.name for order in orders])
        submitted(new("Stock Entry", company=self.company, reason="Write-off", warehouse=self.warehouse,
                      items=[{"sku": self.b, "qty": 3}]))  # fmt: skip
        return orders

    def lines(self, order):
        return sorted((row.sku, row.qty) for row in again(order).items)

    def told(self, order):
        rows = frappe.get_all("Order Log", {"sales_order": order.name, "kind": "Transition"}, pluck="details")
        return [
            (why["text"], *why["values"])
            for row in rows
            for why in (frappe.parse_json(row or "{}").get("Gifts") or {}).get("why", [])
        ]

    def counted(self):
        return frappe.db.get_value("Gift Rule", self.rule, "given_qty")

    def test_a_merged_order_goes_without_what_is_dropped(self):
        merged = flows.merge_orders([order.name for order in self.given("Drop")])
        assert (again(merged).status, again(merged).exceptions) == ("To Ship", None)
        assert self.lines(merged) == [(self.a, 2), (self.a, 2), (self.b, 1)]
        assert [text for text, *_ in self.told(merged)] == [
            "{0} × {1} by the gift rule {2} are out of stock and dropped"
        ] * 2
        assert self.counted() == 1

    def test_undoing_the_merge_counts_the_gifts_again(self):
        merged = flows.merge_orders([order.name for order in self.given("Wait")])
        flows.undo_merge(merged.name)
        assert self.counted() == 4

    def test_a_merged_order_waits_and_says_so(self):
        merged = flows.merge_orders([order.name for order in self.given("Wait")])
        assert (again(merged).status, again(merged).exceptions) == ("To Audit", "Shortage")
        assert self.lines(merged) == [(self.a, 2), (self.a, 2), (self.b, 2), (self.b, 2)]
        assert {text for text, *_ in self.told(merged)} == {
            "{0} × {1} by the gift rule {2} are out of stock: the order waits"
        }

    def test_the_parts_of_a_split_order_get_others_in_their_place(self):
        self.buy(self.other, 9, 1)
        first, _ = self.given("Replace")
        order = again(first)
        paid = next(row.name for row in order.items if row.sku == self.a)
        gift = next(row.name for row in order.items if row.gift_rule)
        rest, off = flows.split_order(first.name, {paid: 1, gift: 1})
        given = [line for part in (rest, off) for line in self.lines(part)]
        assert sorted(given) == sorted([(self.a, 1), (self.a, 1), (self.other, 1), (self.other, 1)])
        assert {again(part).status for part in (rest, off)} == {"To Ship"}
        assert self.counted() == 4
        assert ("{0} × {1} in place of {2}, which is out of stock", 1, self.other, self.b) in [
            (text, float(values[0]), *values[1:]) for text, *values in self.told(rest)
        ]

    def test_what_a_person_decided_stays(self):
        orders = self.given("Drop")
        for order in orders:
            flows.edit_order(order.name, {"gifts_by_hand": 1})
            flows.recall_orders([order.name]) if again(order).status == "To Ship" else None
        merged = flows.merge_orders([order.name for order in orders])
        assert again(merged).exceptions == "Shortage"
        assert sum(qty for sku, qty in self.lines(merged) if sku == self.b) == 4
