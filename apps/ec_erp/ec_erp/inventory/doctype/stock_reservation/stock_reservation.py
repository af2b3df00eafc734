"""Stock put aside for one order line (占用)."""

from ec_erp.documents.ledger import PostedRow


class StockReservation(PostedRow):
    """Stock put aside for one order line (占用)."""
