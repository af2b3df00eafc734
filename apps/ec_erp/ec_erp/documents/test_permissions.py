"""What the roles may do: work in their own place, read the ledgers, never write them."""

import frappe

from ec_erp.testing import TradeCase, again, make, new, submitted

LEDGERS = ("Stock Ledger Entry", "GL Entry", "Stock Balance")


class TestRoles(TradeCase):
    """Users with one role each."""

    def become(self, role):
        user = make(
            "User",
            email=f"{frappe.generate_hash(length=8)}@example.com",
            first_name=role,
            send_welcome_email=0,
            roles=[{"role": role}],
        )
        frappe.set_user(user.name)
        frappe.local.lang = "en"

    def test_warehouse_staff_delivers_without_rights_on_the_order(self):
        self.buy(self.a, 5, 10)
        order = self.order((self.a, 2, 20))
        self.become("Warehouse Staff")
        assert not frappe.has_permission("Sales Order", "write")
        note = self.deliver(order)
        frappe.set_user("Administrator")
        assert (again(order).status, again(note).owner != "Administrator") == ("Shipped", True)

    def test_a_buyer_orders_but_does_not_book(self):
        self.become("Buyer")
        order = self.purchase_order((self.a, 1, 10))
        assert order.docstatus == 1
        with self.refused(frappe.PermissionError):
            new("Journal Entry", company=self.company).insert()

    def test_customer_service_does_not_receive_goods(self):
        self.become("Customer Service")
        with self.refused(frappe.PermissionError):
            self.buy(self.a, 1, 10)

    def test_an_analyst_reads_everything_and_changes_nothing(self):
        self.buy(self.a, 5, 10)
        order = self.order((self.a, 2, 20))
        self.become("Analyst")
        for doctype in (*LEDGERS, "Sales Order", "SKU", "Account"):
            with self.subTest(doctype=doctype):
                assert frappe.get_list(doctype, limit=1)
                assert not [right for right in ("write", "create", "delete") if frappe.has_permission(doctype, right)]
        with self.refused(frappe.PermissionError):
            frappe.get_doc("Sales Order", order.name).cancel()

    def test_nobody_has_rights_to_write_ledgers(self):
        for doctype in (*LEDGERS, "Ledger Chain", "Stock Reservation"):
            for row in frappe.get_meta(doctype).permissions:
                given = [
                    right for right in ("write", "create", "delete", "submit", "cancel", "import") if row.get(right)
                ]
                assert given == [], (doctype, row.role)

    def test_costs_are_for_those_who_may_see_them(self):
        self.buy(self.a, 5, 10)
        note = self.deliver(self.order((self.a, 2, 20)))
        self.become("Customer Service")
        shown = frappe.get_doc("Delivery Note", note.name)
        shown.apply_fieldlevel_read_permissions()
        assert shown.get("total_cost") in (None, 0)
        frappe.set_user("Administrator")
        assert submitted(new("Delivery Note", is_return=1, return_against=note.name)).total_cost == 20
