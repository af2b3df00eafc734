"""Failures of the catalog area."""

from ec_erp.documents.errors import DocumentRefused


class UnknownSku(DocumentRefused):
    """A document names a SKU that is not in the catalog."""


class DisabledSku(DocumentRefused):
    """A document names a SKU that has been switched off."""


class NotAvailableYet(DocumentRefused):
    """A SKU asks for a way of stock keeping that this version does not have."""
