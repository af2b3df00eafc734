"""Books."""

import frappe
from frappe.tests.utils import FrappeTestCase

test_records = frappe.get_test_records("Book")


class TestBook(FrappeTestCase):
    """What holds for books."""

    def test_records_of_the_doctype_are_made(self):
        self.assertEqual(frappe.db.get_value("Book", "_T-ATLAS", "copies"), 2)

    def test_copies_that_are_lent_must_be_there(self):
        book = frappe.get_doc("Book", "_T-ATLAS")
        book.lend(2)
        book.copies = 1
        self.assertRaises(frappe.ValidationError, book.save)

    def test_codes_are_unique(self):
        again = frappe.get_doc({"doctype": "Book", "code": "_T-ATLAS", "title": "Another"})
        self.assertRaises(frappe.DuplicateEntryError, again.insert)
