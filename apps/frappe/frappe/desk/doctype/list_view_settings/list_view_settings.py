"""Controller of the DocType List View Settings."""

from frappe.model.document import Document


class ListViewSettings(Document):
    """How the list of a DocType looks for everybody."""
