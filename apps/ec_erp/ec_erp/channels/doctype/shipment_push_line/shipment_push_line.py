"""Shipment Push Line: What of a platform's order is in a reported parcel (回传明细)."""

from ec_erp.documents.sets import SetRow


class ShipmentPushLine(SetRow):
    """What of a platform's order is in a reported parcel (回传明细)."""
