"""The pipeline with published rules: marks, gifts, merging, splitting, warehouse, carrier, audit, and trying rules out."""

import json
from decimal import Decimal

import frappe
from frappe.utils import add_to_date, now_datetime

from ec_erp.documents.errors import DocumentRefused
from ec_erp.inventory.errors import StockShortage
from ec_erp.orders import flows
from ec_erp.orders.errors import OrderNotReady, RulesRefused
from ec_erp.orders.flows import clock, ruling
from ec_erp.testing import TradeCase, again, make, submitted

RULES = "ec_erp.orders.rules_api"
API = "ec_erp.orders.api"
INBOX = "ec_erp.orders.inbox_api"
HOME = {
    "receiver_name": "Li", "receiver_phone": "138", "receiver_province": "浙江省", "receiver_city": "杭州市",
    "receiver_address": "Road 1",
}  # fmt: skip


def forget():
    """Drop what is cached of settings and prices: undoing a test leaves the cache alone."""
    ruling.forget_settings()
    frappe.cache.delete_value("ec_erp_freight_rules")


class RulesCase(TradeCase):
    """Cups and plates in two warehouses, and words for rules."""

    def setUp(self):
        super().setUp()
        self.addCleanup(forget)
        forget()
        frappe.db.delete("Order Rule")
        frappe.db.delete("Gift Rule")
        self.buy(self.a, 10, 5)
        self.buy(self.b, 10, 3)

    def rule(self, stage, *actions, conditions=(), **fields):
        return make(
            "Order Rule",
            rule_name=f"Rule {frappe.generate_hash(length=6)}",
            stage=stage,
            actions=[
                dict(zip(("action", "value"), action, strict=False)) if isinstance(action, tuple) else action
                for action in actions
            ],
            conditions=[dict(zip(("scope", "field", "operator", "value"), one, strict=True)) for one in conditions],
            **fields,
        )

    def publish(self):
        return frappe.call(f"{RULES}.publish_rules", note="test")

    def shop(self, **fields):
        name = f"Shop {frappe.generate_hash(length=5)}"
        values = {"platform": "own", "company": self.company, "currency": "CNY", "default_customer": self.customer,
                  "default_warehouse": self.warehouse, **fields}  # fmt: skip
        return make("Shop", shop_name=name, **values).name

    def decisions(self, order):
        history = frappe.call(f"{API}.explain_order", name=order.name)["history"]
        return {found["stage"]: (found["what"], found["why"]) for entry in history for found in entry["decisions"]}


