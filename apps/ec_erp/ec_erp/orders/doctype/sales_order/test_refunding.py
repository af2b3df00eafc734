"""Goods that the buyer gets money for before they leave: taken out of the order, out of the promise, out of the warehouse."""

import frappe

from ec_erp.orders import flows
from ec_erp.orders.errors import OrderNotReady
from ec_erp.orders.flows import ruling
from ec_erp.setup.patches import refunded_amounts
from ec_erp.testing import TradeCase, again

API = "ec_erp.orders.api"
INBOX = "ec_erp.orders.inbox_api"


class TestRefunding(TradeCase):
    """Orders of cups and plates, of which there are ten each."""

    def setUp(self):
        super().setUp()
        self.addCleanup(ruling.forget_settings)
        self.buy(self.a, 10, 5)
        self.buy(self.b, 10, 3)

    def refund(self, order, *quantities, note="buyer"):
        lines = {row.name: qty for row, qty in zip(order.items, quantities, strict=False)}
        return frappe.call(f"{API}.refund_lines", name=order.name, lines=lines, note=note)[order.name]

    def test_lines_of_an_order_with_the_warehouse_shrink(self):
        order = self.order((self.a, 3, 20), (self.b, 2, 10))
        assert self.refund(order, 1, 2) == "To Ship"
        order = again(order)
        assert ([(row.sku, row.qty) for row in order.items], order.grand_total) == ([(self.a, 2)], 40)
        assert (self.stock(self.a)["reserved"], self.stock(self.b)["reserved"]) == (2, 0)

    def test_what_has_left_stays_and_the_rest_is_closed(self):
        order = self.order((self.a, 3, 20), (self.b, 2, 10))
        self.deliver(order, items=[{"sku": self.a, "qty": 2}])
        assert self.refund(order, 1, 1) == "To Ship"
        order = again(order)
        assert [(row.qty, row.delivered_qty, row.refunded_qty) for row in order.items] == [(3, 2, 1), (2, 0, 1)]
        assert (self.stock(self.a)["reserved"], self.stock(self.b)["reserved"]) == (0, 1)
        assert (order.delivered_percent, order.items[0].stock_state) == (66.67, "Delivered")
        self.deliver(order)
        order = again(order)
        assert (order.status, order.delivered_percent, order.books_state) == ("Shipped", 100, "Posted")
        notes = frappe.get_all("Delivery Note", {"sales_order": order.name, "docstatus": 1}, pluck="grand_total")
        assert sum(notes) == 50, "what is refunded is not billed"
        assert order.grand_total - order.refunded_amount == 50

    def test_the_head_says_what_the_buyer_gets_back_to_the_cent(self):
        order = self.order((self.a, 3, 20), discount_amount=1, customer=self.on_account())
        self.deliver(order, items=[{"sku": self.a, "qty": 1}])
        self.refund(order, 1)
        order = again(order)
        assert (order.grand_total, order.refunded_amount, order.delivered_percent) == (59, 19.67, 50)
        credit = frappe.call(f"{API}.explain_credit", customer=order.customer, company=order.company)
        assert (credit["owed"], credit["ordered"]) == (19.67, 19.665)
        self.deliver(order)
        notes = frappe.get_all("Delivery Note", {"sales_order": order.name, "docstatus": 1}, pluck="grand_total")
        assert sum(notes) == 39.33

    def on_account(self):
        return self.customer

    def test_older_orders_get_their_refunded_amount(self):
        order = self.order((self.a, 3, 20))
        self.deliver(order, items=[{"sku": self.a, "qty": 1}])
        self.refund(order, 1)
        frappe.db.set_value("Sales Order", order.name, "refunded_amount", 0)
        refunded_amounts.execute()
        assert again(order).refunded_amount == 20

    def test_an_order_whose_rest_is_refunded_is_shipped_and_keeps_its_history(self):
        order = self.order((self.a, 3, 20))
        self.deliver(order, items=[{"sku": self.a, "qty": 2}])
        assert self.refund(order, 1, note="sold out") == "Shipped"
        order = again(order)
        assert (order.stock_state, order.delivered_percent, self.stock(self.a)["reserved"]) == ("Delivered", 100, 0)
        entry = frappe.get_last_doc("Order Log", {"sales_order": order.name, "kind": "Edit", "code": "Refund"})
        assert (entry.note, frappe.parse_json(entry.details)) == ("sold out", {order.items[0].name: "1"})

    def test_a_delivery_that_is_taken_back_does_not_bring_back_what_was_refunded(self):
        order = self.order((self.a, 3, 20))
        note = self.deliver(order, items=[{"sku": self.a, "qty": 2}])
        self.refund(order, 1)
        note.cancel()
        assert again(order).status == "To Ship"
        assert self.deliver(order).items[0].qty == 2

    def test_refunding_everything_cancels(self):
        order = self.order((self.a, 3, 20))
        assert self.refund(order, 3) == "Cancelled"
        assert self.stock(self.a)["reserved"] == 0

    def test_a_replay_agrees_with_refunds_and_goods_sent_again(self):
        order = self.order((self.a, 4, 20), (self.b, 2, 10))
        self.deliver(order, items=[{"sku": self.a, "qty": 2}])
        self.refund(order, 1, 2)
        closed = self.order((self.a, 3, 20))
        self.deliver(closed, items=[{"sku": self.a, "qty": 2}])
        self.refund(closed, 1)
        resent = flows.resend_order(closed.name, {}, "lost")
        notes = [self.deliver(resent).name, *frappe.get_all("Delivery Note", {"sales_order": order.name}, pluck="name")]
        names = [order.name, closed.name, resent.name, *notes]
        replay = frappe.get_attr("ec_erp.replay.flows.replay")
        assert [str(found) for found in replay() if any(name in found.where for name in names)] == []

    def test_no_more_than_is_still_to_leave(self):
        order = self.order((self.a, 3, 20))
        for qty, words in ((4, "only 3 are still to leave"), (0.5, "whole units"), (0, "Nothing is to be refunded")):
            with self.subTest(qty=qty), self.refused(OrderNotReady, words):
                self.refund(order, qty)
        self.deliver(order)
        with self.refused(OrderNotReady, "cannot be done now"):
            self.refund(again(order), 1)

    def test_the_inbox_takes_out_what_a_refund_names(self):
        order = self.order((self.a, 3, 20))
        line = order.items[0].name
        flows.block_orders({order.name: "R1"}, "Refund Agreed", "platform", {order.name: {line: "1"}})
        flows.block_orders({order.name: "R2"}, "Refund Agreed", "platform", {order.name: {line: "2"}})
        frappe.call(f"{INBOX}.fix_exceptions", names=[order.name], code="Refund Agreed")
        assert (again(order).items[0].qty, again(order).status, again(order).exceptions) == (1, "To Ship", None)

    def test_a_refund_that_names_nothing_asks_for_a_person(self):
        order = self.order((self.a, 3, 20))
        flows.block_orders({order.name: "R1"}, "Refund Agreed", "platform")
        (row,) = frappe.call(f"{INBOX}.fix_exceptions", names=[order.name], code="Refund Agreed")
        assert (row["done"], "choose them on the order" in row["message"]) == (False, True)


