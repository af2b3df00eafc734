"""Controller of the DocType Module Profile."""

from __future__ import annotations

import frappe
from frappe.model.document import Document


class ModuleProfile(Document):
    """Modules that are hidden together."""

    def onload(self) -> None:
        """Give the form all modules."""
        self.set_onload("all_modules", sorted(frappe.get_all("Module Def", pluck="name")))

    def on_update(self) -> None:
        """Hide from users with this profile what it hides now."""
        for name in frappe.get_all("User", {"module_profile": self.name}, pluck="name"):
            user = frappe.get_doc("User", name)
            user.flags.ignore_permissions = True
            user.save()

    def get_permission_log_options(self, event: str | None = None) -> dict[str, str]:
        """Say where the modules are kept."""
        return {"fields": "block_modules"}
