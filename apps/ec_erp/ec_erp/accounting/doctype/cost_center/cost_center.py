"""A cost centre (成本中心): a dimension of ledger entries."""

from frappe.model.document import Document


class CostCenter(Document):
    """A cost centre (成本中心): a dimension of ledger entries."""
