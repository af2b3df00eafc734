"""Orders that are picked together (波次)."""

from ec_erp.documents.sets import SetDocument


class Wave(SetDocument):
    """Orders that are picked together (波次)."""
