"""What one person picks on one way through the warehouse (拣货任务)."""

from ec_erp.documents.sets import SetDocument


class PickTask(SetDocument):
    """What one person picks on one way through the warehouse (拣货任务)."""
