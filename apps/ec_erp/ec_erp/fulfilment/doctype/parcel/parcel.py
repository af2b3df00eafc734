"""A parcel with its waybill, weight and lines (包裹)."""

from ec_erp.documents import sentences
from ec_erp.documents.sets import SetDocument


class Parcel(SetDocument):
    """A parcel with its waybill, weight and lines (包裹)."""

    def onload(self) -> None:
        """Tell in the reader's language why this carton and this carrier."""
        self.package_why = sentences.read_note(self.package_why, self.package_terms) or None
        self.carrier_why = sentences.read_note(self.carrier_why, self.carrier_terms) or None
