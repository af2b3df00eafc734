"""Shops are told of stock by policy: what changes is noticed, handed out once, and open until its counter is confirmed."""

import frappe

from ec_erp.channels.errors import PushRefused
from ec_erp.documents.errors import DocumentRefused
from ec_erp.testing import TradeCase, again, make

API = "ec_erp.channels.api"


class TestStockPush(TradeCase):
    """A shop with a listing of cups."""

    def setUp(self):
        super().setUp()
        self.buy(self.a, 100, 5)
        self.shop = self.new_shop()
        self.listing = make("Listing", shop=self.shop, title="Cup", platform_item_id="I1", sku=self.a).name

    def new_shop(self):
        name = f"Shop {frappe.generate_hash(length=5)}"
        fields = {"platform": "own", "company": self.company, "currency": "CNY", "default_warehouse": self.warehouse}
        return make("Shop", shop_name=name, **fields).name

    def pull(self, shop=None):
        return frappe.call(f"{API}.pull_stock", shop=shop or self.shop)

    def confirm(self, row, **fields):
        answer = {"listing": row["listing"], "counter": row["counter"], "ok": True, **fields}
        return frappe.call(f"{API}.acknowledge_stock", shop=self.shop, results=[answer])

    def told(self, shop=None):
        return {row["item_id"]: row["qty"] for row in self.pull(shop)}

    def test_a_listing_is_told_once(self):
        (row,) = self.pull()
        assert (row["item_id"], row["qty"], row["counter"]) == ("I1", 100, 1)
        assert self.confirm(row) == {self.listing: "Published"}
        assert self.pull() == []
        assert frappe.db.get_value("Listing", self.listing, "published_qty") == 100

    def test_stock_in_all_own_warehouses_counts(self):
        self.buy(self.a, 7, 5, warehouse=self.other_warehouse)
        assert self.told() == {"I1": 107}

    def test_an_order_lowers_what_is_told_and_goes_first(self):
        (row,) = self.pull()
        self.confirm(row)
        self.order((self.a, 30, 20))
        make("Listing", shop=self.shop, platform_item_id="I2", sku=self.b)
        found = self.pull()
        assert [(one["item_id"], one["qty"]) for one in found] == [("I1", 70), ("I2", 0)]

    def test_changes_before_a_pull_are_one(self):
        (row,) = self.pull()
        self.confirm(row)
        for _ in range(3):
            self.order((self.a, 10, 20))
        (row,) = self.pull()
        assert (row["qty"], row["counter"]) == (70, 2)

    def test_a_change_while_the_shop_was_writing_stays_open(self):
        (first,) = self.pull()
        self.order((self.a, 10, 20))
        (second,) = self.pull()
        assert self.confirm(first, qty=100) == {self.listing: "Waiting"}
        row = frappe.get_doc("Stock Push", self.listing)
        assert (row.published_qty, row.acknowledged_count, row.change_count) == (100, 1, 2)
        assert self.confirm(second) == {self.listing: "Published"}

    def test_a_refusal_is_tried_again_later(self):
        (row,) = self.pull()
        assert self.confirm(row, ok=False, message="busy") == {self.listing: "Waiting"}
        assert self.pull() == []
        frappe.db.set_value("Stock Push", self.listing, {"attempts": 7, "next_try": None})
        (row,) = self.pull()
        assert self.confirm(row, ok=False, message="gone") == {self.listing: "Failed"}
        rows = frappe.call("ec_erp.orders.inbox_api.list_exceptions", filters={"shop": self.shop})["rows"]
        assert [(one["code"], one["note"]) for one in rows] == [("Stock Push Failed", "gone")]
        frappe.call(f"{API}.retry_stock", names=[self.listing])
        assert self.told() == {"I1": 100}

    def test_the_most_particular_policy_counts(self):
        make("Stock Policy", policy_name=f"P1 {self.shop}", shop=self.shop, percent=50)
        assert self.told() == {"I1": 50}
        policy = make("Stock Policy", policy_name=f"P2 {self.shop}", listing=self.listing, safety_qty=10, most_qty=80)
        assert self.told() == {"I1": 80}
        policy.update({"most_qty": 0})
        policy.save()
        assert self.told() == {"I1": 90}
        policy.delete()
        assert self.told() == {"I1": 50}

    def test_a_paused_listing_is_not_told(self):
        policy = make("Stock Policy", policy_name=f"P {self.shop}", shop=self.shop, paused=1)
        assert (self.pull(), frappe.get_doc("Stock Push", self.listing).status) == ([], "Paused")
        policy.update({"paused": 0})
        policy.save()
        assert self.told() == {"I1": 100}

    def test_quotas_of_the_shop_group_count(self):
        group = make("Channel Group", group_name=f"G {self.shop}", shops=[{"shop": self.shop}]).name
        other = self.new_shop()
        make("Listing", shop=other, platform_item_id="I9", sku=self.a)
        quota = make("Stock Quota", sku=self.a, warehouse=self.warehouse, channel_group=group, qty=40)
        if quota.meta.is_submittable:
            quota.submit()
        assert (self.told(), self.told(other)) == ({"I1": 100}, {"I9": 60})

    def test_a_combo_follows_its_components(self):
        self.buy(self.b, 9, 3)
        components = [{"sku": self.a, "qty": 1}, {"sku": self.b, "qty": 2}]
        combo = make("SKU", sku_code=f"C-{self.shop}", is_combo=1, components=components).name
        make("Listing", shop=self.shop, platform_item_id="SET", sku=combo)
        assert self.told()["SET"] == 4
        self.order((self.b, 4, 3))
        assert self.told()["SET"] == 2

    def test_a_listing_with_another_sku_is_told_anew(self):
        self.confirm(*self.pull())
        self.buy(self.b, 7, 3)
        doc = frappe.get_doc("Listing", self.listing)
        doc.sku = self.b
        doc.save()
        assert self.told() == {"I1": 7}

    def test_a_listing_that_loses_its_sku_leaves_the_queue(self):
        self.pull()
        doc = frappe.get_doc("Listing", self.listing)
        doc.sku = None
        doc.save()
        assert (self.pull(), frappe.db.exists("Stock Push", self.listing)) == ([], None)

    def test_what_is_told_comes_with_why(self):
        make("Stock Policy", policy_name=f"P {self.shop}", shop=self.shop, percent=50, safety_qty=10)
        found = frappe.call(f"{API}.explain_stock", listing=self.listing)
        assert (found["qty"], found["why"][1:3]) == (45, ["Sellable: 100", "Kept back: 10"])

    def test_impossible_policies_are_refused(self):
        with self.refused(DocumentRefused, "less than the least"):
            make("Stock Policy", policy_name=f"P {self.shop}", least_qty=9, most_qty=3)

    def test_rows_of_other_shops_are_refused(self):
        self.pull()
        with self.refused(PushRefused, "no row of the shop"):
            frappe.call(
                f"{API}.acknowledge_stock", shop=self.new_shop(), results=[{"listing": self.listing, "ok": True}]
            )

    def test_many_listings_cost_no_more_statements_than_one(self):
        for at in range(20):
            make("Listing", shop=self.shop, platform_item_id=f"M{at}", sku=self.a)
        with self.at_most(20):
            assert len(self.pull()) == 21
        assert again(frappe.get_doc("Stock Push", self.listing)).status == "Sent"
