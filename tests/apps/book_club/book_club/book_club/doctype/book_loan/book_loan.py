"""A loan of books to a member."""

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, getdate, nowdate


class BookLoan(Document):
    """Lends books when it is submitted, takes them back when it is returned or cancelled."""

    def validate(self):
        """Fill in dates and the number of books."""
        self.lent_on = self.lent_on or nowdate()
        self.due_on = self.due_on or add_days(self.lent_on, 14)
        if getdate(self.due_on) < getdate(self.lent_on):
            frappe.throw(frappe._("Books are due after they are lent"))
        self.total_copies = sum(row.copies for row in self.items)

    def on_submit(self):
        """Lend the books."""
        self.move(1)
        self.db_set("status", "Open")

    def on_cancel(self):
        """Take back what is still lent."""
        if self.status == "Open":
            self.move(-1)
        self.db_set("status", "Cancelled")

    def move(self, sign):
        """Count the copies of each row as lent or back."""
        for row in self.items:
            frappe.get_doc("Book", row.book, for_update=True).lend(sign * row.copies)

    @frappe.whitelist()
    def take_back(self):
        """Take all books back."""
        self.move(-1)
        self.db_set("status", "Returned")
        return self.status


def on_doctype_update():
    """Find the loans of a member that are open at once."""
    frappe.db.add_index("Book Loan", ["member", "status"])
