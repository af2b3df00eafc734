"""Controller of the DocType Customize Form."""

from frappe.model.document import Document


class CustomizeForm(Document):
    """Changes the form, fields and views of a DocType without touching its app."""
