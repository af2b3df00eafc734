"""Failures of the fulfilment area."""

from ec_erp.documents.errors import DocumentRefused


class OverDelivery(DocumentRefused):
    """More is delivered than the order asks for."""


class OverReturn(DocumentRefused):
    """More comes back than was delivered."""


class DeliveryRefused(DocumentRefused):
    """A delivery or return does not fit its order, its delivery, or what has happened since."""


class WrongItem(DeliveryRefused):
    """A scanned item does not belong in the delivery."""


class SurplusItem(DeliveryRefused):
    """A scanned item is more than the delivery holds."""


class WeightOff(DeliveryRefused):
    """A parcel does not weigh what it should."""


class NoWaybill(DeliveryRefused):
    """No waybill number could be had for a parcel."""
