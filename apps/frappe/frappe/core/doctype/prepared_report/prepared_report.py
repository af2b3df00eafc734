"""A report that ran in the background, with its result."""

from frappe.model.document import Document


class PreparedReport(Document):
    """A Prepared Report document."""
