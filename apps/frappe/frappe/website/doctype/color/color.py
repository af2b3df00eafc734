"""Controller of the DocType Color."""

from frappe.model.document import Document


class Color(Document):
    """A named colour."""
