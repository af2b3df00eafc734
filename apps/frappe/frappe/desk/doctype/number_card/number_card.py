"""Controller of the DocType Number Card."""

from frappe.model.document import Document


class NumberCard(Document):
    """One number on a workspace or dashboard."""
