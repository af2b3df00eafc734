"""Controller of the DocType Report."""

from frappe.model.document import Document


class Report(Document):
    """A report on documents: from a script, a query, or columns chosen in the desk."""
