"""What of a SKU a provider's task is about (外仓任务明细)."""

from ec_erp.documents.sets import SetRow


class ProviderTaskLine(SetRow):
    """What of a SKU a provider's task is about (外仓任务明细)."""
