"""Controller of the DocType Block Module."""

from frappe.model.document import Document


class BlockModule(Document):
    """A module hidden from a user."""
