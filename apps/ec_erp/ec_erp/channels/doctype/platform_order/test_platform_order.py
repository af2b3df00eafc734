"""Orders and refunds that a shop pushes: taken once, followed when they change, refused in words."""

import frappe

from ec_erp.channels.errors import PushRefused
from ec_erp.orders import flows as orders
from ec_erp.orders.flows import ruling
from ec_erp.testing import TradeCase, again, make

API = "ec_erp.channels.api"
RECEIVER = {
    "name": "Li Lei", "phone": "13800000001", "province": "浙江省", "city": "杭州市", "district": "西湖区",
    "address": "文三路 1 号 2 室",
}  # fmt: skip


class TestPush(TradeCase):
    """A shop of its own whose items are cups and plates."""

    def setUp(self):
        super().setUp()
        self.addCleanup(ruling.forget_settings)
        ruling.forget_settings()
        self.buy(self.a, 10, 5)
        name = f"Shop {frappe.generate_hash(length=5)}"
        self.shop = make(
            "Shop",
            shop_name=name,
            platform="own",
            company=self.company,
            currency="CNY",
            default_warehouse=self.warehouse,
        ).name

    def pushed(self, order_id="P1", *, minute=0, **fields):
        line = {
            "id": "1",
            "item_id": "I1",
            "outer_code": self.a,
            "title": "Cup",
            "qty": 2,
            "price": "20.00",
            "discount": 1,
        }
        return {
            "id": order_id, "status": "paid", "created": "2026-11-01 10:00:00", "modified": f"2026-11-01 10:{minute:02}:00",
            "buyer": {"id": "B1", "name": "Li Lei"}, "receiver": RECEIVER, "lines": [line], "shipping_fee": 5, "total": "44.00",
            **fields,
        }  # fmt: skip

    def push(self, *payloads):
        return frappe.call(f"{API}.push_orders", shop=self.shop, orders=list(payloads))

    def order(self, *lines, **fields):
        (taken,) = self.push(self.pushed(**fields))
        return frappe.get_doc("Sales Order", taken["sales_orders"][0])

    def test_an_order_is_taken_once(self):
        first, second = self.push(self.pushed()), self.push(self.pushed())
        assert ([one["state"] for one in (*first, *second)], first[0]["sales_orders"]) == (
            ["created", "unchanged"], second[0]["sales_orders"],
        )  # fmt: skip
        order = frappe.get_doc("Sales Order", first[0]["sales_orders"][0])
        assert (order.status, order.grand_total, order.items[0].sku, order.payment_state) == (
            "To Ship",
            44,
            self.a,
            "Paid",
        )

    def test_many_orders_and_bad_ones_among_them(self):
        bad = self.pushed("P2", lines=[{"id": "1", "item_id": "X", "qty": "many", "price": 1}])
        found = self.push(self.pushed("P1"), bad, "nonsense", self.pushed("P3"))
        assert [one["state"] for one in found] == ["created", "failed", "failed", "created"]
        assert "lines[0].qty must be a number" in found[1]["message"]

    def test_what_cannot_be_taken_over_is_kept_and_tried_again(self):
        frappe.db.set_value("SKU", self.a, "disabled", 1)
        frappe.clear_document_cache("SKU", self.a)
        make("Listing", shop=self.shop, platform_item_id="I1", outer_code=self.a, sku=self.b)
        frappe.db.set_value("SKU", self.b, "disabled", 1)
        assert self.push(self.pushed())[0]["state"] == "failed"
        rows = frappe.call("ec_erp.orders.inbox_api.list_exceptions", filters={"source": "channel", "shop": self.shop})[
            "rows"
        ]
        assert [row["title"] for row in rows] == ["P1"]
        frappe.db.set_value("SKU", self.b, "disabled", 0)
        assert self.push(self.pushed())[0]["state"] == "created"

    def test_the_same_order_twice_in_one_push_is_one_order(self):
        found = self.push(self.pushed(), self.pushed())
        assert [one["state"] for one in found] == ["created", "unchanged"]
        assert frappe.db.count("Sales Order", {"shop": self.shop}) == 1

    def test_buyers_are_masked_and_revealed_on_record(self):
        order = self.order()
        assert (order.receiver_name, order.receiver_phone, order.receiver_address) == (
            "L**",
            "138****0001",
            "文三路 ***",
        )
        plain = frappe.call(f"{API}.reveal_receiver", order=order.name, why="label")
        assert plain["phone"] == "13800000001"
        assert frappe.db.exists("Order Log", {"sales_order": order.name, "code": "Receiver Read", "note": "label"})
        stored = frappe.as_json(again(order).as_dict())
        assert "13800000001" not in stored

    def test_buyers_of_two_shops_may_bear_one_name_and_id(self):
        first, there = self.order(), self.shop
        fields = {"platform": "own", "company": self.company, "currency": "CNY", "default_warehouse": self.warehouse}
        self.shop = make("Shop", shop_name=f"{there} II", **fields).name
        second, third = self.order(), self.order(order_id="P2")
        assert first.customer != second.customer == third.customer
        buyers = frappe.get_all(
            "Customer", filters={"buyer_id": "B1", "shop": ("in", [there, self.shop])}, pluck="shop"
        )
        assert sorted(buyers) == sorted([there, self.shop])

    def test_an_unknown_item_waits_for_its_sku(self):
        line = {"id": "1", "item_id": "I9", "title": "Mystery", "qty": 2, "price": 20}
        order = self.order(lines=[line], total=45)
        assert (order.status, order.exceptions) == ("To Process", "Unmapped Item")
        listing = frappe.get_doc("Listing", {"shop": self.shop, "platform_item_id": "I9"})
        assert listing.match_state == "Unmatched"
        listing.update({"sku": self.a, "multiplier": 2})
        listing.save()
        order = again(order)
        assert (order.status, order.items[0].qty, order.items[0].rate, order.grand_total) == ("To Ship", 4, 10, 45)
        assert self.stock(self.a)["reserved"] == 4

    def test_amounts_that_differ_stop_an_order(self):
        order = self.order(total=99)
        assert (order.status, order.exceptions) == ("To Process", "Amount Mismatch")

    def test_short_orders_are_taken_all_the_same(self):
        line = {"id": "1", "item_id": "I1", "outer_code": self.a, "qty": 99, "price": 1}
        order = self.order(lines=[line], total=104)
        assert (order.status, order.stock_state, order.exceptions) == ("To Audit", "Part Reserved", "Shortage")

    def test_a_payment_lets_an_order_go_on(self):
        order = self.order(status="unpaid")
        assert order.status == "Unpaid"
        assert self.push(self.pushed(minute=5))[0]["state"] == "updated"
        assert (again(order).status, again(order).payment_state) == ("To Ship", "Paid")
        kept = frappe.get_doc("Platform Order", {"shop": self.shop})
        assert (kept.platform_status, [row.platform_status for row in kept.versions]) == ("paid", ["unpaid"])

    def test_an_older_push_changes_nothing(self):
        self.push(self.pushed(minute=5))
        assert self.push(self.pushed(minute=1, status="cancelled"))[0]["state"] == "unchanged"

    def test_a_cancelled_order_ends_or_stops(self):
        waiting, released = self.order(order_id="P1", status="unpaid"), self.order(order_id="P2")
        self.push(self.pushed("P1", minute=5, status="cancelled"), self.pushed("P2", minute=5, status="cancelled"))
        assert (again(waiting).status, again(released).status) == ("Cancelled", "To Ship")
        assert again(released).exceptions == "Platform Cancelled"

    def test_a_new_address_is_taken_over_or_stops_the_parcel(self):
        waiting, released = self.order(order_id="P1", status="unpaid"), self.order(order_id="P2")
        moved = {**RECEIVER, "city": "宁波市"}
        self.push(
            self.pushed("P1", minute=5, status="unpaid", receiver=moved), self.pushed("P2", minute=5, receiver=moved)
        )
        assert (again(waiting).receiver_city, again(released).receiver_city) == ("宁波市", "杭州市")
        assert again(released).exceptions == "Address Changed"

    def test_refunds_stop_reduce_and_cancel(self):
        order = self.order()
        refund = {"id": "R1", "order_id": "P1", "status": "Applied", "modified": "2026-11-01 11:00:00", "amount": 20}
        assert self.refund(refund)["state"] == "created"
        assert again(order).exceptions == "Refund Applied"
        assert self.refund(refund)["state"] == "unchanged"
        self.refund({**refund, "status": "Withdrawn", "modified": "2026-11-01 11:05:00"})
        assert (again(order).exceptions, again(order).status) == (None, "To Ship")
        orders.recall_orders([order.name])
        self.refund({"id": "R2", "order_id": "P1", "status": "Agreed", "amount": 20, "lines": [{"id": "1", "qty": 1}]})
        assert (again(order).items[0].qty, again(order).status, self.stock(self.a)["reserved"]) == (1, "To Ship", 1)
        orders.recall_orders([order.name])
        self.refund({"id": "R3", "order_id": "P1", "status": "Agreed", "amount": 24})
        assert (again(order).status, self.stock(self.a)["reserved"]) == ("Cancelled", 0)

    def test_a_refund_that_was_applied_for_is_agreed(self):
        order = self.order()
        orders.recall_orders([order.name])
        refund = {"id": "R1", "order_id": "P1", "modified": "2026-11-01 11:00:00", "lines": [{"id": "1", "qty": 1}]}
        self.refund({**refund, "status": "Applied"})
        assert self.refund({**refund, "status": "Agreed", "modified": "2026-11-01 11:05:00"})["state"] == "updated"
        assert (again(order).items[0].qty, again(order).status, again(order).exceptions) == (1, "To Ship", None)

    def test_a_refund_of_an_order_with_the_warehouse_waits_for_a_person_who_takes_it_out(self):
        order = self.order()
        self.deliver(order, items=[{"sku": self.a, "qty": 1}])
        self.refund({"id": "R1", "order_id": "P1", "status": "Agreed", "lines": [{"id": "1", "qty": 1}]})
        assert (again(order).status, again(order).exceptions) == ("To Ship", "Refund Agreed")
        frappe.call("ec_erp.orders.inbox_api.fix_exceptions", names=[order.name], code="Refund Agreed")
        assert (again(order).status, again(order).items[0].refunded_qty) == ("Shipped", 1)

    def combo(self):
        self.buy(self.b, 20, 3)
        parts = [{"sku": self.a, "qty": 1}, {"sku": self.b, "qty": 3}]
        return make("SKU", sku_code=f"SET-{self.a}", is_combo=1, components=parts).name

    def test_an_unknown_item_may_turn_out_to_be_a_combo(self):
        line = {"id": "1", "item_id": "I9", "title": "Set", "qty": 2, "price": "19.99"}
        order = self.order(lines=[line], total="44.98")
        listing = frappe.get_doc("Listing", {"shop": self.shop, "platform_item_id": "I9"})
        listing.update({"sku": self.combo()})
        listing.save()
        order = again(order)
        assert [(row.sku, row.qty, row.platform_line_id) for row in order.items] == [(self.a, 2, "1"), (self.b, 6, "1")]
        assert (order.status, order.grand_total, order.total_qty) == ("To Ship", 44.98, 8)
        assert {row.combo_sku for row in order.items} == {listing.sku}

    def test_a_refund_of_an_item_takes_out_all_its_units(self):
        combo = self.combo()
        make("Listing", shop=self.shop, platform_item_id="I9", sku=combo)
        make("Listing", shop=self.shop, platform_item_id="I8", sku=self.a, multiplier=2)
        lines = [
            {"id": "1", "item_id": "I9", "title": "Set", "qty": 2, "price": 20},
            {"id": "2", "item_id": "I8", "title": "Pair", "qty": 2, "price": 20},
        ]
        order = self.order(lines=lines, total=85)
        orders.recall_orders([order.name])
        refunded = [{"id": "1", "qty": 1}, {"id": "2", "qty": 1}]
        self.refund({"id": "R1", "order_id": "P1", "status": "Agreed", "lines": refunded})
        assert [(row.sku, row.qty) for row in again(order).items] == [(self.a, 1), (self.b, 3), (self.a, 2)]

    def refund(self, payload):
        (taken,) = frappe.call(f"{API}.push_refunds", shop=self.shop, refunds=[payload])
        return taken

    def test_merged_orders_are_taken_apart_when_one_is_cancelled(self):
        frappe.db.set_value("Shop", self.shop, {"auto_merge": 1, "delay_minutes": 60})
        now = frappe.utils.now_datetime().replace(microsecond=0)
        pair = [self.pushed(number, created=str(now), paid=str(now), modified=str(now)) for number in ("P1", "P2")]
        names = [one["sales_orders"][0] for one in self.push(*pair)]
        merged = orders.merge_orders(names)
        orders.recall_orders([merged.name])
        later = str(now + frappe.utils.datetime.timedelta(minutes=5))
        self.push(self.pushed("P1", created=str(now), paid=str(now), modified=later, status="cancelled"))
        assert [frappe.db.get_value("Sales Order", name, "status") for name in (*names, merged.name)] == [
            "Cancelled", "To Process", "Cancelled",
        ]  # fmt: skip

    def test_a_foreign_shop_and_too_much_at_once_are_refused(self):
        with self.refused(PushRefused, "does not exist"):
            frappe.call(f"{API}.push_orders", shop="No Such Shop", orders=[])
        with self.refused(PushRefused, "No more than 500"):
            self.push(*([{}] * 501))

    def test_a_hundred_orders_cost_few_statements(self):
        self.buy(self.a, 1000, 5)
        payloads = [self.pushed(f"P{number}", buyer={"id": f"B{number}", "name": "Li"}) for number in range(100)]
        self.push(self.pushed("P-first"))
        with self.at_most(100):
            found = self.push(*payloads)
        assert {one["state"] for one in found} == {"created"}

    def test_a_new_address_is_taken_over_after_release(self):
        order = self.order()
        moved = {**RECEIVER, "city": "宁波市", "district": "鄞州区", "address": "首南街道 8 号"}
        self.push(self.pushed(minute=5, receiver=moved))
        order = again(order)
        assert (order.status, order.exceptions, order.receiver_city) == ("To Ship", "Address Changed", "杭州市")
        assert "宁波市" in order.blocks[0].note
        assert "8 号" not in order.blocks[0].note
        fix = {"method": "ec_erp.orders.inbox_api.fix_exceptions", "names": [order.name], "code": "Address Changed"}
        (seen,) = frappe.call(fix.pop("method"), **fix, preview=True)
        assert (seen["done"], again(order).receiver_city) == (True, "杭州市")
        frappe.call("ec_erp.orders.inbox_api.fix_exceptions", **fix)
        order = again(order)
        assert (order.status, order.exceptions, order.receiver_city) == ("To Ship", None, "宁波市")
        plain = frappe.call(f"{API}.reveal_receiver", order=order.name, why="label")
        assert plain["address"] == "首南街道 8 号"

    def test_a_new_remark_stands_on_what_it_stops(self):
        order = self.order()
        self.push(self.pushed(minute=5, seller_remark="fragile"))
        order = again(order)
        assert (order.exceptions, order.seller_remark, order.blocks[0].note) == ("Remark Changed", "fragile", "fragile")

    def test_listings_follow_their_sku(self):
        order = self.order()
        sku, listing = frappe.get_doc("SKU", self.a), frappe.get_doc("Listing", {"shop": self.shop})
        assert (listing.match_state, listing.match_mode, order.status) == ("Matched", "Seller's Code", "To Ship")
        sku.db_set("disabled", 1)  # as an import of masters does: by hand an open order stands in the way
        assert again(listing).match_state == "Invalid"
        late = self.order(order_id="P2")
        assert (late.exceptions, late.items[0].sku) == ("Unmapped Item", None)
        again(sku).update({"disabled": 0}).save()
        assert (again(listing).match_state, again(late).status, again(late).items[0].sku) == (
            "Matched",
            "To Ship",
            self.a,
        )

    def test_a_listing_finds_its_sku_by_the_sellers_code_until_somebody_says_another(self):
        sku = frappe.get_doc("SKU", self.b)
        sku.append("barcodes", {"barcode": f"69{self.b}"})
        sku.save()
        listing = make("Listing", shop=self.shop, platform_item_id="I1", outer_code=f"69{self.b}")
        assert (listing.sku, listing.match_mode) == (self.b, "Seller's Code")
        self.push(self.pushed())
        assert (again(listing).sku, again(listing).outer_code) == (self.a, self.a), (
            "the code has changed on the platform"
        )
        listing = again(listing)
        listing.sku = self.b
        assert listing.save().match_mode == "Hand"
        line = {"id": "1", "item_id": "I1", "outer_code": "other", "title": "Cup", "qty": 1, "price": 20}
        self.push(self.pushed("P2", lines=[line], total=None))
        assert (again(listing).sku, again(listing).outer_code) == (self.b, "other")
