"""Failures of the stockroom area."""

from ec_erp.documents.errors import DocumentRefused


class TransferRefused(DocumentRefused):
    """A transfer is not in the state that an action needs, or receives more than was sent."""


class CountRefused(DocumentRefused):
    """A count is not in the state that an action needs, or names goods that are not counted there."""
