"""Addresses of orders are read and stopped where they can't be used; restrictions keep carriers, warehouses and orders back."""

import frappe

from ec_erp.documents.errors import DocumentRefused
from ec_erp.orders import flows as orders
from ec_erp.orders.flows import addresses, ruling
from ec_erp.testing import TradeCase, again, make, new, submitted

PLACE = {"receiver_name": "Li", "receiver_province": "浙江", "receiver_city": "杭州", "receiver_district": "西湖区"}
ADDRESS = {**PLACE, "receiver_address": "文三路 1 号"}


class TestDeliveryRestriction(TradeCase):
    """Orders that a person enters, with addresses."""

    def setUp(self):
        super().setUp()
        for forget in (ruling.forget_settings, addresses.forget_restrictions):
            self.addCleanup(forget)
            forget()
        self.buy(self.a, 50, 5)

    def restrict(self, province="浙江省", **fields):
        return make("Delivery Restriction", province=province, reason="closed for winter", **fields)

    def carrier(self, price):
        name = make("Carrier", carrier_name=f"C{price} {frappe.generate_hash(length=5)}").name
        bands = [{"first_weight_g": 1000, "first_price": price, "step_weight_g": 1000, "step_price": 1}]
        make("Freight Rule", title=name, carrier=name, bands=bands)
        return name

    def test_an_address_is_written_as_the_table_has_it(self):
        order = self.order((self.a, 1, 10), **ADDRESS)
        found = (order.receiver_province, order.receiver_city, order.region_code, order.address_state, order.status)
        assert found == ("浙江省", "杭州市", "330100", "Valid", "To Ship")

    def test_an_address_is_read_from_the_street(self):
        order = self.order((self.a, 1, 10), receiver_address="浙江省宁波市鄞州区首南街道 8 号")
        found = (order.receiver_province, order.receiver_city, order.receiver_district, order.receiver_address)
        assert found == ("浙江省", "宁波市", "鄞州区", "首南街道 8 号")

    def test_an_order_without_an_address_goes_on_unless_one_is_required(self):
        assert self.order((self.a, 1, 10)).status == "To Ship"
        frappe.db.set_single_value("Order Settings", "require_address", 1)
        ruling.forget_settings()
        order = self.order((self.a, 1, 10), **PLACE)
        assert (order.status, order.exceptions, order.address_state) == ("To Process", "Address Invalid", "Incomplete")

    def test_an_unknown_place_stops_an_order_until_it_is_edited(self):
        order = self.order((self.a, 1, 10), **{**ADDRESS, "receiver_city": "苏州"})
        assert (order.status, order.exceptions, order.blocks[0].note) == (
            "To Process", "Address Invalid", "The table of regions does not have 浙江省苏州西湖区",
        )  # fmt: skip
        orders.edit_order(order.name, {"receiver_city": "杭州"})
        order = again(order)
        assert (order.status, order.exceptions, order.receiver_city) == ("To Ship", None, "杭州市")

    def test_who_lets_an_order_go_on_is_not_asked_again(self):
        order = self.order((self.a, 1, 10), **{**ADDRESS, "receiver_city": "新城"})
        orders.unblock_orders([order.name], "Address Invalid", "called the buyer")
        assert again(order).status == "To Ship"

    def test_a_region_that_is_added_is_known_at_once(self):
        order = self.order((self.a, 1, 10), **{**ADDRESS, "receiver_city": "新城市"})
        make("Region", code="339900", region_name="新城市", level="City", parent_code="330000")
        self.addCleanup(frappe.cache.delete_value, "ec_erp_regions")
        orders.process_orders([order.name])
        assert (again(order).status, again(order).region_code) == ("To Ship", "339900")

    def test_nothing_is_delivered_to_a_closed_place_until_it_opens(self):
        closed = self.restrict()
        order = self.order((self.a, 1, 10), **ADDRESS)
        assert (order.status, order.exceptions, order.address_state) == (
            "To Process",
            "Address Out of Range",
            "Out of Range",
        )
        rows = frappe.call("ec_erp.orders.inbox_api.list_exceptions", filters={"code": "Address Out of Range"})["rows"]
        assert [(row["owner_role"], row["note"]) for row in rows if row["reference_name"] == order.name] == [
            ("Customer Service", "Nothing is delivered to 浙江省: closed for winter")
        ]
        closed.update({"disabled": 1})
        closed.save()
        orders.process_orders([order.name])
        assert (again(order).status, again(order).address_state) == ("To Ship", "Valid")

    def test_a_restricted_carrier_is_not_chosen(self):
        cheap, dear = self.carrier(5), self.carrier(9)
        assert self.order((self.a, 1, 10), **ADDRESS).carrier == cheap
        self.restrict(carrier=cheap)
        assert self.order((self.a, 1, 10), **ADDRESS).carrier == dear
        self.restrict(carrier=dear)
        order = self.order((self.a, 1, 10), **ADDRESS)
        assert (order.carrier, order.exceptions) == (None, "Address Out of Range")

    def test_a_carrier_that_somebody_fixed_stops_the_order(self):
        carrier = self.carrier(5)
        self.restrict(carrier=carrier, city="杭州")
        order = self.order((self.a, 1, 10), carrier=carrier, **ADDRESS)
        assert (order.carrier, order.exceptions) == (carrier, "Address Out of Range")
        other = self.order((self.a, 1, 10), carrier=carrier, **{**ADDRESS, "receiver_city": "宁波"})
        assert other.status == "To Ship"

    def test_a_restricted_warehouse_is_not_chosen(self):
        self.buy(self.a, 50, 5, warehouse=self.other_warehouse)
        shop = make("Shop", shop_name=f"S {self.company}", platform="own", company=self.company, currency="CNY",
                    default_warehouse=self.warehouse, choose_warehouse=1).name  # fmt: skip
        self.restrict(warehouse=self.warehouse)
        order = self.order((self.a, 1, 10), shop=shop, **ADDRESS)
        assert (order.warehouse, order.status) == (self.other_warehouse, "To Ship")

    def test_restrictions_of_places_that_do_not_exist_are_refused(self):
        with self.refused(DocumentRefused, "东海省"):
            self.restrict("东海省")
        with self.refused(DocumentRefused, "苏州"):
            self.restrict(city="苏州")
        with self.refused(DocumentRefused, "must not be before"):
            self.restrict(valid_from="2026-11-02", valid_to="2026-11-01")

    def test_regions_lie_in_each_other(self):
        with self.refused(DocumentRefused, "lies in no other region"):
            make("Region", code="999999", region_name="X", level="Province", parent_code="330000")
        with self.refused(DocumentRefused, "lies in no other region"):
            make("Region", code="999998", region_name="Y", level="City")

    def test_a_draft_shows_its_address_already(self):
        draft = new(
            "Sales Order", company=self.company, customer=self.customer, items=[{"sku": self.a, "qty": 1}], **ADDRESS
        )
        draft.insert()
        assert draft.receiver_city == "杭州市"
        assert submitted(draft).status == "To Ship"
