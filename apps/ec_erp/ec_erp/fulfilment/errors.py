"""Failures of the fulfilment area."""

from ec_erp.documents.errors import DocumentRefused


class OverDelivery(DocumentRefused):
    """More is delivered than the order asks for."""


class OverReturn(DocumentRefused):
    """More comes back than was delivered."""


class DeliveryRefused(DocumentRefused):
    """A delivery or return does not fit its order, its delivery, or what has happened since."""
