"""A book of the club."""

import frappe
from frappe import _
from frappe.model.document import Document


class Book(Document):
    """A book, with how many copies the club has and how many are lent."""

    def validate(self):
        """Refuse fewer copies than are lent."""
        if self.copies < (self.lent or 0):
            frappe.throw(_("{0} copies are lent").format(self.lent), title=_("Too few"))

    def lend(self, copies):
        """Count copies as lent (or back, when negative)."""
        available = self.copies - self.lent
        if copies > available:
            frappe.throw(_("Only {0} copies of {1} are there").format(available, frappe.bold(self.title)))
        self.db_set("lent", self.lent + copies)
