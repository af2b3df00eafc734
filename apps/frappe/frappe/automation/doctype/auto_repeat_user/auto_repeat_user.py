"""Controller of the DocType Auto Repeat User."""

from frappe.model.document import Document


class AutoRepeatUser(Document):
    """A user to whom a repeated document is assigned."""
