"""Order Bulk Run: one thing done to many orders, with a result for each (批量操作)."""

from frappe.model.document import Document


class OrderBulkRun(Document):
    """One thing done to many orders, with a result for each (批量操作)."""
