"""JavaScript of an administrator for the form or list of a DocType."""

from frappe.model.document import Document


class ClientScript(Document):
    """A Client Script document."""
