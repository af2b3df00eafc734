"""Controller of the DocType Permission Inspector: why somebody may or may not.

Invariant: nothing is stored; the answer is the decision of the permission layer itself.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.access.decisions import get_role_permissions, has_permission, within_restrictions
from frappe_engine.access.roles import get_shared

import frappe
from frappe import _
from frappe.model.document import Document


class PermissionInspector(Document):
    """Tells whether a user may do something with a document, and why."""

    @frappe.whitelist()
    def debug(self) -> None:
        """Write into `output` what the user's roles, rules and shares say."""
        frappe.only_for("System Manager")
        if not self.ref_doctype or not self.user:
            return
        document = frappe.get_doc(self.ref_doctype, self.docname) if self.docname else None
        self.output = "\n".join(self.reasons(document))

    def reasons(self, document: Any) -> list[str]:
        """Give the lines of the answer."""
        right = self.permission_type or "read"
        granted = has_permission(self.ref_doctype, right, document, self.user, print_logs=False)
        role_rights = get_role_permissions(self.ref_doctype, self.user)
        lines = [
            _("Allowed: {0}").format(_("Yes") if granted else _("No")),
            _("Roles: {0}").format(", ".join(sorted(frappe.get_roles(self.user)))),
            _("Rights by role: {0}").format(
                ", ".join(name for name in frappe.permissions.rights if role_rights.get(name)) or "-"
            ),
            _("Rights for own documents: {0}").format(", ".join(role_rights.get("if_owner") or ()) or "-"),
        ]
        if document is not None:
            within = within_restrictions(document, self.user)
            shared = document.name in get_shared(self.ref_doctype, self.user)
            lines.append(_("Within user permissions: {0}").format(_("Yes") if within else _("No")))
            lines.append(_("Shared with the user: {0}").format(_("Yes") if shared else _("No")))
        return lines

    def db_insert(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to store anything."""
        raise NotImplementedError(_("Nothing is stored here"))

    def db_update(self) -> None:
        """Refuse to store anything."""
        raise NotImplementedError(_("Nothing is stored here"))

    def load_from_db(self) -> Any:
        """Begin empty."""
        return self

    def delete(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to delete what is never stored."""
        raise NotImplementedError(_("Nothing is stored here"))

    @staticmethod
    def get_list(args: Any = None) -> list[Any]:
        """Give nothing: there is one form alone."""
        return []

    @staticmethod
    def get_count(args: Any = None) -> int:
        """Give nothing: there is one form alone."""
        return 0
