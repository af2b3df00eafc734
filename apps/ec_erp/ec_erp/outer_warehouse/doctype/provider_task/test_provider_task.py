"""Orders of a warehouse that a provider runs: pushed, accepted, cancelled, confirmed; what fails waits for a person."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

import frappe

from ec_erp.orders import flows as orders
from ec_erp.outer_warehouse import tasks
from ec_erp.outer_warehouse.errors import ProviderRefused, WrongSignature
from ec_erp.outer_warehouse.flows import queueing, receiving, sending
from ec_erp.outer_warehouse.rules.signing import signature
from ec_erp.outer_warehouse.types import Reply
from ec_erp.testing import TradeCase, again, make, only_our_statements

API = "ec_erp.outer_warehouse.api"
JOB = "ec_erp.outer_warehouse.tasks.tell"
OK = Reply(ok=True, outer_no="W-1")


class ProviderCase(TradeCase):
    """A provider that runs the main warehouse, in which cups and plates lie."""

    def setUp(self):
        super().setUp()
        self.buy(self.a, 50, 5)
        self.buy(self.b, 50, 3)
        self.provider = make(
            "Warehouse Provider",
            provider_name=f"3PL {self.company}",
            warehouse=self.warehouse,
            base_url="http://127.0.0.1:9",
            secret="s3cret",
            acts_as="Administrator",
        ).name
        self.carrier = make("Carrier", carrier_name=f"Fast {self.company}", carrier_code=f"F{self.company}").name
        self.sent = 0

    def released(self, *lines, **fields):
        order = self.order(*(lines or ((self.a, 3, 20),)), **fields)
        assert order.status == "To Ship"
        return order

    def tasks(self, order, kind="Outbound Order"):
        filters = {"reference_name": order.name, "kind": kind}
        return frappe.get_all("Provider Task", filters=filters, fields=["*"], order_by="order_no asc")

    def task(self, order, kind="Outbound Order"):
        return self.tasks(order, kind)[-1]

    def tell(self, reply=OK):
        claimed = sending.claim(self.provider)
        return [sending.answer(name, reply) for name in claimed]

    def accepted(self, *lines):
        order = self.released(*lines)
        self.tell()
        return again(order)

    def say(self, kind, message_id="", **body):
        self.sent += 1
        return receiving.take(self.provider, message_id or f"M{self.sent}", kind, {"kind": kind, **body})

    def parcel(self, *lines, waybill="SF1"):
        goods = [{"sku": sku, "qty": qty} for sku, qty in lines]
        return {"carrier": self.carrier, "waybill_no": waybill, "weight_g": 500, "lines": goods}

    def ship(self, number, *parcels, moment="2026-11-20 10:00:00", **fields):
        return self.say("shipment.confirmed", order_no=number, shipped_at=moment, parcels=list(parcels), **fields)


class TestProviderTask(ProviderCase):
    """Orders go to the provider and come back shipped."""

    def test_a_released_order_is_pushed_accepted_and_shipped(self):
        order = self.released((self.a, 3, 20), (self.b, 1, 5))
        assert [(row.order_no, row.status) for row in self.tasks(order)] == [(order.name, "Queued")]
        assert self.tell() == ["With Provider"]
        assert (self.task(order).outer_no, again(order).status) == ("W-1", "Picking")
        told = self.ship(order.name, self.parcel((self.a, 3), (self.b, 1)))
        note = frappe.get_doc("Delivery Note", told["document"])
        assert (told["state"], note.docstatus, note.waybill_no, note.carrier) == ("Done", 1, "SF1", self.carrier)
        assert str(note.posting_datetime) == "2026-11-20 10:00:00"
        assert (again(order).status, self.task(order).status) == ("Shipped", "Done")
        assert (self.stock(self.a)["on_hand"], self.stock(self.b)["on_hand"]) == (47, 49)

    def test_orders_of_other_warehouses_stay_with_own_people(self):
        self.buy(self.a, 5, 5, warehouse=self.other_warehouse)
        order = self.order((self.a, 1, 20), warehouse=self.other_warehouse)
        assert (order.warehouse, self.tasks(order)) == (self.other_warehouse, [])

    def test_a_repeated_message_ships_nothing_twice(self):
        order = self.accepted((self.a, 3, 20))
        first = self.ship(order.name, self.parcel((self.a, 1)), message_id="X")
        second = self.ship(order.name, self.parcel((self.a, 1)), message_id="X")
        assert (second["repeated"], second["document"]) == (True, first["document"])
        assert self.stock(self.a)["on_hand"] == 49

    def test_what_leaves_in_two_parts_is_two_deliveries(self):
        order = self.accepted((self.a, 3, 20))
        self.ship(order.name, self.parcel((self.a, 2)))
        assert self.task(order).status == "Part Confirmed"
        self.ship(order.name, self.parcel((self.a, 1), waybill="SF2"))
        assert (self.task(order).status, again(order).status, self.stock(self.a)["on_hand"]) == ("Done", "Shipped", 47)

    def test_several_parcels_are_one_delivery(self):
        order = self.accepted((self.a, 3, 20))
        told = self.ship(order.name, self.parcel((self.a, 1)), self.parcel((self.a, 2), waybill="SF2"))
        rows = frappe.get_all(
            "Parcel", {"delivery_note": told["document"]}, ["waybill_no", "status"], order_by="waybill_no asc"
        )
        assert [(row.waybill_no, row.status) for row in rows] == [("SF1", "Handed Over"), ("SF2", "Handed Over")]

    def test_a_final_shipment_that_is_short_waits_for_a_person(self):
        order = self.accepted((self.a, 3, 20))
        self.ship(order.name, self.parcel((self.a, 2)), final=True)
        assert self.task(order).status == "Short"
        assert self.inbox("Provider Sent Short") == [self.task(order).name]
        frappe.call(f"{API}.push_orders", names=[order.name])
        assert [(row.order_no, row.status) for row in self.tasks(order)] == [
            (order.name, "Short"),
            (f"{order.name}-2", "Queued"),
        ]
        (line,) = frappe.get_doc("Provider Task", self.task(order).name).lines
        assert (line.sku, line.qty) == (self.a, 1)

    def inbox(self, code):
        found = frappe.call("ec_erp.orders.inbox_api.list_exceptions", filters={"code": code})["rows"]
        own = set(frappe.get_all("Provider Task", {"provider": self.provider}, pluck="name"))
        own |= set(frappe.get_all("Provider Message", {"provider": self.provider}, pluck="name"))
        return [row["reference_name"] for row in found if row["reference_name"] in own]

    def test_an_order_that_was_never_sent_is_simply_taken_back(self):
        order = self.released()
        orders.recall_orders([order.name], "address")
        assert (self.task(order).status, self.tasks(order, "Cancel")) == ("Cancelled", [])

    def test_a_sent_order_is_taken_back_when_the_provider_lets_go(self):
        order = self.accepted()
        orders.recall_orders([order.name], "address")
        assert (self.task(order).status, self.task(order, "Cancel").status) == ("Cancelling", "Queued")
        assert self.tell() == ["Done"]
        assert self.task(order).status == "Cancelled"

    def test_a_new_release_waits_for_the_cancellation(self):
        order = self.accepted()
        orders.recall_orders([order.name], "address")
        orders.unblock_orders([order.name], "")
        orders.audit_orders([order.name])
        assert [row.status for row in self.tasks(order)] == ["Cancelling", "Queued"]
        assert self.tell(Reply(ok=False, message="busy")) == ["Queued"]  # the cancellation alone was sent
        frappe.db.set_value("Provider Task", self.task(order, "Cancel").name, "next_try", None)
        assert self.tell() == ["Done"]
        assert self.tell() == ["With Provider"]
        assert [row.status for row in self.tasks(order)] == ["Cancelled", "With Provider"]

    def test_a_cancellation_waits_for_the_answer_to_the_order_that_is_under_way(self):
        order = self.released()
        (push,) = sending.claim(self.provider)
        orders.recall_orders([order.name], "address")
        assert (self.task(order).status, sending.claim(self.provider)) == ("Cancelling", [])
        sending.answer(push, OK)
        assert sending.claim(self.provider) == [self.task(order, "Cancel").name]

    def test_a_cancellation_does_not_wait_for_a_sender_that_died(self):
        order = self.released()
        (push,) = sending.claim(self.provider)
        orders.recall_orders([order.name], "address")
        long_ago = frappe.utils.add_to_date(frappe.utils.now_datetime(), minutes=-11)
        frappe.db.set_value("Provider Task", push, "sent_at", long_ago)
        assert sending.claim(self.provider) == [self.task(order, "Cancel").name]

    def test_what_is_queued_is_sent_by_a_job_after_the_commit(self):
        with patch.object(frappe, "enqueue") as enqueued:
            order = self.released()
            self.tell()
            orders.recall_orders([order.name], "address")
        ((path,), asked), (_, later) = enqueued.call_args_list
        assert (path, asked["provider"], asked["enqueue_after_commit"]) == (JOB, self.provider, True)
        assert (later["job_id"], later["deduplicate"]) == (asked["job_id"], True)

    def test_a_refused_cancellation_waits_for_a_person_who_lets_the_order_go(self):
        order = self.accepted()
        orders.block_orders({order.name: "money back"}, "Refund Applied", "test")
        assert self.tell(Reply(ok=False, again=False, message="picked already")) == ["Failed"]
        cancel = self.task(order, "Cancel").name
        assert self.inbox("Provider Task Failed") == [cancel]
        with self.refused(ProviderRefused, "Say why"):
            frappe.call(f"{API}.withdraw_tasks", names=[cancel], why=" ")
        frappe.call(f"{API}.withdraw_tasks", names=[cancel], why="it ships")
        assert self.task(order).status == "With Provider"

    def test_goods_of_an_intercepted_order_that_left_are_kept_until_the_block_is_off(self):
        order = self.accepted()
        orders.block_orders({order.name: "money back"}, "Refund Applied", "test")
        told = self.ship(order.name, self.parcel((self.a, 3)))
        assert (told["state"], self.stock(self.a)["on_hand"]) == ("Kept", 50)
        assert order.name in told["message"]
        (message,) = self.inbox("Provider Message Kept")
        orders.unblock_orders([order.name], "Refund Applied")
        assert frappe.call(f"{API}.apply_messages", names=[message]) == {message: "Done"}
        assert (again(order).status, self.stock(self.a)["on_hand"]) == ("Shipped", 47)

    def test_an_order_that_the_provider_gives_back_is_blocked(self):
        order = self.accepted()
        self.say("order.cancelled", order_no=order.name, reason="broken")
        assert (again(order).is_blocked, self.task(order).status) == (1, "Cancelled")
        orders.unblock_orders([order.name], "Manual")
        assert [row.status for row in self.tasks(order)] == ["Cancelled", "Queued"]

    def test_a_failed_push_is_tried_later_and_in_the_end_waits_for_a_person(self):
        order = self.released()
        assert self.tell(Reply(ok=False, message="timeout")) == ["Queued"]
        assert self.tell() == []  # not before its time
        frappe.db.set_value("Provider Task", self.task(order).name, {"next_try": None, "attempts": 7})
        assert self.tell(Reply(ok=False, message="timeout")) == ["Failed"]
        assert frappe.call(f"{API}.retry_tasks", names=[self.task(order).name]) == [self.task(order).name]
        assert self.tell() == ["With Provider"]

    def test_an_unanswered_task_is_sent_again_with_the_same_key(self):
        order = self.released()
        first = sending.claim(self.provider)
        assert sending.claim(self.provider) == []
        terms = sending.store.load_provider(self.provider)
        key = sending.envelopes(terms, first)[first[0]].key
        long_ago = frappe.utils.add_to_date(frappe.utils.now_datetime(), minutes=-11)
        frappe.db.set_value("Provider Task", first[0], "sent_at", long_ago)
        assert sending.claim(self.provider) == first
        assert sending.envelopes(terms, first)[first[0]].key == key == f"Outbound Order|{order.name}"

    def test_more_than_was_ordered_and_unknown_codes_are_kept(self):
        order = self.accepted((self.a, 1, 20))
        many = self.ship(order.name, self.parcel((self.a, 2)))
        unknown = self.ship(order.name, self.parcel(("NO-SUCH", 1)))
        assert (many["state"], unknown["state"], self.stock(self.a)["on_hand"]) == ("Kept", "Kept", 50)
        assert "NO-SUCH" in unknown["message"]

    def test_messages_that_cannot_be_read_are_refused_and_not_kept(self):
        with self.refused(ProviderRefused, "shipped_at"):
            self.say("shipment.confirmed", message_id="bad", order_no="X", parcels=[self.parcel((self.a, 1))])
        with self.refused(ProviderRefused, "no message of the kind"):
            self.say("stock.sold")
        assert frappe.db.count("Provider Message", {"provider": self.provider}) == 0

    def test_only_the_providers_own_signature_opens_the_door(self):
        body, now = b'{"kind": "x"}', str(int(time.time()))
        good = signature("s3cret", now, "M1", body)
        receiving.check_signature(self.provider, now, "M1", body, good)
        old = str(int(now) - 301)
        for timestamp, message, content, given in (
            (now, "M2", body, good),
            (now, "M1", body + b" ", good),
            (old, "M1", body, signature("s3cret", old, "M1", body)),
            (now, "M1", body, ""),
        ):
            with self.refused(WrongSignature):
                receiving.check_signature(self.provider, timestamp, message, content, given)

    def test_own_waves_and_a_provider_exclude_each_other(self):
        make("Wave Rule", rule_name=f"Rule {self.company}", warehouse=self.other_warehouse, min_orders=1)
        with self.refused(ProviderRefused, "wave rules"):
            make("Warehouse Provider", provider_name="Second", warehouse=self.other_warehouse, paused=1,
                 acts_as="Administrator")  # fmt: skip

    def as_one(self, role):
        """Go on as a user with one role; upstream lets everybody pass where tests run, so tests are not told of."""
        values = {
            "email": f"{frappe.generate_hash(length=8)}@example.com",
            "first_name": "Clerk",
            "send_welcome_email": 0,
        }
        frappe.set_user("Administrator")
        user = make("User", roles=[{"role": role}], **values).name
        self.addCleanup(frappe.flags.__setitem__, "in_test", frappe.flags.get("in_test"))
        frappe.flags["in_test"] = False
        frappe.set_user(user)

    def test_pickers_settle_tasks_and_service_does_not(self):
        task = self.task(self.released()).name
        self.as_one("Customer Service")
        with self.refused(frappe.PermissionError):
            frappe.call(f"{API}.settle_tasks", names=[task], why="by phone")
        self.as_one("Warehouse Staff")
        assert frappe.call(f"{API}.settle_tasks", names=[task], why="by phone") == [task]
        assert frappe.db.get_value("Provider Task", task, "status") == "With Provider"

    def test_a_pushed_order_costs_few_statements(self):
        order = self.released()
        frappe.db.delete("Provider Task", {"reference_name": order.name})
        only_our_statements()
        with self.at_most(8):
            queueing.push_orders([order.name])
        assert len(self.tasks(order)) == 1


class Wms(BaseHTTPRequestHandler):
    """A provider's server: checks the signature, knows repeated keys, answers as it is told."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        given = [self.headers[f"X-Ec-{name}"] for name in ("Timestamp", "Message-Id", "Signature")]
        right = signature("s3cret", given[0], given[1], body) == given[2]
        self.server.seen.append((self.path, given[1], json.loads(body)))
        status, answer = self.server.answers.pop(0) if self.server.answers else (200, {"ok": True, "outer_no": "W9"})
        text = json.dumps(answer if right else {"message": "signature"}).encode()
        self.send_response(status if right else 401)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_args):
        """Say nothing."""


