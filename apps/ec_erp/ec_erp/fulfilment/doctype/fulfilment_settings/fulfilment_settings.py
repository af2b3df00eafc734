"""Fulfilment Settings: which steps a parcel goes through, and what it may weigh (发货设置)."""

from ec_erp.documents.errors import refuse
from ec_erp.documents.sets import SetDocument
from ec_erp.fulfilment.rules import videos


class FulfilmentSettings(SetDocument):
    """Which steps a parcel goes through, and what it may weigh."""

    def check(self) -> None:
        """Refuse an address of recordings that is none."""
        if self.video_link:
            refuse(videos.template_problems(self.video_link))