class TestRules(RulesCase):
    """Rules as documents."""

    def test_orders_follow_what_is_published_only(self):
        rule = self.rule("Audit", {"action": "Ask Service"}, conditions=[("Order", "grand_total", "more than", "30")])
        assert (rule.publish_state, self.order((self.a, 2, 20)).status) == ("Not Published", "To Ship")
        self.publish()
        order = self.order((self.a, 2, 20))
        assert (again(rule).publish_state, order.status) == ("Published", "To Audit")
        assert self.decisions(order)["Audit"][1] == [f"Rule {rule.name}: Grand Total more than 30 (40)"]
        frappe.local.lang = "zh"
        what, words = (
            self.decisions(order)[frappe._("Audit")][0],
            [frappe._(one) for one in ("Grand Total", "more than")],
        )
        assert what == frappe._("Waits for a person") != "Waits for a person"
        why = self.decisions(order)[frappe._("Audit")][1]
        assert why == [frappe._("Rule {0}: {1}").format(rule.name, f"{words[0]} {words[1]} 30 (40)")]
        frappe.local.lang = "en"
        assert self.order((self.a, 1, 20)).status == "To Ship"

    def test_a_rule_stops_orders_until_a_person_clears_them(self):
        self.rule(
            "Prepare",
            {"action": "Add Reason", "reason": "Manual"},
            conditions=[("Order", "buyer_message", "contains", "gift card, 贺卡")],
        )
        self.publish()
        order = self.order((self.a, 1, 20), buyer_message="please add a Gift Card")
        assert (order.status, order.exceptions) == ("To Process", "Manual")
        frappe.call(f"{API}.unblock_orders", names=[order.name], code="Manual")
        assert again(order).status == "To Ship", "what a person has cleared does not come back"

    def test_keywords_in_remarks_choose_carrier_gift_and_hold(self):
        words = ("Calculated", "remarks", "contains", "顺丰, SF")
        self.rule("Carrier", {"action": "Use Carrier", "carrier": "SF Express"}, conditions=[words])
        gift = dict(
            zip(("scope", "field", "operator", "value"), ("Calculated", "remarks", "contains", "试用装"), strict=True)
        )
        make("Gift Rule", rule_name=f"Gift {self.b}", items=[{"sku": self.b, "qty": 1}], conditions=[gift])
        self.rule("Prepare", ("Hold", "30"), conditions=[("Calculated", "remarks", "contains", "晚点发")])
        self.publish()
        order = again(self.order((self.a, 1, 20), buyer_message="请发顺丰", seller_remark="送试用装"))
        assert (order.carrier, [row.sku for row in order.items]) == ("SF Express", [self.a, self.b])
        assert again(self.order((self.a, 1, 20), seller_remark="晚点发")).status == "To Process"
        assert again(self.order((self.a, 1, 20), buyer_message="谢谢")).status == "To Ship"

    def test_wrong_rules_are_refused(self):
        with self.refused(DocumentRefused, "no field nothing"):
            self.rule("Audit", {"action": "Ask Service"}, conditions=[("Order", "nothing", "equals", "1")])
        with self.refused(DocumentRefused, "no action of the stage"):
            self.rule("Audit", {"action": "Seal"})
        with self.refused(DocumentRefused, "must be a number"):
            self.rule("Prepare", ("Hold", "soon"))

    def named(self, fieldname, label):
        """Give a field of orders another label, as an administrator does."""
        setter = {"doc_type": "Sales Order", "field_name": fieldname, "property": "label", "property_type": "Data"}
        make("Property Setter", doctype_or_field="DocField", value=label, **setter)
        self.addCleanup(frappe.clear_cache, doctype="Sales Order")
        frappe.clear_cache(doctype="Sales Order")

    def test_people_choose_and_read_fields_by_their_labels(self):
        self.named("receiver_postcode", "Lane")
        labels = frappe.call(f"{RULES}.get_condition_fields")
        assert (labels["Order"]["grand_total"], labels["Order"]["receiver_postcode"]) == ("Grand Total", "Lane")
        assert labels["Calculated"]["line_count"] == "Lines"
        assert "items" not in labels["Order"], "a table is no field to compare"
        found = frappe.call(f"{RULES}.search_condition_fields", txt="lane", scope="Order")
        assert found == [{"value": "receiver_postcode", "label": "Lane", "description": "receiver_postcode"}]
        self.addCleanup(setattr, frappe.local, "lang", frappe.local.lang)
        frappe.local.lang = "zh"
        assert frappe.call(f"{RULES}.get_condition_fields")["Customer"]["name"] == "客户"

    def test_two_fields_with_one_label_are_told_apart(self):
        self.named("receiver_postcode", "Grand Total")
        labels = frappe.call(f"{RULES}.get_condition_fields")["Order"]
        told = (labels["receiver_postcode"], labels["grand_total"])
        assert told == ("Grand Total (receiver_postcode)", "Grand Total (grand_total)")

    def test_a_condition_without_a_value_is_told_by_the_label_of_its_field(self):
        condition = ("Order", "grand_total", "more than", "")
        with self.refused(DocumentRefused, "Grand Total needs a value"):
            self.rule("Audit", ("Pass", ""), conditions=[condition])

    def test_going_back_brings_the_rules_back(self):
        rule = self.rule("Audit", {"action": "Ask Service"})
        first = self.publish()
        with self.refused(RulesRefused, "Nothing has changed"):
            self.publish()
        rule.reload()
        rule.update({"actions": [{"action": "Ask Finance"}]})
        assert rule.save().publish_state == "Changed"
        self.publish()
        assert self.order((self.a, 1, 20)).status == "To Finance Audit"
        frappe.call(f"{RULES}.roll_back_rules", version=first)
        assert self.order((self.a, 1, 20)).status == "To Audit"
        assert (again(rule).actions[0].action, again(rule).publish_state) == ("Ask Service", "Published")

    def test_a_rule_that_going_back_switches_off_is_not_published(self):
        self.rule("Audit", {"action": "Ask Service"})
        first = self.publish()
        later = self.rule("Audit", {"action": "Ask Finance"})
        self.publish()
        frappe.call(f"{RULES}.roll_back_rules", version=first)
        assert (again(later).enabled, again(later).publish_state) == (0, "Not Published")

    def test_a_published_version_never_changes(self):
        self.rule("Audit", {"action": "Ask Service"})
        version = frappe.get_doc("Order Rule Version", self.publish())
        version.note = "other"
        with self.refused(RulesRefused):
            version.save()
        with self.refused(RulesRefused):
            version.delete()

    def test_a_rehearsal_lists_every_order_whose_outcome_changes(self):
        large, small = self.order((self.a, 4, 20)), self.order((self.a, 1, 20))
        self.rule("Audit", {"action": "Ask Finance"}, conditions=[("Order", "grand_total", "at least", "80")])
        rehearsal = make("Rule Rehearsal", days=3)
        rows = {row.sales_order: (row.part, row.before, row.after) for row in rehearsal.rows}
        assert rows[large.name] == ("Audit", "Passed by itself", "Accountant")
        assert small.name not in rows
        assert self.in_chinese(rehearsal).startswith(frappe._("Audit", "zh"))
        (row,) = [row for row in rehearsal.rows if row.sales_order == large.name]
        assert (row.part, row.before, row.after) == ("Audit", "自动通过", "会计")
        assert again(large).status == "To Ship", "a rehearsal changes nothing"
        counts = {(row.part, row.outcome): (row.before_count, row.after_count) for row in rehearsal.outcomes}
        passed, asked = counts["Audit", "自动通过"], counts["Audit", "会计"]
        assert (passed[1] - passed[0], asked[1] - asked[0]) == (-1, 1)

    def in_chinese(self, rehearsal):
        """Load a rehearsal as somebody who reads Chinese does; return its summary."""
        before, frappe.local.lang = frappe.local.lang, "zh"
        try:
            rehearsal.run_method("onload")
        finally:
            frappe.local.lang = before
        return rehearsal.summary

    def test_what_a_version_changed_is_told_in_the_readers_language(self):
        name = self.rule("Audit", {"action": "Ask Service"}).name
        version = frappe.get_doc("Order Rule Version", self.publish())
        assert f"Added: {name}" in version.changes.split("\n")
        frappe.local.lang = "zh"
        version.run_method("onload")
        assert f"新增：{name}" in version.changes.split("\n")

    def test_rules_are_tried_on_one_order(self):
        order = self.order((self.a, 1, 20))
        self.rule("Warehouse", {"action": "Use Warehouse", "warehouse": self.other_warehouse})
        told = frappe.call(f"{RULES}.try_rules", order=order.name)
        outcome = {row["part"]: row["what"] for row in told["outcome"]}
        assert (outcome["Warehouse"], again(order).warehouse) == (self.other_warehouse, self.warehouse)

    def test_what_rules_decide_is_told_in_the_readers_language(self):
        self.rule("Carrier", {"action": "Use Carrier", "carrier": "SF Express"})
        frappe.get_doc("Carrier", "SF Express").update({"disabled": 1}).save()
        order = self.order((self.a, 1, 20))
        frappe.local.lang = "zh"
        told = {row["part"]: row["why"] for row in frappe.call(f"{RULES}.try_rules", order=order.name)["outcome"]}
        assert "拆分" in told, told
        assert "物流公司 顺丰速运 已停用" in told["物流公司"]


