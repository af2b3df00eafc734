"""A line of a loan."""

from frappe.model.document import Document


class BookLoanItem(Document):
    """A book and how many copies of it are lent."""
