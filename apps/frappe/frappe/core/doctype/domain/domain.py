"""Controller of the DocType Domain."""

from frappe.model.document import Document


class Domain(Document):
    """A line of business that switches parts of the system on."""
