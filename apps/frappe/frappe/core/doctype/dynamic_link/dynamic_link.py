"""A document to which an address or contact belongs."""

from frappe.model.document import Document


class DynamicLink(Document):
    """One row of Dynamic Link; its parent validates it."""
