"""Controller of the DocType Note."""

from frappe.model.document import Document


class Note(Document):
    """A page of text for oneself or for everybody."""
