"""Controller of the DocType Custom Field."""

from frappe.model.document import Document


class CustomField(Document):
    """A field that an administrator or an app adds to a DocType it does not own."""
