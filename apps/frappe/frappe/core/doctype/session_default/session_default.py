"""A DocType whose value a user chooses for the session."""

from frappe.model.document import Document


class SessionDefault(Document):
    """One row of Session Default; its parent validates it."""
