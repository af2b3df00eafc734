"""Approvals: orders wait for the roles that rules name, with the reason shown."""

import frappe

from ec_erp.purchasing.errors import PurchaseRefused
from ec_erp.testing import TradeCase, again, make, new, submitted


class TestPurchaseApprovalRule(TradeCase):
    """Orders above an amount, or dearer than before, wait for somebody."""

    def setUp(self):
        super().setUp()
        self.buyer = self.user("Buyer")
        self.boss = self.user("Buyer", "EC Manager")
        self.books = self.user("Accountant")

    def user(self, *roles):
        email = f"{frappe.generate_hash(length=8)}@example.com"
        values = {"email": email, "first_name": email, "send_welcome_email": 0}
        return make("User", **values, roles=[{"role": role} for role in roles]).name

    def be(self, user):
        frappe.set_user(user)
        frappe.local.lang = "en"

    def rule(self, **fields):
        values = {"rule_name": frappe.generate_hash(length=8), "role": "EC Manager", "company": self.company, **fields}
        return make("Purchase Approval Rule", **values)

    def ordered_by(self, user, rate=10):
        self.be(user)
        return self.purchase_order((self.a, 100, rate))

    def approve(self, order, user):
        self.be(user)
        return frappe.call("ec_erp.purchasing.api.approve_orders", names=[order.name])[order.name]

    def test_an_order_waits_with_its_reason_and_is_not_on_order(self):
        self.rule(min_amount=1000)
        order = self.ordered_by(self.buyer)
        assert (order.status, [row.reason for row in order.approvals]) == ("To Approve", ["1130 ≥ 1000"])
        assert self.stock(self.a)["on_order"] == 0
        assert self.approve(order, self.boss) == "Approved"
        assert self.stock(self.a)["on_order"] == 100
        shown = again(order).approvals[0]
        assert (shown.approved, shown.approved_by, bool(shown.approved_at)) == (1, self.boss, True)

    def test_small_orders_do_not_wait(self):
        self.rule(min_amount=1200)
        assert self.ordered_by(self.buyer).status == "Approved"

    def test_who_has_the_role_approves_by_submitting(self):
        self.rule(min_amount=1000)
        assert self.ordered_by(self.boss).status == "Approved"
        self.rule(min_amount=1000, allow_own=0, role="Buyer")
        assert self.ordered_by(self.boss).status == "To Approve"

    def test_other_roles_may_not_approve(self):
        self.rule(min_amount=1000)
        order = self.ordered_by(self.buyer)
        with self.refused(frappe.PermissionError, "EC Manager"):
            self.approve(order, self.buyer)

    def test_a_price_rise_calls_for_finance_after_purchasing(self):
        frappe.set_user("Administrator")
        make("Supplier SKU", supplier=self.supplier, sku=self.a, price=10)
        self.rule(min_amount=1000)
        self.rule(step="Finance", role="Accountant", price_deviation_percent=5)
        order = self.ordered_by(self.buyer, 11)
        assert [row.reason for row in order.approvals] == ["1243 ≥ 1000", "+10 % > 5 %"]
        assert self.approve(order, self.boss) == "To Finance Approve"
        assert self.approve(order, self.books) == "Approved"

    def test_nothing_is_received_before_the_approval(self):
        self.rule(min_amount=1000)
        order = self.ordered_by(self.buyer)
        with self.refused(PurchaseRefused, "waits for approval"):
            submitted(new("Purchase Receipt", purchase_order=order.name))

    def test_rejecting_cancels_with_the_reason(self):
        self.rule(min_amount=1000)
        order = self.ordered_by(self.buyer)
        self.be(self.boss)
        frappe.call("ec_erp.purchasing.api.reject_order", name=order.name, reason="too dear")
        shown = again(order)
        assert (shown.status, shown.docstatus, shown.rejection_reason) == ("Cancelled", 2, "too dear")
        assert self.stock(self.a)["on_order"] == 0

    def test_rejecting_needs_the_role_and_a_reason(self):
        self.rule(min_amount=1000)
        order = self.ordered_by(self.buyer)
        with self.refused(frappe.PermissionError, "EC Manager"):
            frappe.call("ec_erp.purchasing.api.reject_order", name=order.name, reason="no")
        self.be(self.boss)
        with self.refused(PurchaseRefused, "why"):
            frappe.call("ec_erp.purchasing.api.reject_order", name=order.name, reason=" ")

    def test_approved_orders_wait_for_nobody(self):
        order = self.ordered_by(self.buyer)
        with self.refused(PurchaseRefused, "waits for no approval"):
            self.approve(order, self.boss)
