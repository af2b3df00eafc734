"""Which versions of which apps are installed."""

from __future__ import annotations

from typing import Any

import frappe


@frappe.whitelist()
def get_versions() -> dict[str, dict[str, Any]]:
    """Give title, description, version and branch of each installed app; the branch is empty where that is not known."""
    frappe.only_for(("System Manager", "Desk User"))
    return {app: _version(app) for app in frappe.get_installed_apps()}


def _version(app: str) -> dict[str, Any]:
    title, description = (frappe.get_hooks(name, app_name=app) for name in ("app_title", "app_description"))
    return {
        "title": title[0] if title else app,
        "description": description[0] if description else "",
        "branch": get_app_branch(app),
        "version": str(getattr(frappe.get_module(app), "__version__", "0.0.1")),
    }


def get_app_branch(app: str) -> str:
    """Give the branch that an app's folder stands on, the empty text where it is no work tree of git."""
    import os

    head = os.path.join(frappe.get_app_source_path(app), ".git", "HEAD")
    text = frappe.read_file(head) if os.path.isfile(head) else ""
    return text.strip().removeprefix("ref: refs/heads/") if text.startswith("ref: ") else ""
