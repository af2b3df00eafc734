"""Controller of the DocType Query Parameters."""

from frappe.model.document import Document


class QueryParameters(Document):
    """A parameter added to an address."""
