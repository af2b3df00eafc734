"""Orders that are entered: which warehouse they leave from where they name none, and that one which was named stays."""

from unittest import mock

import frappe

from ec_erp.inventory.errors import StockShortage
from ec_erp.orders.doctype.sales_order.sales_order import SalesOrder
from ec_erp.orders.flows import ruling
from ec_erp.testing import TradeCase, again, make


class TestEntering(TradeCase):
    """The default warehouse has 3 of A, the other one 10."""

    def setUp(self):
        super().setUp()
        self.buy(self.a, 3, 10)
        self.buy(self.a, 10, 10, warehouse=self.other_warehouse)

    def shop(self, **fields):
        name = f"Shop {frappe.generate_hash(length=5)}"
        return make("Shop", shop_name=name, platform="own", company=self.company, default_warehouse=self.warehouse,
                    **{"choose_warehouse": 1, **fields}).name  # fmt: skip

    def why(self, order):
        found = frappe.get_all("Order Log", {"sales_order": order.name, "kind": "Transition"}, ["details"])
        return [frappe.parse_json(row.details)["Warehouse"] for row in found if "Warehouse" in (row.details or "")]

    def places(self, order):
        return {again(order).warehouse, *(row.warehouse for row in again(order).items)}

    def test_an_unpaid_order_of_a_shop_that_chooses_leaves_from_where_the_goods_are(self):
        order = self.order((self.a, 5, 20), shop=self.shop(), payment_type="Prepaid")
        assert (order.status, self.places(order)) == ("Unpaid", {self.other_warehouse})
        assert (self.stock(self.a)["reserved"], self.stock(self.a, self.other_warehouse)["reserved"]) == (0, 5)
        (why,) = self.why(order)
        assert self.other_warehouse in str(why["values"])
        assert len(why["why"]) == 2  # one has everything, one not

    def test_the_payment_keeps_what_was_chosen(self):
        order = self.order((self.a, 5, 20), shop=self.shop(), payment_type="Prepaid")
        frappe.call("ec_erp.orders.api.pay_orders", names=[order.name])
        assert (again(order).status, self.places(order)) == ("To Ship", {self.other_warehouse})
        assert self.stock(self.a, self.other_warehouse)["reserved"] == 5

    def test_a_shop_that_does_not_choose_keeps_its_default_and_the_order_waits(self):
        order = self.order((self.a, 5, 20), shop=self.shop(choose_warehouse=0))
        assert (order.status, order.stock_state, self.places(order)) == ("To Audit", "Part Reserved", {self.warehouse})
        found = frappe.call("ec_erp.orders.inbox_api.list_exceptions", filters={"code": "Shortage"}, limit=2000)["rows"]
        (row,) = [row for row in found if row["reference_name"] == order.name]
        assert (row["owner_role"], row["fix"], row["blocking"]) == ("Buyer", "reserve", False)
        self.buy(self.a, 2, 10)
        frappe.call("ec_erp.orders.inbox_api.fix_exceptions", names=[order.name], code="Shortage")
        assert (again(order).status, again(order).exceptions) == ("To Ship", None)

    def test_one_that_is_short_everywhere_waits_where_most_of_it_is(self):
        order = self.order((self.a, 12, 20), shop=self.shop(), payment_type="Prepaid")
        assert (order.status, order.exceptions, self.places(order)) == ("Unpaid", "Shortage", {self.other_warehouse})
        assert self.stock(self.a, self.other_warehouse)["reserved"] == 10

    def test_a_shop_may_want_short_orders_refused(self):
        for choose in (0, 1):
            shop = self.shop(choose_warehouse=choose, refuse_short=1)
            with self.subTest(choose=choose), self.refused(StockShortage, "12 needed"):
                self.order((self.a, 12, 20), shop=shop)
        assert self.stock(self.a)["reserved"] == 0

    def test_orders_without_a_shop_are_taken_where_the_settings_say_so(self):
        self.addCleanup(ruling.forget_settings)
        frappe.db.set_single_value("Order Settings", "take_short", 1)
        ruling.forget_settings()
        assert self.places(self.order((self.a, 5, 20))) == {self.other_warehouse}
        order = self.order((self.a, 11, 20))
        assert (order.status, order.exceptions, self.places(order)) == ("To Audit", "Shortage", {self.warehouse})
        assert self.stock(self.a)["reserved"] == 3
        assert not [row for row in frappe.get_message_log() if "Not enough" in str(row)]

    def test_without_a_shop_another_warehouse_helps_out_where_the_default_is_short(self):
        order = self.order((self.a, 5, 20))
        assert (order.status, self.places(order)) == ("To Ship", {self.other_warehouse})
        assert self.why(order)[0]["why"][0]["text"].startswith("{0}, the default warehouse, is short")
        assert not [row for row in frappe.get_message_log() if "Not enough" in str(row)]

    def test_the_default_stays_where_it_suffices(self):
        order = self.order((self.a, 3, 20))
        assert (self.places(order), self.why(order)) == ({self.warehouse}, [])

    def test_what_nobody_has_is_refused_for_the_default(self):
        with self.refused(StockShortage, self.warehouse, "11 needed, 3 available"):
            self.order((self.a, 11, 20))

    def test_a_named_warehouse_stays(self):
        rows = [{"sku": self.a, "qty": 5, "warehouse": self.warehouse}]
        shop = self.shop(refuse_short=1)
        for fields in ({"warehouse": self.warehouse}, {"warehouse": self.warehouse, "shop": shop}, {"items": rows}):
            with self.subTest(**fields), self.refused(StockShortage, self.warehouse, "5 needed, 3 available"):
                draft = self.draft_order((self.a, 5, 20), **{key: val for key, val in fields.items() if key != "items"})
                draft.items = draft.items if "items" not in fields else []
                draft.extend("items", fields.get("items", []))
                draft.insert().submit()

    def test_what_was_filled_is_not_taken_for_named(self):
        draft = self.draft_order((self.a, 5, 20)).insert()
        draft = again(draft)
        assert (draft.warehouse, draft.warehouse_by_hand) == (self.warehouse, 0)
        draft.save()
        draft.submit()
        assert self.places(draft) == {self.other_warehouse}

    def test_an_order_that_is_completed_twice_names_nothing(self):
        def rename(doc):
            doc.items[0].qty = 5

        with mock.patch.object(SalesOrder, "autoname", rename):
            draft = self.draft_order((self.a, 1, 20)).insert()
        assert (draft.total_qty, draft.warehouse, draft.warehouse_by_hand) == (5, self.warehouse, 0)

    def test_a_warehouse_that_is_changed_in_a_draft_is_named(self):
        draft = self.draft_order((self.a, 5, 20), shop=self.shop()).insert()
        draft.warehouse = self.other_warehouse
        draft.save()
        assert draft.warehouse_by_hand == 1
        copied = frappe.call("ec_erp.orders.api.copy_order", name=draft.name)
        name = copied if isinstance(copied, str) else copied["name"]
        assert frappe.db.get_value("Sales Order", name, "warehouse_by_hand") == 1
