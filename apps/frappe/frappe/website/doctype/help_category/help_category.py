"""Controller of the DocType Help Category."""

from frappe.model.document import Document


class HelpCategory(Document):
    """A group of help articles."""
