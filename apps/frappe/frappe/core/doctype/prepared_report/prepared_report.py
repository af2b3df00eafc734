"""Controller of the DocType Prepared Report."""

from frappe.model.document import Document


class PreparedReport(Document):
    """A report that ran in the background, with its result."""
