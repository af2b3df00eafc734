"""Many orders at once, the inbox of exceptions, presale, cash on delivery, sending again."""

import frappe
from frappe.utils import add_to_date, now_datetime

from ec_erp.orders import flows
from ec_erp.orders.errors import OrderNotReady
from ec_erp.orders.flows import clock, ruling
from ec_erp.testing import TradeCase, again, new, submitted

API = "ec_erp.orders.api"
INBOX = "ec_erp.orders.inbox_api"


class TestBulk(TradeCase):
    """Orders of cups, of which there are ten."""

    def setUp(self):
        super().setUp()
        self.addCleanup(ruling.forget_settings)
        self.buy(self.a, 10, 5)

    def test_a_preview_shows_the_effect_and_changes_nothing(self):
        good, gone = self.order((self.a, 1, 20)), self.order((self.a, 1, 20))
        gone.cancel()
        rows = frappe.call(f"{INBOX}.preview_bulk", action="Recall", names=[good.name, gone.name])
        assert [(row["done"], row["changed"]) for row in rows] == [(True, "To Ship → To Audit"), (False, "")]
        assert "not submitted" in rows[1]["message"]
        assert again(good).status == "To Ship"

    def test_a_run_has_a_result_per_order_and_is_kept(self):
        good, gone = self.order((self.a, 1, 20)), self.order((self.a, 1, 20))
        gone.cancel()
        found = frappe.call(
            f"{INBOX}.run_bulk", action="Stop", names=[good.name, gone.name], arguments={"note": "stop"}
        )
        run = frappe.get_doc("Order Bulk Run", found["name"])
        assert (run.status, run.done_count, run.failed_count) == ("Done in Part", 1, 1)
        assert (again(good).exceptions, run.rows[0].effect) == ("Manual", "– → Manual")

    def test_results_are_told_in_the_reader_s_language(self):
        good, busy = self.order((self.a, 1, 20)), self.order((self.a, 1, 20))
        flows.recall_orders([good.name])
        flows.block_orders({good.name: ""}, "Manual", "test")
        found = frappe.call(f"{INBOX}.run_bulk", action="Release", names=[good.name, busy.name])
        run = frappe.get_doc("Order Bulk Run", found["name"])
        assert "it is blocked: Manual" in run.rows[0].message
        frappe.local.lang = "zh"
        run.run_method("onload")
        assert "被拦截：人工" in run.rows[0].message
        assert "待发货" in run.rows[1].message

    def test_effects_are_told_in_the_reader_s_language(self):
        order = self.order((self.a, 1, 20))
        found = frappe.call(f"{INBOX}.run_bulk", action="Recall", names=[order.name])
        run = frappe.get_doc("Order Bulk Run", found["name"])
        frappe.local.lang = "zh"
        run.run_method("onload")
        assert (found["rows"][0]["changed"], run.rows[0].effect) == ("To Ship → To Audit", "待发货 → 待审核")

    def test_orders_are_found_by_filters(self):
        orders = [self.order((self.a, 1, 20)) for _ in range(2)]
        found = frappe.call(
            f"{INBOX}.run_bulk", action="Edit", filters={"company": self.company}, arguments={"priority": 5}
        )
        assert (found["status"], {again(order).priority for order in orders}) == ("Done", {5})

    def test_too_many_for_waiting_are_put_off(self):
        frappe.db.set_single_value("Order Settings", "background_over", 1)
        ruling.forget_settings()
        orders = [self.order((self.a, 1, 20)) for _ in range(2)]
        found = frappe.call(f"{INBOX}.run_bulk", action="Stop", names=[order.name for order in orders])
        assert (found["status"], again(orders[0]).exceptions) == ("Waiting", None)
        flows.run_in_background(found["name"])
        assert (frappe.db.get_value("Order Bulk Run", found["name"], "status"), again(orders[0]).exceptions) == (
            "Done",
            "Manual",
        )

    def test_an_unknown_action_is_refused(self):
        with self.refused(OrderNotReady, "Explode"):
            frappe.call(f"{INBOX}.preview_bulk", action="Explode", names=["x"])

    def test_the_inbox_lists_what_waits_with_owner_and_suggestion(self):
        order = self.order((self.a, 1, 20))
        flows.block_orders({order.name: "phoned"}, "Refund Applied", "platform")
        frappe.db.set_value("Order Block", {"parent": order.name}, "since", add_to_date(now_datetime(), hours=-3))
        (row,) = self.waiting(order)
        assert (row["owner_role"], row["suggestion"], row["overdue"], row["note"]) == (
            "Customer Service", "Decide on the refund; do not ship", True, "phoned",
        )  # fmt: skip
        frappe.call(f"{INBOX}.assign_exceptions", names=[order.name], code="Refund Applied", user="Administrator")
        assert self.waiting(order, assigned_to="Administrator")
        assert not self.waiting(order, owner_role="Buyer")

    def waiting(self, order, **filters):
        rows = frappe.call(f"{INBOX}.list_exceptions", filters=filters, limit=2000)["rows"]
        return [row for row in rows if row["reference_name"] == order.name]

    def test_the_inbox_does_what_it_suggests(self):
        order = self.order((self.a, 1, 20))
        flows.block_orders({order.name: ""}, "Remark", "buyer")
        shown = frappe.call(f"{INBOX}.fix_exceptions", names=[order.name], code="Remark", preview=1)
        assert (shown[0]["changed"], again(order).exceptions) == ("Remark → –", "Remark")
        frappe.call(f"{INBOX}.fix_exceptions", names=[order.name], code="Remark")
        assert not self.waiting(order)
        with self.refused(OrderNotReady, "asks for a person"):
            frappe.call(f"{INBOX}.fix_exceptions", names=[order.name], code="Overweight")

    def test_a_preorder_pays_a_deposit_and_waits_for_its_goods(self):
        order = self.order((self.b, 2, 20), payment_type="Deposit", deposit_amount=5, presale_release="On Arrival")
        assert order.status == "Unpaid"
        frappe.call(f"{API}.pay_deposits", names=[order.name])
        assert again(order).status == "Preorder"
        frappe.call(f"{API}.pay_orders", names=[order.name])
        clock.run_due()
        assert (again(order).status, again(order).payment_state) == ("Preorder", "Paid")
        self.buy(self.b, 2, 3)
        clock.run_due()
        assert (again(order).status, self.stock(self.b)["reserved"]) == ("To Ship", 2)

    def test_a_preorder_goes_on_by_itself_on_its_day_and_not_before(self):
        paid = {"payment_type": "Prepaid", "paid_datetime": frappe.utils.now_datetime(), "presale_release": "On Date"}
        today, tomorrow = frappe.utils.today(), frappe.utils.add_days(frappe.utils.today(), 1)
        due, early = (self.order((self.a, 1, 20), presale_date=day, **paid) for day in (today, tomorrow))
        assert (due.status, early.status, self.stock(self.a)["reserved"]) == ("Preorder", "Preorder", 0)
        clock.run_due()
        assert (again(due).status, again(early).status, self.stock(self.a)["reserved"]) == ("To Ship", "Preorder", 1)

    def test_a_release_before_the_rest_is_paid_is_flagged(self):
        order = self.order((self.a, 1, 20), payment_type="Deposit", deposit_amount=5, presale_release="By Hand")
        flows.pay_deposits([order.name])
        frappe.call(f"{API}.release_presale", names=[order.name])
        assert (again(order).status, again(order).exceptions) == ("Preorder", "Preorder Release Failed")
        flows.pay_orders([order.name])
        flows.unblock_orders([order.name], "Preorder Release Failed")
        assert again(order).status == "To Ship"

    def test_the_carrier_collects_and_hands_over(self):
        order = self.order((self.a, 1, 20), payment_type="Cash on Delivery")
        assert (order.status, order.payment_state, order.sealed) == ("To Ship", "Collect", 1)
        with self.refused(OrderNotReady, "has not left yet"):
            frappe.call(f"{API}.collect_payments", names=[order.name])
        self.deliver(order)
        frappe.call(f"{API}.collect_payments", names=[order.name], reference="SF-1")
        assert (again(order).payment_state, again(order).payment_reference) == ("Paid", "SF-1")

    def test_goods_are_sent_again_free_of_charge_and_no_more_than_left(self):
        order = self.order((self.a, 2, 20))
        line = order.items[0].name
        with self.refused(OrderNotReady, "Nothing of"):
            frappe.call(f"{API}.resend_order", name=order.name, reason="broken")
        self.deliver(order)
        found = frappe.call(f"{API}.resend_order", name=order.name, reason="broken", lines={line: 1})
        ((name, status),) = found.items()
        resent = frappe.get_doc("Sales Order", name)
        assert (status, resent.grand_total, resent.resend_of, resent.order_type) == ("To Ship", 0, order.name, "Resend")
        with self.refused(OrderNotReady, f"Of {self.a} of", "only 1 can be sent again"):
            frappe.call(f"{API}.resend_order", name=order.name, reason="broken", lines={line: 2})
        note = self.deliver(resent)
        assert (again(resent).status, self.stock(self.a)["on_hand"]) == ("Shipped", 7)
        assert self.booked(note) == {"560106": 5, "1405": -5}, "the cost has an account of its own"
        back = submitted(new("Delivery Note", is_return=1, return_against=note.name))
        assert self.booked(back) == {"560106": -5, "1405": 5}

    def test_goods_sent_again_are_a_cost_of_sales_where_the_company_names_no_account(self):
        frappe.db.set_value("Company", self.company, "resend_account", None)
        frappe.clear_document_cache("Company", self.company)
        self.addCleanup(frappe.clear_document_cache, "Company", self.company)
        order = self.order((self.a, 2, 20))
        self.deliver(order)
        resent = flows.resend_order(order.name, {}, "lost", order_type="Replacement")
        assert self.booked(self.deliver(resent)) == {"540101": 10, "1405": -10}
