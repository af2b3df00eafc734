"""A status and the colour that shows it."""

from frappe.model.document import Document


class DocTypeState(Document):
    """One row of DocType State; its parent validates it."""
