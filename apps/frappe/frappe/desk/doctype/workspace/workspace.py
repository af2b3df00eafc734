"""Controller of the DocType Workspace."""

from frappe.model.document import Document


class Workspace(Document):
    """A page of the desk with shortcuts, numbers, charts and lists."""
