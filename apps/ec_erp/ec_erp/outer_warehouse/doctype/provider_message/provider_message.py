"""What a provider has told us, and what became of it (外仓回执)."""

from ec_erp.documents.sets import SetDocument


class ProviderMessage(SetDocument):
    """What a provider has told us, and what became of it (外仓回执)."""
