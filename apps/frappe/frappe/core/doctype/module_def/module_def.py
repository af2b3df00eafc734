"""Controller of the DocType Module Def.

Invariant: files of an app are touched in developer mode alone, and never for a module that a site made for itself.
"""

from __future__ import annotations

from pathlib import Path

import frappe
from frappe import _
from frappe.model.document import Document


class ModuleDef(Document):
    """A part of an app that groups DocTypes and reports."""

    def validate(self) -> None:
        """A module of an app names one that is installed; one of the site needs none."""
        if not self.custom and self.app_name and self.app_name not in frappe.get_installed_apps():
            frappe.throw(_("App {0} is not installed").format(self.app_name))

    def on_update(self) -> None:
        """Make the folder of a new module, in developer mode."""
        if self._writes_files():
            self.create_modules_folder()
            self.add_to_modules_txt()
        frappe.clear_cache()

    def _writes_files(self) -> bool:
        flags = frappe.flags
        busy = flags.in_install or flags.in_migrate or flags.in_import or flags.in_test
        return bool(frappe.conf.developer_mode and self.app_name and not self.custom and not busy)

    def create_modules_folder(self) -> None:
        """Make the module's package."""
        folder = Path(frappe.get_app_path(self.app_name, frappe.scrub(self.name)))
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").touch()

    def add_to_modules_txt(self) -> None:
        """Add the module to the app's list."""
        path = Path(frappe.get_app_path(self.app_name, "modules.txt"))
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        if self.name not in lines:
            path.write_text("\n".join([*lines, self.name]) + "\n", encoding="utf-8")

    def on_trash(self) -> None:
        """Take the module off the app's list, in developer mode."""
        if not self._writes_files():
            return
        path = Path(frappe.get_app_path(self.app_name, "modules.txt"))
        if path.exists():
            lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip() != self.name]
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@frappe.whitelist()
def get_installed_apps() -> str:
    """Give the names of the apps on this site, as JSON."""
    return frappe.as_json(frappe.get_installed_apps())
