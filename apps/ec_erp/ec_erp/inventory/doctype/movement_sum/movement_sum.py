"""What a day or a month of event time has brought and taken of a SKU in a warehouse, per shop (进出汇总)."""

from ec_erp.documents.ledger import PostedRow


class MovementSum(PostedRow):
    """What a day or a month of event time has brought and taken of a SKU in a warehouse, per shop."""
