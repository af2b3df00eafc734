"""What one person puts back into bins because its order was recalled (退拣任务)."""

from ec_erp.documents.sets import SetDocument


class PutBackTask(SetDocument):
    """What one person puts back into bins because its order was recalled (退拣任务)."""
