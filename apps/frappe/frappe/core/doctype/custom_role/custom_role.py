"""Controller of the DocType Custom Role."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document


class CustomRole(Document):
    """Roles that replace those of a page or report on this site."""

    def validate(self) -> None:
        """Know the DocType of the report."""
        if self.report:
            self.ref_doctype = frappe.db.get_value("Report", self.report, "ref_doctype")


def get_custom_allowed_roles(field: str, name: str) -> list[str]:
    """Give the roles that this site allows a page or report (`field` says which); none where it keeps the app's."""
    custom = frappe.db.get_value("Custom Role", {field: name}, "name")
    if not custom:
        return []
    return frappe.get_all("Has Role", {"parenttype": "Custom Role", "parent": custom}, pluck="role")


def roles_of(field: str, name: str, own_parenttype: str) -> list[Any]:
    """Give the roles that may open a page or run a report: the site's, else its own."""
    return get_custom_allowed_roles(field, name) or frappe.get_all(
        "Has Role", {"parenttype": own_parenttype, "parent": name}, pluck="role"
    )
