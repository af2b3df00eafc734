"""Stock Policy Warehouse: A warehouse whose stock a policy counts."""

from ec_erp.documents.sets import SetRow


class StockPolicyWarehouse(SetRow):
    """A warehouse whose stock a policy counts."""
