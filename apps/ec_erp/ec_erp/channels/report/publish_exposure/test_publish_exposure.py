"""The exposure meter: what shops show of a SKU, combos and multipliers included, beyond what there is; it follows at once."""

from unittest.mock import patch

import frappe

from ec_erp.channels.report.publish_exposure.publish_exposure import execute
from ec_erp.testing import TradeCase, make

API = "ec_erp.channels.api"


class TestExposure(TradeCase):
    """Two shops show all ten cups each; one of them also sells sets of two cups and a plate."""

    def setUp(self):
        super().setUp()
        self.buy(self.a, 10, 5)
        self.buy(self.b, 4, 5)
        parts = [{"sku": self.a, "qty": 2, "share": 80}, {"sku": self.b, "qty": 1, "share": 20}]
        self.set = make("SKU", sku_code=f"SET-{self.company}", is_combo=1, components=parts).name
        self.shops = [self.new_shop() for _ in range(2)]
        for shop in self.shops:
            make("Listing", shop=shop, title="Cup", platform_item_id="I1", sku=self.a)

    def new_shop(self):
        fields = {"platform": "own", "company": self.company, "currency": "CNY", "default_warehouse": self.warehouse}
        return make("Shop", shop_name=f"Shop {frappe.generate_hash(length=5)}", **fields).name

    def publish(self, shop):
        rows = frappe.call(f"{API}.pull_stock", shop=shop)
        answers = [{"listing": row["listing"], "counter": row["counter"], "ok": True} for row in rows]
        frappe.call(f"{API}.acknowledge_stock", shop=shop, results=answers)

    def exposure(self, **asked):
        rows = frappe.call(f"{API}.get_exposure", company=self.company, **asked)
        return {row["sku"]: (row["published"], row["available"], row["exposure"]) for row in rows}

    def test_it_follows_what_shops_confirm(self):
        assert self.exposure(every=1) == {}
        self.publish(self.shops[0])
        assert self.exposure() == {}
        assert self.exposure(every=1) == {self.a: (10, 10, 0)}
        self.publish(self.shops[1])
        assert self.exposure() == {self.a: (20, 10, 10)}
        self.order((self.a, 3, 20))
        assert self.exposure() == {self.a: (20, 7, 13)}
        for shop in self.shops:
            self.publish(shop)
        assert self.exposure() == {self.a: (14, 7, 7)}

    def test_what_a_shop_was_handed_may_be_shown_already(self):
        frappe.call(f"{API}.pull_stock", shop=self.shops[0])
        assert self.exposure(every=1) == {self.a: (10, 10, 0)}

    def test_combos_and_multipliers_count_by_their_units(self):
        make("Listing", shop=self.shops[0], title="Set", platform_item_id="I2", sku=self.set)
        make("Listing", shop=self.shops[0], title="Three", platform_item_id="I3", sku=self.b, multiplier=3)
        self.publish(self.shops[0])
        found = self.exposure()
        assert found == {self.a: (18, 10, 8), self.b: (7, 4, 3)}  # 10 + 4 sets × 2; 4 sets × 1 + 1 × 3
        assert list(self.exposure(sku=self.b)) == [self.b]

    def test_the_report_opens_into_listings(self):
        for shop in self.shops:
            self.publish(shop)
        columns, rows, _, chart = execute({"company": self.company})
        assert [(row["indent"], row.get("exposure"), row["published"]) for row in rows] == [
            (0, 10, 20),
            (1, None, 10),
            (1, None, 10),
        ]
        assert {row["shop"] for row in rows if row["indent"]} == set(self.shops)
        assert chart["data"]["labels"] == [self.a]
        assert {column["fieldname"] for column in columns} >= {"sku", "listing", "units", "available", "exposure"}

    def test_the_card_adds_up(self):
        before = frappe.call(f"{API}.count_exposure")["value"]
        for shop in self.shops:
            self.publish(shop)
        assert frappe.call(f"{API}.count_exposure")["value"] == before + 10

    def test_the_inbox_tells_from_a_bound_on(self):
        for shop in self.shops:
            self.publish(shop)
        for bound, told in ((0, []), (11, []), (10, [self.a])):
            frappe.db.set_single_value("Inventory Settings", "exposure_alert_qty", bound)
            frappe.clear_document_cache("Inventory Settings", "Inventory Settings")
            rows = frappe.get_attr("ec_erp.channels.flows.exposure.exceptions")()
            assert [row["reference_name"] for row in rows if row["reference_name"] in (self.a, self.b)] == told

    def test_whoever_looks_is_told_once_per_confirmation(self):
        with patch("frappe.publish_realtime") as told:
            self.publish(self.shops[0])
        assert [call.args[0] for call in told.call_args_list if call.kwargs.get("doctype") == "Stock Push"] == [
            "list_update"
        ]

    def test_asking_costs_a_fixed_number_of_statements(self):
        for shop in self.shops:
            self.publish(shop)
        with self.at_most(8):
            self.exposure()

    def test_strangers_learn_nothing(self):
        frappe.set_user("Guest")
        with self.refused(frappe.PermissionError):
            frappe.call(f"{API}.get_exposure")
