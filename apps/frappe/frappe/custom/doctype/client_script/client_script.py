"""Controller of the DocType Client Script."""

from frappe.model.document import Document


class ClientScript(Document):
    """JavaScript of an administrator for the form or list of a DocType."""
