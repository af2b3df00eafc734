"""Controller of the DocType Dynamic Link."""

from frappe.model.document import Document


class DynamicLink(Document):
    """A document to which an address or contact belongs."""
