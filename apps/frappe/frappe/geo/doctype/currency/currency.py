"""Controller of the DocType Currency."""

from frappe.model.document import Document


class Currency(Document):
    """A currency with its symbol, fraction and number format."""
