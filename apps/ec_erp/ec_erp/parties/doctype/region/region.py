"""Region: A province, city or district with its official code (行政区划)."""

from ec_erp.documents.sets import SetDocument
from ec_erp.parties import flows


class Region(SetDocument):
    """A province, city or district with its official code (行政区划)."""

    def check(self) -> None:
        """Refuse a region without the one that it lies in."""
        flows.check_region(self)

    def on_update(self) -> None:
        """Have addresses read by the new table."""
        flows.forget_regions()

    def on_trash(self) -> None:
        """Have addresses read by the new table."""
        super().on_trash()
        flows.forget_regions()
