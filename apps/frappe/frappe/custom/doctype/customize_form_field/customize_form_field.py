"""Controller of the DocType Customize Form Field."""

from frappe.model.document import Document


class CustomizeFormField(Document):
    """One field of the form that is being customised."""
