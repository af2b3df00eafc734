"""Warehouse Coverage: a region that a warehouse delivers to (配送范围)."""

from frappe.model.document import Document


class WarehouseCoverage(Document):
    """A region that a warehouse delivers to (配送范围)."""
