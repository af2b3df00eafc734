"""Controller of the DocType Email Domain."""

from frappe.model.document import Document


class EmailDomain(Document):
    """Servers that several email accounts share."""
