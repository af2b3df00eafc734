"""Failures of the posting area."""

from ec_erp.documents.errors import DocumentRefused


class LedgersDisagree(DocumentRefused):
    """The proof of the ledgers found a fault."""
