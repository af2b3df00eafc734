"""Controller of the DocType Unhandled Email."""

from frappe.model.document import Document


class UnhandledEmail(Document):
    """A received mail that could not be stored."""
