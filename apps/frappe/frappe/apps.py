"""The apps a user can switch between."""

from __future__ import annotations

from typing import Any

import frappe


@frappe.whitelist()
def get_apps() -> list[dict[str, Any]]:
    """Give the apps with a screen of their own that the one who asks may use (hook `add_to_apps_screen`)."""
    found: list[dict[str, Any]] = []
    for app in frappe.get_installed_apps():
        for details in frappe.get_hooks("add_to_apps_screen", app_name=app):
            allowed = details.get("has_permission")
            if allowed and not frappe.get_attr(allowed)():
                continue
            shown = ("name", "logo", "title", "route")
            found.append(
                {key: frappe._(details[key]) if key == "title" else details.get(key) for key in shown if key in details}
            )
    return found


def get_route(app_name: str) -> str:
    """Give the path of an app's screen."""
    details = frappe.get_hooks("add_to_apps_screen", app_name=app_name)
    return str(details[0].get("route") or "/apps") if details else "/app"


def get_default_path(apps: list[Any] | None = None) -> str | None:
    """Give the path a user starts at when they chose an app, None otherwise."""
    chosen = frappe.db.get_value("User", frappe.session.user, "default_app") or frappe.get_system_settings(
        "default_app"
    )
    return get_route(chosen) if chosen and chosen in frappe.get_installed_apps() else None


@frappe.whitelist()
def set_app_as_default(app_name: str) -> None:
    """Let the one who asks start with an app, or with no particular one when it was chosen already."""
    user = frappe.session.user
    present = frappe.db.get_value("User", user, "default_app")
    frappe.db.set_value("User", user, "default_app", "" if present == app_name else app_name)
