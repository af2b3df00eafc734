"""Controller of the DocType Web Form."""

from frappe.model.document import Document


class WebForm(Document):
    """A form on the public site that makes or edits documents."""
