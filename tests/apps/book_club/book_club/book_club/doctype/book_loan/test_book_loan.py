"""Loans."""

import frappe
from frappe.tests.utils import FrappeTestCase
from frappe.utils import add_days, nowdate

test_dependencies = ["Book"]
test_ignore = ["User", "Role"]  # both are there


def loan(copies=1, **values):
    """Give a new loan of the test's first book."""
    items = [{"book": "_T-ATLAS", "copies": copies}]
    return frappe.get_doc({"doctype": "Book Loan", "member": "Administrator", "items": items, **values})


class TestBookLoan(FrappeTestCase):
    """What holds for loans."""

    def tearDown(self):
        frappe.set_user("Administrator")
        frappe.db.rollback()

    def lent(self):
        return frappe.db.get_value("Book", "_T-ATLAS", "lent")

    def test_values_are_filled_in(self):
        doc = loan().insert()
        self.assertEqual(str(doc.due_on), add_days(nowdate(), 14))
        self.assertEqual((doc.total_copies, doc.items[0].book_title), (1, "Atlas"))
        self.assertTrue(doc.name.startswith("LOAN-"))

    def test_books_are_lent_and_taken_back(self):
        doc = loan(copies=2).insert()
        doc.submit()
        self.assertEqual(self.lent(), 2)
        self.assertEqual(doc.take_back(), "Returned")
        self.assertEqual(self.lent(), 0)

    def test_more_than_is_there_is_refused(self):
        doc = loan(copies=3).insert()
        with self.assertRaisesRegex(frappe.ValidationError, "Only 2 copies"):
            doc.submit()

    def test_cancelling_takes_back(self):
        doc = loan().insert()
        doc.submit()
        doc.cancel()
        self.assertEqual((self.lent(), doc.docstatus), (0, 2))

    def test_dates_are_checked(self):
        self.assertRaises(frappe.ValidationError, loan(lent_on="2024-03-02", due_on="2024-03-01").insert)

    def test_members_see_their_own(self):
        frappe.get_doc(
            {"doctype": "User", "email": "member@club.example.com", "first_name": "Member", "send_welcome_email": 0}
        ).insert(ignore_if_duplicate=True)
        own = loan(member="member@club.example.com").insert()
        other = loan().insert()
        frappe.set_user("member@club.example.com")
        self.assertEqual(frappe.get_list("Book Loan", pluck="name"), [own.name])
        self.assertTrue(frappe.has_permission("Book Loan", "read", own.name))
        self.assertFalse(frappe.has_permission("Book Loan", "read", other.name))
