"""Changes the form, fields and views of a DocType without touching its app."""

from frappe.model.document import Document


class CustomizeForm(Document):
    """The settings document Customize Form."""
