"""A DocType whose documents point to this one, shown on the form with a count."""

from frappe.model.document import Document


class DocTypeLink(Document):
    """One row of DocType Link; its parent validates it."""
