"""What a provider says lies in its warehouse (外仓库存快照)."""

from ec_erp.documents.sets import SetDocument


class ProviderSnapshot(SetDocument):
    """What a provider says lies in its warehouse (外仓库存快照)."""
