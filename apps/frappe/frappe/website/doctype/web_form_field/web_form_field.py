"""Controller of the DocType Web Form Field."""

from frappe.model.document import Document


class WebFormField(Document):
    """A field of a web form."""
