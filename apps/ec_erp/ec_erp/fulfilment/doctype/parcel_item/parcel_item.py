"""What lies in a parcel (包裹明细)."""

from ec_erp.documents.sets import SetRow


class ParcelItem(SetRow):
    """What lies in a parcel (包裹明细)."""
