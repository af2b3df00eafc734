"""A button on the form of a DocType."""

from frappe.model.document import Document


class DocTypeAction(Document):
    """One row of DocType Action; its parent validates it."""
