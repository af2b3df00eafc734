"""What lies of a SKU, batch and grade in a bin (货位库存); the rows of a SKU and warehouse add up to its balance."""

from ec_erp.documents.ledger import PostedRow


class BinBalance(PostedRow):
    """What lies of a SKU, batch and grade in a bin (货位库存); the rows of a SKU and warehouse add up to its balance."""
