"""Types of warehouses: from which orders are served, and which are replenished."""

import frappe

from ec_erp.inventory.errors import WrongWarehouse
from ec_erp.testing import TradeCase, make

SERVING = {"Own", "Self-Flow", "Platform", "Cloud", "3PL", "Overseas", "Drop Ship"}


class TestWarehouse(TradeCase):
    """One warehouse of every type."""

    def setUp(self):
        super().setUp()
        types = frappe.get_meta("Warehouse").get_field("warehouse_type").options.split("\n")
        self.type_of = {
            make(
                "Warehouse", warehouse_name=f"{one} {self.company}", company=self.company, warehouse_type=one
            ).name: one
            for one in types
        }

    def types(self, names):
        return {self.type_of[name] for name in names if name in self.type_of}

    def test_every_type_serves_orders_but_those_that_hold_nothing_to_sell(self):
        load = frappe.get_attr("ec_erp.orders.store.load_sources")
        assert self.types(one["name"] for one in load([self.company])) == SERVING
        assert set(self.type_of.values()) - SERVING == {"Defective", "Virtual", "Transit"}

    def test_nobody_orders_from_what_serves_no_orders(self):
        for name, one in self.type_of.items():
            if one in SERVING:
                assert self.draft_order((self.a, 1, 20), warehouse=name).insert().warehouse == name
                continue
            with self.refused(WrongWarehouse, name, "No order leaves"):
                self.draft_order((self.a, 1, 20), warehouse=name).insert()
            with self.refused(WrongWarehouse, name):
                make("Shop", shop_name=f"Shop {one}", platform="own", company=self.company, default_warehouse=name)

    def test_a_place_that_does_not_exist_is_told(self):
        frappe.clear_messages()
        frappe.get_doc("Warehouse", self.warehouse).update(
            {"coverage": [{"province": "浙江省"}, {"province": "浙江省", "city": "南京市"}, {"province": "火星"}]}
        ).save()
        (told,) = frappe.get_message_log()
        assert told["message"] == "The table of regions does not have 浙江省南京市, 火星"

    def test_what_a_supplier_sends_is_not_replenished(self):
        load = frappe.get_attr("ec_erp.purchasing.store.planning.load_warehouses")
        assert self.types(load(self.company, ())) == SERVING - {"Drop Ship"}