class TestPipeline(RulesCase):
    """What the stages do."""

    def test_gifts_are_given_once_and_taken_back(self):
        make("Gift Rule", rule_name=f"Gift {self.b}", basis="Quantity", threshold=2, most_times=0, budget_qty=3,
             items=[{"sku": self.b, "qty": 1}],
             conditions=[{"scope": "Any Line", "field": "sku", "operator": "equals", "value": self.a}])  # fmt: skip
        self.publish()
        order = self.order((self.a, 4, 20))
        assert [(row.sku, row.qty, row.is_gift) for row in again(order).items] == [(self.a, 4, 0), (self.b, 2, 1)]
        assert (again(order).grand_total, self.stock(self.b)["reserved"]) == (80, 2)
        flows.recall_orders([order.name])
        frappe.call(f"{API}.edit_order", name=order.name, lines=[{"name": order.items[0].name, "qty": 2}])
        assert [(row.sku, row.qty) for row in again(order).items if row.is_gift] == [(self.b, 1)]
        assert frappe.db.get_value("Gift Rule", f"Gift {self.b}", "given_qty") == 1
        assert self.stock(self.b)["reserved"] == 1

    def test_a_gift_budget_is_not_exceeded(self):
        make("Gift Rule", rule_name=f"Gift {self.b}", budget_qty=1, items=[{"sku": self.b, "qty": 1}])
        self.publish()
        orders = [self.order((self.a, 1, 20)) for _ in range(2)]
        assert [len(again(order).items) for order in orders] == [2, 1]

    def test_an_order_keeps_the_last_gift_of_a_budget_and_gives_it_back_when_it_is_cancelled(self):
        name = make("Gift Rule", rule_name=f"Gift {self.b}", budget_qty=1, items=[{"sku": self.b, "qty": 1}]).name
        self.publish()
        order = self.order((self.a, 1, 20))
        flows.recall_orders([order.name])
        flows.process_orders([order.name])
        assert len(again(order).items) == 2
        again(order).cancel()
        assert frappe.db.get_value("Gift Rule", name, "given_qty") == 0
        assert len(again(self.order((self.a, 1, 20))).items) == 2

    def merged(self, **settings):
        """Merge two orders of 150 each, of which every 200 earns a gift out of a budget; return orders and rule."""
        for field, value in settings.items():
            frappe.db.set_single_value("Order Settings", field, value)
        forget()
        rule = make("Gift Rule", rule_name=f"Gift {self.b}", basis="Amount", threshold=200, budget_qty=9,
                    items=[{"sku": self.b, "qty": 1}]).name  # fmt: skip
        self.publish()
        shop = self.shop(auto_merge=1, delay_minutes=30)
        first, second = (self.order((self.a, 1, 150), shop=shop, **HOME) for _ in range(2))
        self.end_windows(first, second)
        return frappe.get_doc("Sales Order", again(first).merged_into), first, rule

    def test_merged_orders_earn_together_where_settings_say_so(self):
        merged, first, rule = self.merged(gifts_after_merge=1, merge_window_minutes=1440)
        assert [row.sku for row in merged.items if row.is_gift] == [self.b]
        assert frappe.db.get_value("Gift Rule", rule, "given_qty") == 1
        flows.recall_orders([merged.name])
        flows.undo_merge(merged.name)
        assert [row.sku for row in again(first).items] == [self.a]
        assert frappe.db.get_value("Gift Rule", rule, "given_qty") == 0

    def test_merged_orders_keep_what_each_has_earned(self):
        merged, _, _ = self.merged()
        assert [row.sku for row in merged.items] == [self.a, self.a]

    def test_a_gift_that_a_refund_has_cost_stops_the_rest(self):
        make("Gift Rule", rule_name=f"Gift {self.b}", basis="Amount", threshold=60, items=[{"sku": self.b, "qty": 1}])
        self.publish()
        order = again(self.order((self.a, 3, 20)))
        self.deliver(order, items=[{"sku": self.a, "qty": 1}])
        flows.refund_lines(order.name, {order.items[0].name: Decimal(1)})
        order = again(order)
        assert (order.exceptions, order.status) == ("Gift Wrong", "To Ship")
        assert order.blocks[0].note == f"1 × {self.b} by the gift rule Gift {self.b} are not earned any more"
        (row,) = frappe.call(f"{INBOX}.fix_exceptions", names=[order.name], code="Gift Wrong")
        assert (row["done"], self.stock(self.b)["reserved"]) == (True, 0)
        self.deliver(again(order))
        order = again(order)
        assert (order.status, order.exceptions, order.items[1].delivered_qty) == ("Shipped", None, 0)

    def test_a_gift_that_somebody_stopped_before_anything_left_is_looked_at_again(self):
        make("Gift Rule", rule_name=f"Gift {self.b}", basis="Amount", threshold=60, items=[{"sku": self.b, "qty": 1}])
        self.publish()
        order = again(self.order((self.a, 3, 20)))
        flows.block_orders({order.name: ""}, "Gift Wrong", "hand")
        assert frappe.call(f"{API}.take_out_gifts", names=[order.name], note="fine") == {order.name: "To Ship"}
        assert (again(order).exceptions, len(again(order).items)) == (None, 2)

    def test_orders_of_one_buyer_are_merged_and_taken_apart(self):
        shop = self.shop(auto_merge=1, delay_minutes=30)
        first = self.order((self.a, 1, 20), shop=shop, shipping_fee=5, **HOME)
        second = self.order((self.b, 2, 10), shop=shop, discount_amount=1, **HOME)
        self.end_windows(first, second)
        merged = frappe.get_doc("Sales Order", again(first).merged_into)
        assert (again(first).status, again(second).merged_into, merged.status) == ("Merged", merged.name, "To Ship")
        assert merged.grand_total == first.grand_total + second.grand_total == 44
        assert [row.root_order for row in merged.items] == [first.name, second.name]
        assert self.stock(self.a)["reserved"] == 1
        flows.recall_orders([merged.name])
        frappe.call(f"{API}.undo_merge", name=merged.name)
        assert [again(order).status for order in (first, second, merged)] == ["To Ship", "To Ship", "Cancelled"]
        assert (self.stock(self.a)["reserved"], self.stock(self.b)["reserved"]) == (1, 2)

    def test_an_amount_splits_to_the_cent(self):
        self.rule("Split", ("Split by Amount", "70"))
        self.publish()
        order = again(self.order((self.a, 3, 33.33), (self.b, 1, 10), discount_amount=0.05))
        parts = frappe.get_all("Sales Order", {"split_from": order.name}, pluck="grand_total", order_by="name asc")
        assert (order.status, parts) == ("Split", [66.63, 43.31])

    def test_other_addresses_are_not_merged(self):
        shop = self.shop(auto_merge=1, delay_minutes=30)
        first = self.order((self.a, 1, 20), shop=shop, **HOME)
        second = self.order((self.b, 1, 10), shop=shop, **{**HOME, "receiver_address": "Road 2"})
        self.end_windows(first, second)
        assert [again(order).status for order in (first, second)] == ["To Ship", "To Ship"]

    def end_windows(self, *orders):
        for order in orders:
            assert again(order).status == "To Process"
            frappe.db.set_value("Sales Order", order.name, "hold_until", add_to_date(now_datetime(), minutes=-1))
        clock.run_due()

    def test_rules_split_orders_to_the_cent(self):
        self.rule("Split", {"action": "Split Off Matching Lines"}, conditions=[("Any Line", "sku", "equals", self.b)])
        self.publish()
        order = self.order((self.a, 1, 19.99), (self.b, 2, 10), discount_amount=1, shipping_fee=6)
        parts = [frappe.get_doc("Sales Order", name) for name in self.parts(order)]
        assert (again(order).status, [part.status for part in parts]) == ("Split", ["To Ship", "To Ship"])
        assert round(sum(part.grand_total for part in parts), 2) == order.grand_total == 44.99
        assert (self.stock(self.a)["reserved"], self.stock(self.b)["reserved"]) == (1, 2)
        flows.recall_orders([part.name for part in parts])
        frappe.call(f"{API}.undo_split", name=order.name)
        assert (again(order).status, again(order).grand_total) == ("To Ship", 44.99)
        assert (self.stock(self.a)["reserved"], self.stock(self.b)["reserved"]) == (1, 2)

    def parts(self, order):
        return frappe.get_all(
            "Sales Order", {"split_from": order.name, "docstatus": 1}, pluck="name", order_by="name asc"
        )

    def test_rules_split_by_supplier_and_by_class(self):
        make("Supplier SKU", supplier=self.supplier, sku=self.a, price=5, is_primary=1)
        self.rule("Split", ("Split by Supplier",))
        self.publish()
        order = self.order((self.a, 1, 10), (self.b, 2, 10))
        assert again(order).status == "Split"
        parts = [frappe.get_doc("Sales Order", name) for name in self.parts(order)]
        assert [[row.sku for row in part.items] for part in parts] == [[self.a], [self.b]]
        frappe.db.delete("Order Rule")
        self.rule("Split", ("Split by Class",))
        self.publish()
        assert again(self.order((self.a, 1, 10), (self.b, 1, 10))).status == "To Ship"
        frappe.db.set_value("SKU", self.b, "split_class", "Fragile")
        assert again(self.order((self.a, 1, 10), (self.b, 1, 10))).status == "Split"

    def test_orders_of_a_shop_draw_on_the_quota_of_its_group(self):
        shop = self.shop()
        group = make("Channel Group", group_name=f"G {shop}", shops=[{"shop": shop}]).name
        quota = make("Stock Quota", sku=self.a, warehouse=self.warehouse, channel_group=group, qty=4)
        if quota.meta.is_submittable:
            quota.submit()
        self.order((self.a, 3, 10), shop=shop)
        assert again(quota).used_qty == 3
        self.order((self.a, 6, 10))
        with self.refused(StockShortage, self.a):
            self.order((self.a, 1, 10))  # what is left is kept for the group
        assert self.order((self.a, 1, 10), shop=shop).status == "To Ship"
        frappe.get_doc("Sales Order", {"shop": shop, "docstatus": 1, "total_qty": 3}).cancel()
        assert again(quota).used_qty == 1

    def test_a_split_by_hand(self):
        order = self.order((self.a, 3, 10))
        line = order.items[0].name
        with self.refused(OrderNotReady, f"{order.name} cannot be split: it is To Ship. Bring it back to To Audit"):
            frappe.call(f"{API}.split_order", name=order.name, lines={line: 1})
        flows.recall_orders([order.name])
        for lines, words in (
            ({}, "give a quantity to split off"),
            ({line: 3}, "all of it would be split off"),
            ({line: 4}, f"{order.name}, row 1 ({self.a}): 4 cannot be split off, choose more than 0 and at most 3"),
            ({"x": 1}, f"{order.name} has no line x"),
        ):
            with self.subTest(words=words), self.refused(OrderNotReady, words):
                frappe.call(f"{API}.split_order", name=order.name, lines=lines)
        frappe.db.set_value("Sales Order", order.name, "sealed", 1)
        with self.refused(OrderNotReady, f"{order.name} cannot be split: it is sealed. Take off"):
            frappe.call(f"{API}.split_order", name=order.name, lines={line: 1})
        frappe.db.set_value("Sales Order", order.name, "sealed", 0)
        names = frappe.call(f"{API}.split_order", name=order.name, lines={order.items[0].name: 1})
        assert [frappe.db.get_value("Sales Order", name, "grand_total") for name in names] == [20, 10]

    def test_a_merge_that_is_refused_says_why(self):
        nameless = {**HOME, "receiver_name": ""}
        names = [self.order((self.a, 1, 10), **receiver).name for receiver in (HOME, nameless)]
        flows.recall_orders(names)
        with self.refused(OrderNotReady, f"{names[1]} cannot be merged: its receiver has no name or no address"):
            frappe.call(f"{API}.merge_orders", names=names)
        frappe.db.set_value("Sales Order", names[1], "sealed", 1)
        with self.refused(OrderNotReady, f"{names[1]} cannot be merged: it is sealed. Take off"):
            frappe.call(f"{API}.merge_orders", names=names)

    def test_the_warehouse_is_chosen_with_its_reasons(self):
        self.buy(self.a, 5, 5, warehouse=self.other_warehouse)
        warehouse = frappe.get_doc("Warehouse", self.other_warehouse)
        warehouse.append("coverage", {"province": "浙江"})
        warehouse.priority = -1
        warehouse.save()
        shop = self.shop(choose_warehouse=1)
        near = self.order((self.a, 1, 20), shop=shop, **HOME)
        far = self.order((self.a, 1, 20), shop=shop, **{**HOME, "receiver_province": "广东省", "receiver_city": "广州"})
        assert (again(near).warehouse, again(far).warehouse) == (self.other_warehouse, self.warehouse)
        assert self.stock(self.a, self.other_warehouse)["reserved"] == 1
        why = self.decisions(far)["Warehouse"][1]
        assert f"{self.other_warehouse} does not deliver to 广东省广州市" in why

    def test_an_order_is_split_over_warehouses(self):
        self.buy(self.a, 5, 5, warehouse=self.other_warehouse)
        order = self.order(
            (self.a, 12, 20), shop=self.shop(choose_warehouse=1, split_by_stock=1, allow_partial_reservation=1), **HOME
        )
        parts = [frappe.get_doc("Sales Order", name) for name in self.parts(order)]
        assert {part.warehouse: part.total_qty for part in parts} == {self.warehouse: 10, self.other_warehouse: 2}
        assert sum(part.grand_total for part in parts) == 240

    def test_a_rule_sends_orders_elsewhere(self):
        self.buy(self.a, 5, 5, warehouse=self.other_warehouse)
        action = {"action": "Use Warehouse", "warehouse": self.other_warehouse}
        self.rule("Warehouse", action, conditions=[("Any Line", "sku", "equals", self.a)])
        self.publish()
        order = self.order((self.a, 2, 20))
        assert (again(order).warehouse, self.stock(self.a, self.other_warehouse)["reserved"]) == (
            self.other_warehouse,
            2,
        )
        self.deliver(order)
        assert again(order).status == "Shipped"

    def test_the_cheapest_carrier_is_chosen_with_its_reasons(self):
        frappe.db.set_value("SKU", self.a, "weight_g", 700)
        for carrier, first, excluded in (("SF Express", 12, 0), ("ZTO Express", 5, 0), ("YTO Express", 4, 1)):
            band = {
                "first_weight_g": 1000,
                "first_price": first,
                "step_weight_g": 1000,
                "step_price": 2,
                "excluded": excluded,
            }
            make("Freight Rule", title=f"{carrier} {self.a}", carrier=carrier, bands=[band])
        order = again(self.order((self.a, 2, 20), **HOME))
        assert (order.carrier, order.estimated_freight, order.weight_g) == ("ZTO Express", 7, 1400)
        assert "YTO Express" in " ".join(self.decisions(order)["Carrier"][1])
        terms = json.loads(order.profit_terms)
        assert (terms["freight"], order.estimated_profit) == (-7, round(sum(terms.values()), 2))
        self.rule("Carrier", {"action": "Exclude Carrier", "carrier": "ZTO Express"})
        self.publish()
        assert again(self.order((self.a, 2, 20), **HOME)).carrier == "SF Express"

    def test_many_orders_cost_few_statements(self):
        from ec_erp.documents.sets import insert_many

        self.rule("Audit", {"action": "Ask Service"}, conditions=[("SKU of Any Line", "brand", "equals", "none")])
        self.publish()
        self.buy(self.a, 100, 5)
        docs = [self.draft_order((self.a, 1, 20)) for _ in range(50)]
        with self.at_most(100):
            insert_many(docs, submit=True)
        assert {again(doc).status for doc in docs} == {"To Ship"}

    def test_a_rule_on_a_category_holds_for_all_below_it(self):
        group = make("Product Category", category_name=f"Group {self.a}", is_group=1).name
        leaf = make("Product Category", category_name=f"Leaf {self.a}", parent_product_category=group).name
        frappe.db.set_value("SKU", self.a, "category", leaf)
        under, not_under = (("SKU of Any Line", "category", words, group) for words in ("is under", "is not under"))
        self.rule("Audit", {"action": "Ask Service"}, conditions=[under])
        self.publish()
        assert (self.order((self.a, 1, 20)).status, self.order((self.b, 1, 20)).status) == ("To Audit", "To Ship")
        frappe.db.delete("Order Rule")
        self.rule("Audit", {"action": "Ask Service"}, conditions=[not_under])
        self.publish()
        assert (self.order((self.a, 1, 20)).status, self.order((self.b, 1, 20)).status) == ("To Ship", "To Audit")
        with self.refused(DocumentRefused, "no field of a tree"):
            self.rule("Audit", {"action": "Ask Service"}, conditions=[("Order", "customer", "is under", "x")])

    def test_presale_goods_are_split_off_and_the_rest_leaves(self):
        self.rule("Split", ("Split Off Presale",))
        self.publish()
        lines = [{"sku": self.a, "qty": 1, "rate": 10, "is_presale": 1}, {"sku": self.b, "qty": 2, "rate": 5}]
        fields = {"payment_type": "Prepaid", "paid_datetime": now_datetime(), "presale_release": "By Hand"}
        draft = self.draft_order(**fields)
        draft.update({"items": lines})
        order = submitted(draft)
        assert again(order).status == "Split"
        later, now = (frappe.get_doc("Sales Order", name) for name in self.parts(order))
        if not later.items[0].is_presale:
            later, now = now, later
        assert [(one.status, one.grand_total) for one in (later, now)] == [("Preorder", 10), ("To Ship", 10)]
        frappe.call(f"{API}.release_presale", names=[later.name])
        assert again(later).status == "To Ship"

    def test_a_combo_is_no_gift(self):
        parts = [{"sku": self.a, "qty": 1, "share": 60}, {"sku": self.b, "qty": 1, "share": 40}]
        combo = make("SKU", sku_code=f"SET-{self.a}", is_combo=1, components=parts).name
        with self.refused(DocumentRefused, f"{combo} is a combo"):
            make("Gift Rule", rule_name=f"Gift {combo}", items=[{"sku": combo, "qty": 1}])

    def test_limits_of_splits_are_amounts_above_zero(self):
        self.rule("Split", ("Split by Amount", "33.5"))
        for limit, words in (
            ("0", "must be more than zero"),
            ("-2", "must be more than zero"),
            ("x", "must be a number"),
        ):
            with self.subTest(limit=limit), self.refused(DocumentRefused, words):
                self.rule("Split", ("Split by Weight", limit))
