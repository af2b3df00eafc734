"""Controller of the DocType Gender."""

from frappe.model.document import Document


class Gender(Document):
    """A gender that can be chosen."""
