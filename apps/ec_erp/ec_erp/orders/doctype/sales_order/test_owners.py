"""Who decides about a reason may do what is suggested about it; others may not. Edits are told in words."""

import frappe

from ec_erp.orders import flows
from ec_erp.testing import TradeCase, again, new

API = "ec_erp.orders.api"
INBOX = "ec_erp.orders.inbox_api"


class TestOwners(TradeCase):
    """An order that finance stopped, and people of several roles."""

    def setUp(self):
        super().setUp()
        self.addCleanup(frappe.set_user, "Administrator")
        self.buy(self.a, 10, 5)
        self.sold = self.order((self.a, 1, 20), hold_until="2090-01-01")
        flows.block_orders({self.sold.name: "look"}, "Below Cost", "rule")

    def become(self, role):
        email = f"{frappe.generate_hash(length=8)}@example.com"
        user = new("User", email=email, first_name=role, send_welcome_email=0, roles=[{"role": role}])
        frappe.set_user(user.insert().name)
        frappe.local.lang = "en"

    def test_the_owner_of_a_reason_takes_it_off(self):
        self.become("Accountant")
        frappe.call(f"{API}.unblock_orders", names=[self.sold.name], code="Below Cost", note="agreed")
        assert again(self.sold).exceptions is None

    def test_the_owner_may_not_take_off_all_reasons(self):
        self.become("Accountant")
        with self.refused(frappe.PermissionError):
            frappe.call(f"{API}.unblock_orders", names=[self.sold.name], note="agreed")

    def test_who_handles_orders_does_not_let_go_what_finance_stopped(self):
        flows.block_orders({self.sold.name: "read"}, "Remark", "rule")
        self.become("Customer Service")
        with self.refused(frappe.PermissionError, "Below Cost is for finance to decide"):
            frappe.call(f"{API}.unblock_orders", names=[self.sold.name], code="Below Cost", note="agreed")
        with self.refused(frappe.PermissionError, "Below Cost"):
            frappe.call(f"{API}.unblock_orders", names=[self.sold.name], note="all of it")
        (row,) = frappe.call(f"{INBOX}.fix_exceptions", names=[self.sold.name], code="Below Cost")
        assert (row["done"], "for finance" in row["message"]) == (False, True)
        order = again(self.sold)
        order.blocks = [row for row in order.blocks if row.code != "Below Cost"]
        with self.refused(frappe.PermissionError, "Below Cost is for finance to decide"):
            order.save()
        frappe.call(f"{API}.unblock_orders", names=[self.sold.name], code="Remark", note="read")
        assert again(self.sold).exceptions == "Below Cost"
        offered = {found["reason"]: found["mine"] for found in flows.explain_order(again(self.sold))["exceptions"]}
        assert offered == {"Below Cost": False}

    def test_somebody_elses_reason_stays(self):
        self.become("Buyer")
        with self.refused(frappe.PermissionError):
            frappe.call(f"{API}.unblock_orders", names=[self.sold.name], code="Below Cost")
        with self.refused(frappe.PermissionError):
            frappe.call(f"{INBOX}.assign_exceptions", names=[self.sold.name], code="Below Cost", user="Administrator")

    def test_the_owner_takes_an_exception_and_does_what_is_suggested(self):
        self.become("Accountant")
        named = {"names": [self.sold.name], "code": "Below Cost"}
        assert frappe.call(f"{INBOX}.assign_exceptions", **named, user=frappe.session.user) == 1
        (row,) = frappe.call(f"{INBOX}.fix_exceptions", **named)
        assert (row["done"], again(self.sold).exceptions) == (True, None)

    def test_an_edit_is_told_with_what_was_and_what_is(self):
        line = self.sold.items[0].name
        frappe.call(f"{API}.edit_order", name=self.sold.name, lines=[{"name": line, "qty": 3}], note="one each")
        history = flows.explain_order(again(self.sold))["history"]
        told = [entry for entry in history if entry["kind"] == "Edit"]
        assert [(found["stage"], found["what"]) for found in told[0]["decisions"]] == [
            ("SKU", self.a),
            ("Quantity", "1 → 3"),
        ]
        assert told[0]["note"] == "one each"
