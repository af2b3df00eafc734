"""Order Bulk Run Row: what came of one order (批量结果)."""

from frappe.model.document import Document


class OrderBulkRunRow(Document):
    """What came of one order (批量结果)."""
