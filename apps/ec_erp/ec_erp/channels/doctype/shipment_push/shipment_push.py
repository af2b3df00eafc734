"""Shipment Push: A parcel of a platform's order that is reported to the platform (发货回传)."""

from ec_erp.documents.sets import SetDocument


class ShipmentPush(SetDocument):
    """A parcel of a platform's order that is reported to the platform (发货回传)."""
