"""Shipments of platform orders are reported once, by parcel and item, tried again, and settled by hand."""

import frappe

from ec_erp.channels.errors import PushRefused
from ec_erp.orders import flows as orders
from ec_erp.orders.flows import ruling
from ec_erp.testing import TradeCase, again, make, new, submitted

API = "ec_erp.channels.api"


class TestShipmentPush(TradeCase):
    """A shop of its own with cups and plates in stock."""

    def setUp(self):
        super().setUp()
        self.addCleanup(ruling.forget_settings)
        ruling.forget_settings()
        self.buy(self.a, 50, 5)
        self.buy(self.b, 50, 5)
        name = f"Shop {frappe.generate_hash(length=5)}"
        fields = {"platform": "own", "company": self.company, "currency": "CNY", "default_warehouse": self.warehouse}
        self.shop = make("Shop", shop_name=name, **fields).name

    def push(self, order_id, *lines, **fields):
        """Push an order of (line id, code, quantity) lines; return the sales order."""
        rows = [
            {"id": line, "item_id": f"I-{code}", "outer_code": code, "qty": qty, "price": 10}
            for line, code, qty in lines
        ]
        buyer = {"id": "B0", "name": "Han"}
        payload = {
            "id": order_id,
            "status": "paid",
            "created": "2026-11-01 10:00:00",
            "lines": rows,
            "buyer": buyer,
            **fields,
        }
        (taken,) = frappe.call(f"{API}.push_orders", shop=self.shop, orders=[payload])
        return frappe.get_doc("Sales Order", taken["sales_orders"][0])

    def pull(self):
        return frappe.call(f"{API}.pull_shipments", shop=self.shop)

    def answer(self, *results):
        return frappe.call(f"{API}.acknowledge_shipments", shop=self.shop, results=list(results))

    def test_a_shipment_is_queued_fetched_and_confirmed(self):
        order = self.push("P1", ("1", self.a, 2))
        self.deliver(order, waybill_no="SF1")
        assert again(order).sync_state == "Queued"
        (row,) = self.pull()
        assert (row["order_id"], row["waybill"], row["partial"], row["lines"]) == (
            "P1",
            "SF1",
            False,
            [{"id": "1", "qty": 2}],
        )
        assert self.pull() == []
        assert self.answer({"id": row["id"], "ok": True}) == {row["id"]: "Done"}
        assert (again(order).sync_state, self.pull()) == ("OK", [])

    def test_orders_of_people_are_not_reported(self):
        order = self.order((self.a, 1, 10), shop=self.shop)
        self.deliver(order, waybill_no="SF1")
        assert (again(order).sync_state, self.pull()) == ("None", [])

    def test_what_leaves_in_two_parts_is_two_rows(self):
        order = self.push("P1", ("1", self.a, 3), ("2", self.b, 1))
        submitted(new("Delivery Note", sales_order=order.name, waybill_no="SF1", items=[{"sku": self.a, "qty": 2}]))
        self.deliver(again(order), waybill_no="SF2")
        found = [(row["waybill"], row["partial"], row["lines"]) for row in self.pull()]
        assert found == [
            ("SF1", True, [{"id": "1", "qty": 2}]),
            ("SF2", False, [{"id": "1", "qty": 1}, {"id": "2", "qty": 1}]),
        ]

    def test_merged_orders_in_one_parcel_are_a_row_each(self):
        buyer = {
            "buyer": {"id": "B1", "name": "Li"},
            "receiver": {"name": "Li", "phone": "1", "city": "杭州市", "address": "文三路 1 号"},
        }
        frappe.db.set_value("Shop", self.shop, "delay_minutes", 100_000)  # what joins may still come
        one, two = (self.push(name, ("1", self.a, 1), **buyer) for name in ("P1", "P2"))
        merged = orders.merge_orders([one.name, two.name])
        self.deliver(merged, waybill_no="SF9")
        assert sorted((row["order_id"], row["waybill"]) for row in self.pull()) == [("P1", "SF9"), ("P2", "SF9")]
        assert again(merged).sync_state == "Queued"

    def test_an_item_of_six_counts_when_all_have_left(self):
        make("Listing", shop=self.shop, platform_item_id="BOX", sku=self.a, multiplier=6)
        order = self.push("P6", lines=[{"id": "1", "item_id": "BOX", "qty": 2, "price": 60}])
        submitted(new("Delivery Note", sales_order=order.name, waybill_no="SF1", items=[{"sku": self.a, "qty": 7}]))
        self.deliver(again(order), waybill_no="SF2")
        assert [row["lines"] for row in self.pull()] == [[{"id": "1", "qty": 1}], [{"id": "1", "qty": 1}]]

    def test_a_refusal_is_tried_again_later_and_in_the_end_waits_for_a_person(self):
        order = self.push("P1", ("1", self.a, 1))
        self.deliver(order, waybill_no="SF1")
        (row,) = self.pull()
        assert self.answer({"id": row["id"], "ok": False, "message": "busy"}) == {row["id"]: "Queued"}
        assert self.pull() == []  # not before its time
        frappe.db.set_value("Shipment Push", row["id"], {"next_try": None, "attempts": 7})
        self.pull()
        self.answer({"id": row["id"], "ok": False, "message": "no such order"})
        assert again(order).sync_state == "Failed"
        told = frappe.call("ec_erp.orders.inbox_api.list_exceptions", filters={"source": "channel", "shop": self.shop})
        assert [(one["code"], one["note"]) for one in told["rows"]] == [("Write-Back Failed", "no such order")]

    def test_people_retry_and_settle(self):
        order = self.push("P1", ("1", self.a, 1))
        self.deliver(order, waybill_no="SF1")
        (row,) = self.pull()
        self.answer({"id": row["id"], "ok": False, "again": False, "message": "closed"})
        assert frappe.call(f"{API}.retry_shipments", names=[row["id"]]) == [row["id"]]
        assert [one["attempt"] for one in self.pull()] == [1]
        with self.refused(PushRefused, "Say why"):
            frappe.call(f"{API}.settle_shipments", names=[row["id"]], why=" ")
        frappe.call(f"{API}.settle_shipments", names=[row["id"]], why="typed into the platform")
        assert again(order).sync_state == "Manual"
        assert frappe.call(f"{API}.retry_shipments", names=[row["id"]]) == []

    def test_what_is_not_answered_is_handed_out_again(self):
        order = self.push("P1", ("1", self.a, 1))
        self.deliver(order, waybill_no="SF1")
        (row,) = self.pull()
        long_ago = frappe.utils.add_to_date(frappe.utils.now_datetime(), minutes=-11)
        frappe.db.set_value("Shipment Push", row["id"], "sent_at", long_ago)
        assert [one["attempt"] for one in self.pull()] == [2]

    def test_a_cancelled_delivery_takes_its_open_rows_along(self):
        order = self.push("P1", ("1", self.a, 1))
        note = self.deliver(order, waybill_no="SF1")
        again(note).cancel()
        assert (self.pull(), again(order).sync_state) == ([], "None")
        self.deliver(again(order), waybill_no="SF2")
        (row,) = self.pull()
        assert (row["waybill"], row["lines"]) == ("SF2", [{"id": "1", "qty": 1}])

    def test_what_was_reported_and_then_cancelled_waits_for_a_person(self):
        order = self.push("P1", ("1", self.a, 1))
        note = self.deliver(order, waybill_no="SF1")
        (row,) = self.pull()
        self.answer({"id": row["id"], "ok": True})
        again(note).cancel()
        filters = {"code": "Write-Back Failed", "shop": self.shop}
        assert frappe._("Write-Back Failed", "zh") == "发货回传失败"
        list_exceptions = "ec_erp.orders.inbox_api.list_exceptions"
        assert len(frappe.call(list_exceptions, filters=filters)["rows"]) == 1
        frappe.call(f"{API}.clear_withdrawn", names=[row["id"]])
        assert frappe.call(list_exceptions, filters=filters)["rows"] == []

    def test_rows_of_other_shops_are_refused(self):
        order = self.push("P1", ("1", self.a, 1))
        self.deliver(order, waybill_no="SF1")
        (row,) = self.pull()
        fields = {"platform": "own", "company": self.company, "currency": "CNY"}
        other = make("Shop", shop_name=f"Other {self.shop}", **fields).name
        with self.refused(PushRefused, "no row of the shop"):
            frappe.call(f"{API}.acknowledge_shipments", shop=other, results=[{"id": row["id"], "ok": True}])

    def test_many_shipments_cost_no_more_statements_than_one(self):
        made = [self.push(f"P{at}", ("1", self.a, 1)) for at in range(5)]
        for at, order in enumerate(made):
            self.deliver(order, waybill_no=f"SF{at}")
        names = [order.name for order in made]
        frappe.db.delete("Shipment Push", {"shop": self.shop})
        from ec_erp.channels.flows.writing_back import report_shipments

        with self.at_most(18):
            report_shipments(names)
        assert len(self.pull()) == 5
