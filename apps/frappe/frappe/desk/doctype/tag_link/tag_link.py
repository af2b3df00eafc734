"""Controller of the DocType Tag Link."""

from frappe.model.document import Document


class TagLink(Document):
    """A document that carries a tag."""
