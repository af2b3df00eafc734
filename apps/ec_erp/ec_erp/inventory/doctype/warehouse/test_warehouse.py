"""Types of warehouses: from which orders are served, and which are replenished."""

import frappe

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

    def test_what_a_supplier_sends_is_not_replenished(self):
        load = frappe.get_attr("ec_erp.purchasing.store.planning.load_warehouses")
        assert self.types(load(self.company, ())) == SERVING - {"Drop Ship"}
