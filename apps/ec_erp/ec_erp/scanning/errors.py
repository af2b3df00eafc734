"""Failures of the scanning area."""

from ec_erp.documents.errors import DocumentRefused


class ScanRefused(DocumentRefused):
    """A scanned code says nothing here; the message says what is expected."""
