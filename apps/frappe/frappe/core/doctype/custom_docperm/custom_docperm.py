"""Controller of the DocType Custom DocPerm."""

from __future__ import annotations

from frappe_engine.access.summary import forget_summaries

import frappe
from frappe.model.document import Document


class CustomDocPerm(Document):
    """Permission rules that replace those of a DocType on this site."""

    def on_update(self) -> None:
        """Let every process see the rule."""
        self._forget()

    def after_delete(self) -> None:
        """Let every process forget the rule."""
        self._forget()

    def _forget(self) -> None:
        frappe.clear_cache(doctype=self.parent)
        forget_summaries()
