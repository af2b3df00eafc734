"""Controller of the DocType Tag."""

from frappe.model.document import Document


class Tag(Document):
    """A word that marks documents of any kind."""
