"""Counting what lies in a warehouse and putting the books right (盘点单)."""

from collections.abc import Sequence
from typing import Any

import frappe

from ec_erp.documents.requests import rows_in
from ec_erp.documents.sets import SetDocument
from ec_erp.stockroom.flows import counts


class StockCount(SetDocument):
    """Counting what lies in a warehouse and putting the books right (盘点单)."""

    def fill_defaults(self) -> None:
        """Complete what was not said."""
        counts.fill(self)

    def check(self) -> None:
        """Refuse what breaks a rule."""
        counts.check(self)

    @classmethod
    def submit_set(cls, docs: Sequence[Any]) -> None:
        """Post the differences."""
        counts.post_counts(docs)

    @classmethod
    def cancel_set(cls, docs: Sequence[Any]) -> None:
        """Undo the differences that were posted."""
        counts.cancel_counts(docs)

    def onload(self) -> None:
        """Keep what the books say from those who count blindly."""
        counts.hide_books(self)

    def on_trash(self) -> None:
        """Let go what it had frozen."""
        super().on_trash()
        counts.unfreeze([self])

    @frappe.whitelist(methods=["POST"])
    def start(self) -> str:
        """List what is to be counted; return the status."""
        return counts.start(self)

    @frappe.whitelist(methods=["POST"])
    def scan(self, entries: list[dict[str, Any]] | str) -> str:
        """Take counted quantities: rows of sku or barcode, bin, batch, grade, qty, counted_at, add; return the status."""
        return counts.scan(self, rows_in(entries))

    @frappe.whitelist(methods=["POST"])
    def finish(self, missing_is_zero: int | str = 0) -> str:
        """End a round; what was not counted stays open, or counts as nothing; return the status."""
        return counts.finish(self, bool(frappe.utils.cint(missing_is_zero)))
