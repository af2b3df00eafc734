"""Controller of the DocType Address."""

from frappe.model.document import Document


class Address(Document):
    """An address of a company, customer, supplier or other document."""
