"""Bin Move: goods go from one bin of a warehouse to another (移位单)."""

from collections.abc import Sequence
from typing import Any

from ec_erp.documents.sets import SetDocument
from ec_erp.fulfilment.flows import bin_moves


class BinMove(SetDocument):
    """Goods go from one bin to another; submitted they lie there."""

    def fill_defaults(self) -> None:
        """Complete what was not said."""
        bin_moves.fill_move(self)

    def check(self) -> None:
        """Refuse what breaks a rule."""
        bin_moves.check_move(self)

    @classmethod
    def submit_set(cls, docs: Sequence[Any]) -> None:
        """Post."""
        bin_moves.post_moves(docs)

    @classmethod
    def cancel_set(cls, docs: Sequence[Any]) -> None:
        """Post the reversal."""
        bin_moves.cancel_moves(docs)
