"""Controller of the DocType Email Unsubscribe: an address that wants no more mail.

Invariant: an entry is about one document or about all mail, and there is one entry for each.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document


class EmailUnsubscribe(Document):
    """An address that no longer wants mail about a document, or any."""

    def validate(self) -> None:
        """Refuse an entry about nothing, and a second one about the same."""
        if not self.global_unsubscribe and not (self.reference_doctype and self.reference_name):
            frappe.throw(_("Reference DocType and Reference Name are required"), frappe.MandatoryError)
        if frappe.get_all("Email Unsubscribe", {**self._about(), "name": ["!=", self.name or ""]}, limit=1):
            frappe.throw(_("{0} already unsubscribed").format(self.email), frappe.DuplicateEntryError)

    def _about(self) -> dict[str, object]:
        if self.global_unsubscribe:
            return {"email": self.email, "global_unsubscribe": 1}
        return {
            "email": self.email,
            "reference_doctype": self.reference_doctype,
            "reference_name": self.reference_name,
            "global_unsubscribe": 0,
        }
