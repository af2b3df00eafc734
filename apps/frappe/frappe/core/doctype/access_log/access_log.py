"""Who exported, printed or downloaded what."""

from frappe.model.document import Document


class AccessLog(Document):
    """An Access Log document."""
