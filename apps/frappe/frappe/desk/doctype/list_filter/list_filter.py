"""Controller of the DocType List Filter."""

from frappe.model.document import Document


class ListFilter(Document):
    """A saved filter of a list, for one user or for all."""
