"""A parcel with its waybill, weight and lines (包裹)."""

from ec_erp.documents.sets import SetDocument


class Parcel(SetDocument):
    """A parcel with its waybill, weight and lines (包裹)."""