class TestTold(TradeCase):
    """What is kept about an order is told to everybody in their language."""

    def setUp(self):
        super().setUp()
        self.addCleanup(ruling.forget_settings)

    def test_reasons_are_told_in_the_readers_language(self):
        order = self.draft_order((self.a, 3, 20), origin="Channel").insert().submit()
        frappe.local.lang = "zh"
        told = frappe.call(f"{API}.explain_order", name=order.name)
        assert [row["note"] for row in told["exceptions"]] == [frappe._("Stock is short for some lines")]
        assert again(order).blocks[0].note == "Stock is short for some lines"
        rows = frappe.call(f"{INBOX}.list_exceptions", filters={"code": "Shortage"}, limit=2000)["rows"]
        (row,) = [row for row in rows if row["reference_name"] == order.name]
        assert row["note"] == frappe._("Stock is short for some lines") != "Stock is short for some lines"

    def test_what_somebody_wrote_stays_as_it_is(self):
        self.buy(self.a, 3, 5)
        order = self.order((self.a, 3, 20))
        flows.block_orders({order.name: "Paid"}, "Manual", "hand")
        frappe.local.lang = "zh"
        assert frappe.call(f"{API}.explain_order", name=order.name)["exceptions"][0]["note"] == "Paid"

    def test_origins_of_prices_are_told_in_the_readers_language(self):
        order = self.draft_order((self.a, 1, None)).insert()
        assert order.items[0].price_origin == "Retail price"
        frappe.local.lang = "zh"
        shown = frappe.get_doc("Sales Order", order.name)
        shown.onload()
        assert shown.items[0].price_origin == frappe._("Retail price") != "Retail price"
