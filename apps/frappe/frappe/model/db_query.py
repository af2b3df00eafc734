"""Lists by the class that older apps use; see `frappe.get_list`."""

from __future__ import annotations

from typing import Any

import frappe


class DatabaseQuery:
    """A list of a DocType for a user."""

    def __init__(self, doctype: str, user: str | None = None) -> None:
        self.doctype, self.user = doctype, user or frappe.session.user

    def execute(self, fields: Any = None, filters: Any = None, **options: Any) -> Any:
        """Give the documents that fit; options as those of `frappe.get_list`."""
        return frappe.get_list(self.doctype, fields=fields, filters=filters, user=self.user, **options)

    def build_match_conditions(self, as_condition: bool = True) -> Any:
        """Give the SQL condition of what the user may see."""
        from frappe.desk.reportview import build_match_conditions  # it knows lists

        return build_match_conditions(self.doctype, self.user, as_condition)
