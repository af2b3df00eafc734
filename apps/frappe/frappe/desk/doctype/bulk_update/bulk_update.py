"""Controller of the DocType Bulk Update."""

from frappe.model.document import Document


class BulkUpdate(Document):
    """Sets one field to one value in many documents."""
