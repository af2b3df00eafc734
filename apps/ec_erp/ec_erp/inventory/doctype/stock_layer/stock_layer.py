"""What is left of one receipt of goods costed first in, first out (先进先出层)."""

from ec_erp.documents.ledger import PostedRow


class StockLayer(PostedRow):
    """What is left of one receipt of goods costed first in, first out (先进先出层)."""
