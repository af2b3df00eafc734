"""A language that users can choose."""

from frappe.model.document import Document


class Language(Document):
    """A Language document."""
