"""Failures of the orders area."""

from ec_erp.documents.errors import DocumentRefused


class DuplicateOrder(DocumentRefused):
    """The shop has an order with this platform order id already."""


class OrderNotReady(DocumentRefused):
    """The order's status or a block does not allow what is asked."""


class EditRefused(DocumentRefused):
    """A change of a submitted order that may not be made, or not now."""


class RulesRefused(DocumentRefused):
    """Rules of orders that can't be published or restored."""
