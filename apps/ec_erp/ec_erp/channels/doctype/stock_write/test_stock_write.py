"""Shops are told of stock by what their platforms can do; strict ones show only what is kept for them."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest.mock import patch

import frappe

from ec_erp.channels import tasks
from ec_erp.channels.errors import PushRefused
from ec_erp.inventory.errors import QuotaRefused
from ec_erp.inventory.flows import checking
from ec_erp.kernel.signing import is_signed
from ec_erp.testing import TradeCase, make, new, submitted

API = "ec_erp.channels.api"


class Platform:
    """A platform behind HTTP: one listing per item, a primitive, a memory of keys, and moods: what happens to the next messages."""

    def __init__(self, kind, *, repeatable=False, clamps=False):
        self.kind, self.repeatable, self.clamps = kind, repeatable, clamps
        self.shows, self.keys, self.moods, self.heard = {}, set(), [], []

    def take(self, write):
        """Do what a message says; return (HTTP status, answer)."""
        self.heard.append(write)
        if self.repeatable and write["write"] in self.keys:
            return 200, {"ok": True}
        shown = self.shows.get(write["item_id"], 0)
        if write["kind"] == "Read":
            return 200, {"ok": True, "qty": shown}
        assert write["kind"] == self.kind
        if self.kind == "Compare and Set" and shown != write["expected"]:
            return 409, {"qty": shown, "message": f"shows {shown}"}
        after = shown + write["change"] if self.kind == "Delta" else write["qty"]
        if after < 0 and not self.clamps:
            return 400, {"message": "below zero"}
        self.shows[write["item_id"]] = max(0, after)
        self.keys.add(write["write"])
        return 200, {"ok": True}

    def answer(self, write):
        """Return what comes back: moods are lost (not done), unheard (done, no answer), busy."""
        mood = self.moods.pop(0) if self.moods else "well"
        if mood == "busy":
            return 503, {"message": "busy"}
        if mood == "lost":
            return None
        found = self.take(write)
        return None if mood == "unheard" else found


class Handler(BaseHTTPRequestHandler):
    """Speaks for the platform of its server."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        key, moment = self.headers["X-Ec-Message-Id"], self.headers["X-Ec-Timestamp"]
        assert is_signed("s3cret", moment, key, body, self.headers["X-Ec-Signature"])
        found = self.server.platform.answer(json.loads(body))
        if found is None:
            self.connection.close()
            return
        text = json.dumps(found[1]).encode()
        self.send_response(found[0])
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args):
        """Say nothing."""


