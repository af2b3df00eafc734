"""Platform Order Version: an earlier state of a platform's order (原始单版本)."""

from ec_erp.documents.sets import SetRow


class PlatformOrderVersion(SetRow):
    """An earlier state of a platform's order (原始单版本)."""
