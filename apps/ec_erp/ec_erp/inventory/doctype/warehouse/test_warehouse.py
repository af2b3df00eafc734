"""Types of warehouses: from which orders are served, and which are replenished."""

import re
from urllib.parse import unquote

import frappe

from ec_erp.documents.in_use import StillInUse
from ec_erp.inventory.errors import WrongWarehouse
from ec_erp.testing import TradeCase, again, make, new, submitted

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


class TestDisabling(TradeCase):
    """A warehouse or SKU that is needed is not disabled; the refusal leads to what stands in the way."""

    def setUp(self):
        super().setUp()
        self.hall = self.new_hall()

    def new_hall(self):
        name = f"Hall {frappe.generate_hash(length=6)}"
        return make("Warehouse", warehouse_name=name, company=self.company).name

    def switch_off(self, doctype, name):
        frappe.get_doc(doctype, name).update({"disabled": 1}).save()

    def stands_in_the_way(self, doctype, name):
        told = frappe.call("ec_erp.documents.api.get_in_use", doctype=doctype, name=name)
        with self.refused(StillInUse, name):
            self.switch_off(doctype, name)
        return {re.search(r"/app/([a-z-]+)", line)[1]: unquote(line) for line in told[1:]}

    def entry(self, reason, qty):
        items = [{"sku": self.a, "qty": qty, "rate": 2}]
        return submitted(new("Stock Entry", company=self.company, reason=reason, warehouse=self.hall, items=items))

    def test_an_empty_warehouse_is_disabled(self):
        self.switch_off("Warehouse", self.hall)
        assert again(frappe.get_doc("Warehouse", self.hall)).disabled == 1

    def test_stock_stands_in_the_way_until_it_is_gone(self):
        self.entry("Opening Stock", 5)
        balance = frappe.db.get_value("Stock Balance", {"sku": self.a, "warehouse": self.hall})
        found = self.stands_in_the_way("Warehouse", self.hall)
        assert list(found) == ["stock-balance"]
        assert balance in found["stock-balance"]
        self.entry("Write-off", 5)
        self.switch_off("Warehouse", self.hall)

    def test_a_purchase_order_stands_in_the_way_until_all_of_it_came(self):
        items = [{"sku": self.a, "qty": 4, "rate": 2, "warehouse": self.hall}]
        order = submitted(new("Purchase Order", company=self.company, supplier=self.supplier, items=items))
        assert order.name in self.stands_in_the_way("Warehouse", self.hall)["purchase-order"]
        frappe.db.set_value("Purchase Order Item", {"parent": order.name}, "received_qty", 4)
        self.switch_off("Warehouse", self.hall)

    def test_an_order_that_waits_stands_in_the_way_of_warehouse_and_sku(self):
        self.entry("Opening Stock", 5)
        order = self.draft_order((self.a, 1, 20), warehouse=self.hall).insert()
        assert "sales-order" not in self.stands_in_the_way("Warehouse", self.hall), "a draft holds nothing"
        order.submit()
        for doctype, name in (("Warehouse", self.hall), ("SKU", self.a)):
            assert order.name in self.stands_in_the_way(doctype, name)["sales-order"]

    def test_what_is_named_as_the_usual_warehouse_stays(self):
        shop = make("Shop", shop_name=self.hall, platform="own", company=self.company, default_warehouse=self.hall)
        assert shop.name in self.stands_in_the_way("Warehouse", self.hall)["shop"]
        shop.update({"enabled": 0}).save()
        self.switch_off("Warehouse", self.hall)

    def test_what_was_disabled_before_can_be_saved(self):
        self.entry("Opening Stock", 5)
        frappe.db.set_value("Warehouse", self.hall, "disabled", 1)
        frappe.get_doc("Warehouse", self.hall).update({"city": "杭州市"}).save()

    def test_only_who_may_change_it_asks(self):
        email = f"{frappe.generate_hash(length=8)}@example.com"
        make("User", email=email, first_name="W", send_welcome_email=0, roles=[{"role": "Analyst"}])
        frappe.set_user(email)
        with self.refused(frappe.PermissionError):
            frappe.call("ec_erp.documents.api.get_in_use", doctype="Warehouse", name=self.hall)