@contextmanager
def served(platform):
    """Serve a platform on a free port; give its address."""
    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.platform = platform
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class StockWriteCase(TradeCase):
    """A company with 100 cups, and shops on platforms of any kind."""

    def setUp(self):
        super().setUp()
        self.buy(self.a, 100, 5)
        self.orders = 0

    def platform(self, kind, **fields):
        code = f"p{frappe.generate_hash(length=6)}"
        return make("Platform", platform_code=code, platform_name=code, stock_primitive=kind, **fields).name

    def shop(self, platform, item="I1", *, strict=True, sku=None, url=None):
        name = f"Shop {frappe.generate_hash(length=5)}"
        fields = {"platform": platform, "company": self.company, "currency": "CNY", "default_warehouse": self.warehouse}
        fields["default_customer"] = self.customer
        sent = {"stock_writer": "Signed HTTP", "stock_url": url, "app_secret": "s3cret"} if url else {}
        shop = make("Shop", shop_name=name, **fields, **sent).name
        if strict:
            make("Stock Policy", policy_name=f"P {shop}", shop=shop, mode="Strict")
        make("Listing", shop=shop, title="Cup", platform_item_id=item, sku=sku or self.a)
        return shop

    def row(self, shop):
        return frappe.get_doc("Stock Push", {"shop": shop})

    def pull(self, shop):
        return frappe.call(f"{API}.pull_stock", shop=shop)

    def confirm(self, shop, row, **fields):
        answer = {"listing": row["listing"], "write": row["write"], "counter": row["counter"], "ok": True, **fields}
        return frappe.call(f"{API}.acknowledge_stock", shop=shop, results=[answer])

    def complete(self, shop, minutes=2):
        """Make it so many minutes later, all orders in: what was told before is settled then."""
        frappe.call(f"{API}.report_orders_complete", shop=shop, until=frappe.utils.now())
        frappe.db.set_value("Order Feed", shop, "complete_until", frappe.utils.add_to_date(None, minutes=minutes))

    def just_now(self, shop):
        """All orders are in until now, but not until what was told is sure to be older."""
        frappe.db.set_value("Order Feed", shop, "complete_until", frappe.utils.now_datetime())

    def tell(self, shop):
        with patch.object(tasks, "in_transaction", lambda work: work()):
            return tasks.tell(shop)

    def ordered(self, shop, qty, item="I1", **fields):
        self.orders += 1
        line = {"id": "1", "item_id": item, "qty": qty, "price": 20}
        order = {
            "id": f"{shop}-{self.orders}",
            "status": "paid",
            "created": frappe.utils.now(),
            "lines": [line],
            **fields,
        }
        (taken,) = frappe.call(f"{API}.push_orders", shop=shop, orders=[order])
        assert taken["state"] == "created", taken
        return taken["sales_orders"][0]

    def kept(self, shop=None):
        filters = {"sku": self.a, "managed": 1, "status": "Active", **({"shop": shop} if shop else {})}
        return sum(frappe.get_all("Stock Quota", filters, pluck="left_qty"))

    def balance(self):
        return frappe.db.get_value("Stock Balance", f"{self.a}|{self.warehouse}", ["available", "locked"])

    def incidents(self):
        checking.check_stock([self.a], frappe.utils.now_datetime())
        return frappe.get_all("Stock Incident", {"sku": self.a, "status": "Open"}, pluck="invariant")


