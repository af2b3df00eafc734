"""Between which bounds stock should stay (库存预警规则)."""

from ec_erp.documents.sets import SetDocument
from ec_erp.inventory.flows import alert_rules, alerting


class StockAlertRule(SetDocument):
    """Bounds of what is available: fixed, or so many days of sales."""

    def check(self) -> None:
        """Refuse bounds that can't hold."""
        alert_rules.check_rule(self)

    def on_trash(self) -> None:
        """Keep what it has noticed."""
        alerting.forget_rule(self)
