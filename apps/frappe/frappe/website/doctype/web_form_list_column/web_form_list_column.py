"""Controller of the DocType Web Form List Column."""

from frappe.model.document import Document


class WebFormListColumn(Document):
    """A column of the list under a web form."""
