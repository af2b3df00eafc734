"""Controller of the DocType ToDo."""

from frappe.model.document import Document


class ToDo(Document):
    """A task for somebody, often about a document."""
