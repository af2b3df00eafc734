"""Rule Rehearsal: what the rules as they are now would change about the orders of the last days (规则演练)."""

import frappe
from frappe.model.document import Document

from ec_erp.orders.flows import rehearsing


class RuleRehearsal(Document):
    """The orders whose outcome changes, found when the document is saved."""

    def onload(self) -> None:
        """Tell in the reader's language what was found."""
        rehearsing.tell_rehearsal(self)

    def validate(self) -> None:
        """Run it."""
        rehearsing.fill_rehearsal(self)

    @frappe.whitelist()
    def rehearse(self) -> int:
        """Run it again with the rules and orders of now. Returns how many orders come out differently."""
        self.check_permission("write")
        self.save()
        return int(self.changed_count or 0)
