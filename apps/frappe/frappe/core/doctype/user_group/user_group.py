"""Controller of the DocType User Group."""

from __future__ import annotations

import frappe
from frappe.model.document import Document


class UserGroup(Document):
    """Users who can be mentioned together."""

    def after_insert(self) -> None:
        """Let mentions know the group at once."""
        frappe.cache.delete_key("user_groups")

    def on_trash(self) -> None:
        """Let mentions forget the group at once."""
        frappe.cache.delete_key("user_groups")
