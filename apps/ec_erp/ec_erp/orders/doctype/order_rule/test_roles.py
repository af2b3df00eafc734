"""What staff may do with orders and rules: each through the public methods, with the roles of their job and no others."""

from contextlib import contextmanager

import frappe

from ec_erp.orders import flows
from ec_erp.orders.doctype.order_rule.test_order_rule import RulesCase
from ec_erp.orders.errors import OrderNotReady
from ec_erp.testing import again, make

API, RULES, INBOX = "ec_erp.orders.api", "ec_erp.orders.rules_api", "ec_erp.orders.inbox_api"


class TestRoles(RulesCase):
    """A manager, a person of customer service, one of the warehouse, an accountant."""

    def become(self, *roles):
        name = frappe.generate_hash(length=8)
        values = {"email": f"{name}@example.com", "first_name": name, "send_welcome_email": 0}
        frappe.set_user("Administrator")
        user = make("User", **values, roles=[{"role": role} for role in roles]).name
        frappe.set_user(user)
        frappe.local.lang = "en"
        return user

    @contextmanager
    def refused_by_role(self):
        """Expect that the user's roles do not allow it; upstream lets everybody pass while tests run, unless told otherwise."""
        testing = frappe.local.flags.in_test
        with self.refused(frappe.PermissionError):
            frappe.local.flags.in_test = False
            try:
                yield
            finally:
                frappe.local.flags.in_test = testing

    def test_a_manager_shapes_rehearses_publishes_and_rolls_back(self):
        order = self.order((self.a, 4, 20))
        self.become("EC Manager")
        rule = self.rule("Audit", {"action": "Ask Finance"}, conditions=[("Order", "grand_total", "at least", "80")])
        told = frappe.call(f"{RULES}.try_rules", order=order.name)
        assert {row["part"]: row["what"] for row in told["outcome"]}["Audit"] == "Accountant"
        rehearsal = make("Rule Rehearsal", days=3)
        assert order.name in {row.sales_order for row in rehearsal.rows}
        assert frappe.call(f"{RULES}.rehearse_rules", days=3)["changed"] >= 1
        first = self.publish()
        rule.reload()
        rule.update({"actions": [{"action": "Ask Service"}]})
        rule.save()
        self.publish()
        frappe.call(f"{RULES}.roll_back_rules", version=first)
        assert again(rule).actions[0].action == "Ask Finance"
        assert self.order((self.a, 4, 20)).status == "To Finance Audit"

    def test_service_reads_rules_and_tries_them_but_does_not_shape_them(self):
        order = self.order((self.a, 1, 20))
        self.become("Customer Service")
        assert frappe.call(f"{RULES}.try_rules", order=order.name)["order"] == order.name
        for call in (self.publish, lambda: frappe.call(f"{RULES}.roll_back_rules", version="x"),
                     lambda: frappe.call(f"{RULES}.rehearse_rules"), lambda: self.rule("Audit", {"action": "Pass"})):  # fmt: skip
            with self.refused_by_role():
                call()

    def test_service_takes_orders_edits_stops_and_sends_again(self):
        user = self.become("Customer Service")
        order = self.order((self.a, 2, 20))
        assert order.status == "To Ship"
        frappe.call(f"{API}.recall_orders", names=[order.name], note="wrong city")
        frappe.call(f"{API}.edit_order", name=order.name, changes={"receiver_city": "Hangzhou"}, note="phone")
        entry = frappe.get_last_doc("Order Log", {"sales_order": order.name, "kind": "Edit"})
        assert (entry.user, entry.code, entry.note) == (user, "Address", "phone")
        with self.refused(frappe.PermissionError, "Prices"):
            frappe.call(f"{API}.recall_orders", names=[order.name])
            frappe.call(f"{API}.edit_order", name=order.name, lines=[{"name": order.items[0].name, "rate": 1}])
        frappe.set_user("Administrator")
        self.deliver(order)
        frappe.set_user(user)
        ((name, status),) = frappe.call(f"{API}.resend_order", name=order.name, reason="broken").items()
        assert (status, frappe.db.get_value("Sales Order", name, "grand_total")) == ("To Ship", 0)

    def test_service_intercepts_what_the_warehouse_has_and_the_scan_refuses(self):
        order = self.order((self.a, 2, 20))
        self.become("Customer Service")
        frappe.call(f"{API}.block_orders", names=[order.name], code="Address Changed", note="moved")
        self.become("Warehouse Staff")
        with self.refused(OrderNotReady, "Address Changed"):
            self.deliver(order)
        with self.refused(frappe.PermissionError):
            frappe.call(f"{API}.unblock_orders", names=[order.name], code="Address Changed")
        self.become("Customer Service")
        frappe.call(f"{API}.unblock_orders", names=[order.name], code="Address Changed", note="same street")
        self.become("Warehouse Staff")
        self.deliver(order)
        assert frappe.db.get_value("Sales Order", order.name, "status") == "Shipped"

    def test_service_does_things_to_many_with_a_preview(self):
        orders = [self.order((self.a, 1, 20)) for _ in range(2)]
        names = [order.name for order in orders]
        self.become("Customer Service")
        rows = frappe.call(f"{INBOX}.preview_bulk", action="Recall", names=names)
        assert [row["changed"] for row in rows] == ["To Ship → To Audit"] * 2
        found = frappe.call(f"{INBOX}.run_bulk", action="Recall", names=names, arguments={"note": "check"})
        assert (found["status"], found["done"]) == ("Done", 2)
        assert frappe.get_doc("Order Bulk Run", found["name"]).has_permission("read")
        with self.refused_by_role():
            frappe.call(f"{INBOX}.preview_bulk", action="Finance Audit", names=names)

    def test_the_warehouse_may_not_do_what_service_does(self):
        order = self.order((self.a, 1, 20))
        self.become("Warehouse Staff")
        rows = frappe.call(f"{INBOX}.preview_bulk", action="Stop", names=[order.name])
        assert [(row["done"], bool(row["message"])) for row in rows] == [(False, True)]
        for call, more in (("audit_orders", {}), ("recall_orders", {}), ("block_orders", {"code": "Manual"})):
            with self.subTest(call=call), self.refused(frappe.PermissionError):
                frappe.call(f"{API}.{call}", names=[order.name], **more)
        with self.refused(frappe.PermissionError):
            frappe.call(f"{API}.edit_order", name=order.name, changes={"receiver_city": "X"})
        assert frappe.call(f"{API}.explain_order", name=order.name)["next"]

    def test_an_accountant_passes_what_finance_looks_at(self):
        frappe.db.set_single_value("Order Settings", "finance_audit_over", 30)
        order = self.order((self.a, 2, 20))
        assert order.status == "To Finance Audit"
        self.become("Customer Service")
        with self.refused_by_role():
            frappe.call(f"{API}.finance_audit_orders", names=[order.name])
        self.become("Accountant")
        assert frappe.call(f"{API}.finance_audit_orders", names=[order.name]) == {order.name: "To Ship"}

    def test_the_shops_staff_release_presale_and_merge_and_split(self):
        order = self.order((self.a, 2, 20), payment_type="Prepaid", paid_datetime=frappe.utils.now_datetime(),
                           presale_release="By Hand")  # fmt: skip
        self.become("Shop Operator")
        frappe.call(f"{API}.release_presale", names=[order.name], note="arrived")
        assert again(order).status == "To Ship"
        frappe.call(f"{API}.recall_orders", names=[order.name])
        parts = frappe.call(f"{API}.split_order", name=order.name, lines={order.items[0].name: 1})
        assert len(parts) == 2
        flows.recall_orders(parts)
        frappe.call(f"{API}.undo_split", name=order.name)
        assert again(order).status == "To Ship"
