"""Controller of the DocType Global Search DocType."""

from frappe.model.document import Document


class GlobalSearchDocType(Document):
    """A DocType covered by the search over everything."""
