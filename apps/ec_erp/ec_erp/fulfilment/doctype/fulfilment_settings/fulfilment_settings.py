"""Fulfilment Settings: which steps a parcel goes through, and what it may weigh (发货设置)."""

from ec_erp.documents.sets import SetDocument


class FulfilmentSettings(SetDocument):
    """Which steps a parcel goes through, and what it may weigh."""
