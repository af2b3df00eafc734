"""What a provider is told: an order to send out, a cancellation, goods that will come (外仓任务)."""

from ec_erp.documents.sets import SetDocument


class ProviderTask(SetDocument):
    """What a provider is told: an order to send out, a cancellation, goods that will come (外仓任务)."""
