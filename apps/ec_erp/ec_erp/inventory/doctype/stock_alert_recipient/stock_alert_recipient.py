"""Whom an alert rule tells (预警通知对象)."""

from ec_erp.documents.sets import SetRow


class StockAlertRecipient(SetRow):
    """Whom an alert rule tells (预警通知对象)."""
