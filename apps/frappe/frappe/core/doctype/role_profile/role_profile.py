"""Controller of the DocType Role Profile."""

from __future__ import annotations

import frappe
from frappe.model.document import Document


class RoleProfile(Document):
    """Roles that belong together and are given as one."""

    def autoname(self) -> None:
        """Name a profile as it is called."""
        self.name = self.role_profile

    def on_update(self) -> None:
        """Give users with this profile its roles."""
        before = self.get_doc_before_save()
        if before is None or {row.role for row in before.roles} != {row.role for row in self.roles}:
            self.update_all_users()

    def update_all_users(self) -> None:
        """Save the users with this profile, which settles their roles."""
        named = frappe.get_all("User", {"role_profile_name": self.name}, pluck="name")
        listed = frappe.get_all("User Role Profile", {"role_profile": self.name, "parenttype": "User"}, pluck="parent")
        for name in dict.fromkeys([*named, *listed]):
            user = frappe.get_doc("User", name)
            user.flags.ignore_permissions = True
            user.save()

    def get_all_users(self) -> list[str]:
        """Give the users with this profile."""
        return frappe.get_all("User", {"role_profile_name": self.name}, pluck="name")
