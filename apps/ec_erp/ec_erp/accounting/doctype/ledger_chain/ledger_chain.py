"""The head of one hash chain of the general ledger."""

from ec_erp.documents.ledger import PostedRow


class LedgerChain(PostedRow):
    """The head of one hash chain of the general ledger."""