class TestStockWrite(StockWriteCase):
    """Strict and shared listings on platforms that set, add, or compare."""

    def test_a_platform_that_sets_shows_nothing_first_and_all_that_is_kept_then(self):
        shop = self.shop(self.platform("Set Quantity"))
        (first,) = self.pull(shop)
        assert (first["kind"], first["qty"], self.kept()) == ("Set Quantity", 0, 0)
        self.confirm(shop, first)
        assert self.pull(shop) == []  # orders placed before are not known to be in
        self.complete(shop)
        (second,) = self.pull(shop)
        assert (second["qty"], self.kept(), self.balance()) == (100, 100, (100, 100))
        self.confirm(shop, second)
        assert (self.row(shop).status, self.row(shop).published_qty) == ("Published", 100)
        assert self.incidents() == []

    def test_an_order_takes_from_what_is_kept_and_a_closed_one_gives_it_back(self):
        shop = self.shown(self.shop(self.platform("Delta", stock_reads=1)))
        order = self.ordered(shop, 30)
        assert (self.kept(), self.balance()) == (70, (70, 70))
        assert self.pull(shop) == []  # it shows 70 already
        frappe.get_doc("Sales Order", order).cancel()
        assert (self.kept(), self.balance()) == (100, (100, 100))

    def shown(self, shop, qty=0):
        """Bring a shop that can be asked to show what there is."""
        self.complete(shop)
        (asked,) = self.pull(shop)
        assert asked["kind"] == "Read"
        self.confirm(shop, asked, qty=qty)
        self.complete(shop, 3)
        (write,) = self.pull(shop)
        self.confirm(shop, write)
        return shop

    def test_goods_of_one_shop_cannot_be_ordered_by_another(self):
        strict = self.shown(self.shop(self.platform("Delta", stock_reads=1)))
        other = self.shop(self.platform("Set Quantity"), "I9", strict=False)
        assert [row["qty"] for row in self.pull(other)] == [0]
        order = frappe.get_doc("Sales Order", self.ordered(other, 1, "I9"))
        assert order.items[0].stock_state == "Short"
        assert self.kept(strict) == 100

    def test_two_shops_share_by_what_they_sell(self):
        platform = self.platform("Delta", stock_reads=1)
        one, two = self.shop(platform), self.shop(platform, "I2")
        for shop in (one, two):
            self.complete(shop)
            (asked,) = self.pull(shop)
            self.confirm(shop, asked, qty=0)
        told = {shop: self.pull(shop)[0]["change"] for shop in (one, two)}
        assert told == {one: 50, two: 50}
        assert self.balance() == (100, 100)

    def test_what_was_sold_and_not_seen_is_not_sold_again(self):
        shop = self.shown(self.shop(self.platform("Set Quantity", stock_reads=1)))
        self.buy(self.a, 150, 5)
        self.complete(shop, 3)
        (write,) = self.pull(shop)
        assert (write["qty"], self.kept()) == (
            150,
            250,
        )  # 100 may be sold already: no more than 150 can be kept beside them
        self.confirm(shop, write)
        self.ordered(shop, 90, created=str(frappe.utils.add_to_date(None, seconds=-90)))
        assert self.kept() == 160
        self.complete(shop, 4)
        with patch("ec_erp.channels.flows.telling._may_send", lambda *_: False):
            self.pull(shop)
        assert self.kept() == 150

    def test_a_mismatch_is_answered_with_what_is_shown(self):
        shop = self.shown(self.shop(self.platform("Compare and Set", stock_reads=1)))
        self.buy(self.a, 20, 5)
        self.just_now(shop)
        (write,) = self.pull(shop)
        assert (write["expected"], write["qty"], self.kept()) == (100, 120, 120)
        assert self.confirm(shop, write, ok=False, outcome="mismatch", qty=97) == {write["listing"]: "Waiting"}
        (write,) = self.pull(shop)
        assert (write["expected"], write["qty"]) == (97, 117)
        kinds = frappe.get_all("Stock Write", {"shop": shop}, pluck="status", order_by="creation asc, name asc")
        assert sorted(kinds) == ["Confirmed", "Confirmed", "Mismatch", "Sent"]

    def test_an_unknown_outcome_is_repeated_with_the_same_key(self):
        shop = self.shown(self.shop(self.platform("Delta", stock_reads=1, stock_repeatable=1)))
        self.buy(self.a, 20, 5)
        (write,) = self.pull(shop)
        self.confirm(shop, write, ok=False, outcome="unknown")
        assert (self.pull(shop), self.kept()) == ([], 120)  # a pause after a failure
        frappe.db.set_value("Stock Push", write["listing"], "next_try", None)
        (again,) = self.pull(shop)
        assert (again["write"], again["change"], self.kept()) == (write["write"], 20, 120)
        self.confirm(shop, again)
        assert frappe.db.get_value("Stock Write", write["write"], ["status", "times_sent"]) == ("Confirmed", 2)

    def test_an_unknown_outcome_without_keys_is_looked_at_before_the_next_write(self):
        shop = self.shown(self.shop(self.platform("Delta", stock_reads=1)))
        self.buy(self.a, 20, 5)
        (write,) = self.pull(shop)
        self.confirm(shop, write, ok=False, outcome="unknown")
        frappe.db.set_value("Stock Push", write["listing"], "next_try", None)
        assert self.pull(shop) == []  # it may still arrive
        long_ago = frappe.utils.add_to_date(None, minutes=-11)
        frappe.db.set_value("Stock Write", write["write"], "sent_at", long_ago)
        self.pull(shop)
        (asked,) = self.pull(shop)
        assert (asked["kind"], self.kept()) == ("Read", 120)
        self.confirm(shop, asked, qty=120)
        self.complete(shop, 4)
        assert (self.pull(shop), self.kept(), self.row(shop).published_qty) == ([], 120, 120)

    def test_a_shop_whose_orders_may_be_missing_gets_nothing_more(self):
        shop = self.shown(self.shop(self.platform("Delta", stock_reads=1)))
        frappe.db.set_value("Order Feed", shop, "complete_until", frappe.utils.add_to_date(None, minutes=-40))
        self.buy(self.a, 20, 5)
        assert (self.pull(shop), self.row(shop).status) == ([], "Waiting")
        assert "Not raised" in self.row(shop).why

    def test_damage_lowers_what_is_shown_and_is_an_incident_meanwhile(self):
        shop = self.shown(self.shop(self.platform("Delta", stock_reads=1)))
        submitted(new("Stock Entry", company=self.company, reason="Write-off", items=[{"sku": self.a, "qty": 40}]))
        assert self.incidents() == ["Exposure"]
        (write,) = self.pull(shop)
        assert (write["change"], self.kept()) == (-40, 100)
        self.confirm(shop, write)
        assert (self.kept(), self.incidents()) == (60, [])

    def test_what_a_platform_does_not_let_lower_stays_kept(self):
        shop = self.shown(self.shop(self.platform("Delta", stock_reads=1)))
        later = frappe.utils.add_to_date(None, days=1)
        frappe.db.set_value("Listing", self.row(shop).name, "stock_pinned_until", later)
        submitted(new("Stock Entry", company=self.company, reason="Write-off", items=[{"sku": self.a, "qty": 40}]))
        assert (self.pull(shop), self.kept()) == ([], 100)
        assert "does not allow" in self.row(shop).why

    def test_a_policy_that_shares_again_gives_everything_back(self):
        shop = self.shown(self.shop(self.platform("Delta", stock_reads=1)))
        policy = frappe.get_doc("Stock Policy", {"shop": shop})
        policy.update({"mode": "Shared"})
        policy.save()
        self.pull(shop)
        assert (self.kept(), self.balance()) == (0, (100, 0))

    def test_grants_are_not_changed_by_hand(self):
        shop = self.shown(self.shop(self.platform("Delta", stock_reads=1)))
        quota = frappe.get_doc("Stock Quota", {"shop": shop})
        quota.qty = 5
        with self.refused(QuotaRefused, "change the stock policy"):
            quota.save()

    def test_a_shop_in_a_group_with_others_cannot_be_strict(self):
        shop = self.shop(self.platform("Set Quantity"))
        other = self.shop(self.platform("Set Quantity"), strict=False)
        make("Channel Group", group_name=f"G {shop}", shops=[{"shop": shop}, {"shop": other}])
        self.pull(shop)
        assert (self.row(shop).status, "shares the channel group" in self.row(shop).message) == ("Failed", True)

    def test_a_combo_keeps_its_parts(self):
        self.buy(self.b, 9, 3)
        parts = [{"sku": self.a, "qty": 1}, {"sku": self.b, "qty": 2}]
        combo = make("SKU", sku_code=f"C-{frappe.generate_hash(length=5)}", is_combo=1, components=parts).name
        shop = self.shown(self.shop(self.platform("Delta", stock_reads=1), "SET", sku=combo))
        assert self.row(shop).published_qty == 4
        assert frappe.db.get_value("Stock Balance", f"{self.b}|{self.warehouse}", "locked") == 8
        self.ordered(shop, 2, "SET")
        assert frappe.db.get_value("Stock Balance", f"{self.b}|{self.warehouse}", ["locked", "reserved"]) == (4, 4)
        assert self.pull(shop) == []

    def test_orders_cannot_be_complete_until_tomorrow(self):
        shop = self.shop(self.platform("Set Quantity"))
        with self.refused(PushRefused, "still to come"):
            until = str(frappe.utils.add_to_date(None, days=1))
            frappe.call(f"{API}.report_orders_complete", shop=shop, until=until)

    def test_what_was_told_is_shown_with_why(self):
        shop = self.shown(self.shop(self.platform("Delta", stock_reads=1)))
        found = frappe.call(f"{API}.explain_stock", listing=self.row(shop).name)
        assert (found["qty"], found["told"][0]["qty"]) == (100, 100)
        assert any("strict listings: 100" in line for line in found["why"])

    def test_many_strict_listings_cost_no_more_statements_than_one(self):
        shop = self.shop(self.platform("Set Quantity"))
        for at in range(20):
            make("Listing", shop=shop, platform_item_id=f"M{at}", sku=self.a)
        self.pull(shop)
        with self.at_most(45):
            self.pull(shop)


