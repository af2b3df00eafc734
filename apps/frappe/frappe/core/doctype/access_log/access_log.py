"""Controller of the DocType Access Log."""

from frappe.model.document import Document


class AccessLog(Document):
    """Who exported, printed or downloaded what."""
