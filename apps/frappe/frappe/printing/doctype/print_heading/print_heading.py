"""Controller of the DocType Print Heading."""

from frappe.model.document import Document


class PrintHeading(Document):
    """Another heading for a printed document."""
