"""One line of the general ledger (分录): append-only."""

from ec_erp.documents.ledger import PostedRow


class GLEntry(PostedRow):
    """One line of the general ledger (分录): append-only."""
