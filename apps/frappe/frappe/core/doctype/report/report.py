"""A report on documents: from a script, a query, or columns chosen in the desk."""

from frappe.model.document import Document


class Report(Document):
    """A Report document."""
