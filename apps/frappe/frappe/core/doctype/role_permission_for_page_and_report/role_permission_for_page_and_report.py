"""Controller of the DocType Role Permission for Page and Report: a form over Custom Role."""

from __future__ import annotations

import frappe
from frappe.core.doctype.custom_role.custom_role import roles_of
from frappe.model.document import Document


class RolePermissionforPageandReport(Document):
    """Sets the roles that may open a page or run a report."""

    @frappe.whitelist()
    def set_report_page_data(self) -> None:
        """Show the roles of the chosen page or report."""
        field, name = self._target()
        self.set("roles", [{"role": role} for role in roles_of(field, name, self.set_role_for)])
        if self.set_role_for == "Report":
            self.enable_prepared_report = frappe.db.get_value("Report", name, "prepared_report")

    @frappe.whitelist()
    def reset_roles(self) -> None:
        """Go back to the roles of the app."""
        field, name = self._target()
        frappe.db.delete("Custom Role", {field: name})
        self.set_report_page_data()

    @frappe.whitelist()
    def update_report_page_data(self) -> None:
        """Keep the roles chosen here for this site."""
        self._check()
        field, name = self._target()
        existing = frappe.db.get_value("Custom Role", {field: name})
        custom = frappe.get_doc("Custom Role", existing) if existing else frappe.new_doc("Custom Role")
        custom.set(field, name)
        custom.set("roles", [{"role": row.role} for row in self.roles])
        custom.save()
        if self.set_role_for == "Report":
            frappe.db.set_value("Report", name, "prepared_report", int(self.enable_prepared_report or 0))

    def _target(self) -> tuple[str, str]:
        self._check()
        field = frappe.scrub(self.set_role_for or "")
        return field, self.get(field)

    def _check(self) -> None:
        frappe.only_for("System Manager")
