"""What happened to an order: who, when and why (订单日志)."""

from ec_erp.documents.ledger import PostedRow


class OrderLog(PostedRow):
    """What happened to an order: who, when and why (订单日志)."""
