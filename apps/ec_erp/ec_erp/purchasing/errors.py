"""Failures of the purchasing area."""

from ec_erp.documents.errors import DocumentRefused


class OverReceipt(DocumentRefused):
    """More is received than was ordered."""


class OverPurchaseReturn(DocumentRefused):
    """More is sent back than was received."""


class DockFull(DocumentRefused):
    """A dock has no room for a delivery in its slot."""


class PurchaseRefused(DocumentRefused):
    """A purchase document does not fit the one it belongs to, or its status."""
