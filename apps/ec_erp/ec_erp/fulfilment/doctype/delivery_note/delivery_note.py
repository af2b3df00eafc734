"""Delivery Note: goods leave for a buyer, or come back from one (发货单, 退货单)."""

from collections.abc import Sequence
from typing import Any

from ec_erp.documents.sets import SetDocument
from ec_erp.fulfilment.flows import notes, outbound, ship


class DeliveryNote(SetDocument):
    """A delivery, or a return where ``is_return``; submitted the goods have moved."""

    @classmethod
    def prefetch_set(cls, docs: Sequence[Any]) -> None:
        """Load what the checks ask for."""
        notes.prefetch(docs)

    def before_insert(self) -> None:
        """Choose the number series."""
        super().before_insert()
        notes.choose_series(self)

    def fill_defaults(self) -> None:
        """Complete it from its order or delivery."""
        notes.fill_note(self)

    def check(self) -> None:
        """Refuse what breaks a rule; price it."""
        notes.check_note(self)

    @classmethod
    def submit_set(cls, docs: Sequence[Any]) -> None:
        """Post."""
        ship.post_notes(docs)

    @classmethod
    def cancel_set(cls, docs: Sequence[Any]) -> None:
        """Post the reversal."""
        ship.cancel_notes(docs)

    def on_trash(self) -> None:
        """Refuse once it was submitted; undo what the warehouse has done for a draft."""
        super().on_trash()
        outbound.forget_draft(self)
