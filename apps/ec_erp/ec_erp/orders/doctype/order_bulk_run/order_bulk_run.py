"""Order Bulk Run: one thing done to many orders, with a result for each (批量操作)."""

from frappe.model.document import Document

from ec_erp.orders.flows import bulk


class OrderBulkRun(Document):
    """One thing done to many orders, with a result for each (批量操作)."""

    def onload(self) -> None:
        """Tell the results in the reader's language."""
        bulk.tell_results(self)
