"""What of a SKU and grade a provider says it has (外仓库存快照明细)."""

from ec_erp.documents.sets import SetRow


class ProviderSnapshotItem(SetRow):
    """What of a SKU and grade a provider says it has (外仓库存快照明细)."""
