"""An order of a wave with its basket (波次订单)."""

from ec_erp.documents.sets import SetRow


class WaveOrder(SetRow):
    """An order of a wave with its basket (波次订单)."""