class TestPlatformsOverHttp(StockWriteCase):
    """The product sends by itself: what platforms of each kind do with it over a real connection."""

    def settled(self, shop, rounds=4):
        """Tell a shop several times, its orders complete each time."""
        for at in range(rounds):
            self.complete(shop, min(4, at + 1))
            frappe.db.set_value("Stock Push", {"shop": shop}, "next_try", None)
            self.tell(shop)

    def test_each_kind_comes_to_show_what_there_is(self):
        kinds = (("Set Quantity", {}), ("Delta", {"stock_reads": 1}), ("Compare and Set", {"stock_reads": 1}))
        for kind, fields in kinds:
            with self.subTest(kind=kind), served(Platform(kind)) as url:
                shop = self.shop(self.platform(kind, **fields), kind, url=url)
                policy = frappe.get_doc("Stock Policy", {"shop": shop})
                self.settled(shop)
                assert (self.row(shop).published_qty, self.kept(shop)) == (100, 100)
                policy.update({"mode": "Shared", "paused": 1})
                policy.save()
                self.tell(shop)
                assert self.kept(shop) == 0

    def test_a_shared_listing_is_told_by_the_platforms_own_primitive(self):
        platform = Platform("Delta")
        platform.shows["I1"] = 7
        with served(platform) as url:
            shop = self.shop(self.platform("Delta", stock_reads=1), strict=False, url=url)
            self.tell(shop)
            self.tell(shop)
        assert ([one["kind"] for one in platform.heard], platform.shows["I1"]) == (["Read", "Delta"], 100)
        assert (self.kept(), self.row(shop).status) == (0, "Published")

    def test_an_answer_that_gets_lost_is_not_done_twice(self):
        platform = Platform("Delta", repeatable=True)
        with served(platform) as url:
            shop = self.shop(self.platform("Delta", stock_reads=1, stock_repeatable=1), url=url)
            self.complete(shop)
            self.tell(shop)
            platform.moods = ["unheard"]
            self.tell(shop)
            assert (platform.shows["I1"], self.row(shop).status) == (100, "Sent")
            self.settled(shop, 2)
        assert (platform.shows["I1"], self.kept(), self.row(shop).published_qty) == (100, 100, 100)

    def test_sales_between_looks_are_met_by_a_mismatch(self):
        platform = Platform("Compare and Set")
        with served(platform) as url:
            shop = self.shop(self.platform("Compare and Set", stock_reads=1), url=url)
            self.settled(shop)
            platform.shows["I1"] -= 10  # sold, and not seen
            self.buy(self.a, 50, 5)
            self.just_now(shop)
            self.tell(shop)
            assert (platform.shows["I1"], self.kept()) == (90, 100)
            self.tell(shop)
        assert platform.shows["I1"] + 10 <= self.kept() <= 150

    def test_a_server_that_is_not_there_is_tried_later_and_shown_in_the_inbox(self):
        shop = self.shop(self.platform("Set Quantity"), url="http://127.0.0.1:9")
        self.tell(shop)
        row = self.row(shop)
        assert (row.status, row.attempts, "refused" in row.message) == ("Waiting", 1, True)
        frappe.db.set_value("Stock Push", row.name, {"attempts": 7, "next_try": None})
        self.tell(shop)
        rows = frappe.call("ec_erp.orders.inbox_api.list_exceptions", filters={"shop": shop})["rows"]
        assert [one["code"] for one in rows] == ["Stock Push Failed"]

    def test_a_shop_needs_a_known_writer_and_an_address(self):
        with self.refused(PushRefused, "https://"):
            self.shop(self.platform("Set Quantity"), url="ftp://x")
