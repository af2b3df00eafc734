"""Controller of the DocType Auto Repeat."""

from frappe.model.document import Document


class AutoRepeat(Document):
    """Makes a document again and again on a schedule."""