class TestOverHttp(ProviderCase):
    """The adapter against a real server on this machine."""

    def setUp(self):
        super().setUp()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Wms)
        self.server.seen, self.server.answers = [], []
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        doc = frappe.get_doc("Warehouse Provider", self.provider)
        doc.update({"base_url": f"http://127.0.0.1:{self.server.server_port}/wms/", "timeout_s": 5})
        doc.save()

    def tell_all(self):
        with patch.object(tasks, "in_transaction", lambda work: work()):
            return list(tasks.tell(self.provider).values())

    def test_an_order_arrives_signed_with_its_receiver(self):
        order = self.released(
            (self.a, 3, 20), receiver_name="Han", receiver_city="杭州市", receiver_address="文三路 1 号"
        )
        assert self.tell_all() == ["With Provider"]
        ((path, key, content),) = self.server.seen
        assert (path, key) == ("/wms/orders", f"Outbound Order|{order.name}")
        assert (content["order_no"], content["receiver"]["city"]) == (order.name, "杭州市")
        assert content["lines"] == [{"sku": self.a, "qty": 3.0}]
        assert self.task(order).outer_no == "W9"

    def test_one_job_tells_what_became_due_while_it_spoke(self):
        order, send = self.released(), sending.send

        def recalled_meanwhile(provider, envelope):
            if envelope.kind == "Outbound Order":
                orders.recall_orders([order.name], "no")
            return send(provider, envelope)

        with patch.object(sending, "send", recalled_meanwhile):
            assert self.tell_all() == ["Cancelling", "Done"]
        assert [path for path, _, _ in self.server.seen] == ["/wms/orders", "/wms/orders/cancel"]
        assert self.task(order).status == "Cancelled"

    def test_a_cancellation_arrives_at_its_own_address(self):
        order = self.released()
        self.tell_all()
        orders.recall_orders([order.name], "no")
        assert self.tell_all() == ["Done"]
        assert self.server.seen[-1][0] == "/wms/orders/cancel"

    def test_a_server_that_fails_is_tried_again_and_one_that_refuses_is_not(self):
        order = self.released()
        self.server.answers = [(503, {"message": "busy"}), (422, {"message": "unknown owner"})]
        assert self.tell_all() == ["Queued"]
        assert "busy" in self.task(order).message
        frappe.db.set_value("Provider Task", self.task(order).name, "next_try", None)
        assert self.tell_all() == ["Failed"]
        assert "unknown owner" in self.task(order).message
        assert self.server.seen[0][1] == self.server.seen[1][1]

    def test_a_wrong_secret_is_a_refusal(self):
        order = self.released()
        doc = frappe.get_doc("Warehouse Provider", self.provider)
        doc.secret = "other"
        doc.save()
        assert self.tell_all() == ["Failed"]
        assert self.task(order).message.startswith("HTTP 401")

    def test_nobody_at_the_address_is_tried_again(self):
        order = self.released()
        self.server.shutdown()
        self.server.server_close()
        assert self.tell_all() == ["Queued"]
        assert self.task(order).next_try

    def test_a_paused_provider_is_told_nothing(self):
        self.released()
        frappe.db.set_value("Warehouse Provider", self.provider, "paused", 1)
        assert (self.tell_all(), self.server.seen) == ([], [])
