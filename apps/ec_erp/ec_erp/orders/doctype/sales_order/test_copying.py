"""Orders made of orders: copies, cancelled ones that come back, sales that turn into goods sent again."""

import frappe

from ec_erp.orders import flows
from ec_erp.orders.errors import DuplicateOrder, OrderNotReady
from ec_erp.orders.flows import ruling
from ec_erp.testing import TradeCase, again, make

API = "ec_erp.orders.api"


class TestCopying(TradeCase):
    """Orders of cups, of which there are ten."""

    def setUp(self):
        super().setUp()
        self.addCleanup(ruling.forget_settings)
        self.buy(self.a, 10, 5)
        name = f"Shop {frappe.generate_hash(length=5)}"
        values = {"platform": "own", "company": self.company, "currency": "CNY", "default_customer": self.customer}
        self.shop = make("Shop", shop_name=name, default_warehouse=self.warehouse, **values).name

    def notes(self, order, code):
        return frappe.get_all("Order Log", {"sales_order": order, "code": code}, pluck="note")

    def test_a_copy_is_a_draft_with_the_same_goods_and_prices(self):
        order = self.order((self.a, 2, 19.5), shipping_fee=5, receiver_city="Hangzhou", paid_datetime="2026-11-01 10:00:00",
                           shop=self.shop, platform_order_id="P1")  # fmt: skip
        name = frappe.call(f"{API}.copy_order", name=order.name, note="wants the same again")
        copy = frappe.get_doc("Sales Order", name)
        assert (copy.docstatus, copy.status, copy.origin, copy.grand_total) == (0, "Draft", "Copy", 44)
        assert (copy.platform_order_id, copy.paid_datetime, copy.receiver_city) == (None, None, "Hangzhou")
        assert self.notes(order.name, "Copy") == [f"→ {name}: wants the same again"]
        assert copy.submit().status == "Unpaid", "it was prepaid, so the copy waits for its own payment"

    def test_gifts_of_rules_are_not_copied(self):
        frappe.db.delete("Gift Rule")
        make("Gift Rule", rule_name=f"Gift {self.a}", items=[{"sku": self.a, "qty": 1}])
        frappe.call("ec_erp.orders.rules_api.publish_rules")
        order = self.order((self.a, 2, 20))
        assert len(again(order).items) == 2
        assert [row.qty for row in flows.copy_order(order.name).items] == [2]

    def test_a_cancelled_order_comes_back_once_with_payment_and_platform_id(self):
        order = self.order((self.a, 2, 20), shop=self.shop, platform_order_id="P1", paid_datetime="2026-11-01 10:00:00")
        with self.refused(OrderNotReady, "only a cancelled one"):
            frappe.call(f"{API}.restore_order", name=order.name, note="mistake")
        order.cancel()
        ((name, status),) = frappe.call(f"{API}.restore_order", name=order.name, note="mistake").items()
        back = frappe.get_doc("Sales Order", name)
        assert (status, back.payment_state, back.platform_order_id, back.origin) == ("To Ship", "Paid", "P1", "Restore")
        assert (back.grand_total, self.stock(self.a)["reserved"]) == (order.grand_total, 2)
        assert self.notes(name, "Restore") == [f"← {order.name}: mistake"]
        with self.refused(OrderNotReady, "has come back already"):
            frappe.call(f"{API}.restore_order", name=order.name, note="again")
        back.cancel()
        with self.refused(OrderNotReady, f"come back already as {name}"):
            frappe.call(f"{API}.restore_order", name=order.name, note="again")
        assert list(frappe.call(f"{API}.restore_order", name=name, note="again").values()) == ["To Ship"]

    def test_an_order_does_not_come_back_beside_another_of_the_platforms_order(self):
        order = self.order((self.a, 2, 20), shop=self.shop, platform_order_id="P1")
        order.cancel()
        self.order((self.a, 1, 20), shop=self.shop, platform_order_id="P1")
        with self.refused(DuplicateOrder, "P1"):
            frappe.call(f"{API}.restore_order", name=order.name, note="mistake")

    def test_a_merged_order_that_was_undone_does_not_come_back(self):
        order = self.order((self.a, 2, 20))
        flows.recall_orders([order.name])
        part = flows.split_order(order.name, {order.items[0].name: 1})[0]
        if again(part).status == "To Ship":
            flows.recall_orders(
                [row for row in frappe.get_all("Sales Order", {"split_from": order.name}, pluck="name")]
            )
        flows.undo_split(order.name)
        with self.refused(OrderNotReady, "made of other orders"):
            frappe.call(f"{API}.restore_order", name=part.name, note="mistake")

    def test_a_sale_turns_into_goods_sent_again_and_back(self):
        shipped = self.order((self.a, 1, 20))
        self.deliver(shipped)
        order = self.order((self.a, 2, 20), shipping_fee=5)
        values = {"name": order.name, "note": "was broken"}
        with self.refused(OrderNotReady, "recall it from the warehouse first"):
            frappe.call(f"{API}.convert_order", order_type="Replacement", original=shipped.name, **values)
        flows.recall_orders([order.name])
        with self.refused(OrderNotReady, "Name an order of"):
            frappe.call(f"{API}.convert_order", order_type="Replacement", **values)
        frappe.call(f"{API}.convert_order", order_type="Replacement", original=shipped.name, **values)
        turned = again(order)
        assert (turned.order_type, turned.resend_of, turned.grand_total, turned.total_tax) == (
            "Replacement",
            shipped.name,
            0,
            0,
        )
        assert turned.status == "To Ship"
        flows.recall_orders([order.name])
        frappe.call(f"{API}.convert_order", order_type="Sale", **values)
        assert (again(order).grand_total, again(order).resend_of, again(order).status) == (40, None, "To Ship")

    def test_a_paid_order_stays_a_sale(self):
        shipped = self.order((self.a, 1, 20))
        self.deliver(shipped)
        order = self.order((self.a, 2, 20), paid_datetime="2026-11-01 10:00:00")
        flows.recall_orders([order.name])
        with self.refused(OrderNotReady, "stays a sale"):
            flows.convert_order(order.name, "Resend", "x", original=shipped.name)
