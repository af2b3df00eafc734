"""A line of business that switches parts of the system on."""

from frappe.model.document import Document


class Domain(Document):
    """A Domain document."""
