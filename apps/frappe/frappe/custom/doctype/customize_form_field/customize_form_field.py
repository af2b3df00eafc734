"""One field of the form that is being customised."""

from frappe.model.document import Document


class CustomizeFormField(Document):
    """One row of Customize Form Field; its parent validates it."""
