"""Controller of the DocType DocType State."""

from frappe.model.document import Document


class DocTypeState(Document):
    """A status and the colour that shows it."""
