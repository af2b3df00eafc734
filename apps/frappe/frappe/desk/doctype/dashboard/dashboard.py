"""Controller of the DocType Dashboard."""

from frappe.model.document import Document


class Dashboard(Document):
    """Charts and number cards on one page."""
