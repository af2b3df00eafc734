"""Controller of the DocType Session Default."""

from frappe.model.document import Document


class SessionDefault(Document):
    """A DocType whose value a user chooses for the session."""
