"""Why goods come in or go out other than by trade (出入库原因)."""

from frappe.model.document import Document


class StockReason(Document):
    """Why goods come in or go out other than by trade (出入库原因)."""
