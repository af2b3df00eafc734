"""Installed apps and the site's configuration, as apps and their patches change them."""

from __future__ import annotations

import os
from typing import Any

from frappe_engine.cli import sites
from frappe_engine.context.config import update_json_file

import frappe

remove_from_installed_apps = sites.remove_from_installed_apps


def add_to_installed_apps(app_name: str, rebuild_website: bool = True) -> None:
    """Put an app on the list of installed ones, without doing anything else for it."""
    sites.add_installed_app(app_name)


def install_app(name: str, verbose: bool = False, set_as_patched: bool = True, force: bool = False) -> bool:
    """Install an app on the site; tell whether there was something to do."""
    return sites.install_app(name, force=force)


def update_site_config(key: str, value: Any, validate: bool = True, site_config_path: str | None = None) -> None:
    """Set a key of the site's configuration file; None (or "None") removes it.

    With `validate`, "0" and "1" become numbers and "true" and "false" truth values.
    """
    path = site_config_path or frappe.get_site_path("site_config.json")
    settled = _plain(value) if validate else value
    update_json_file(path, key, settled)
    if os.path.abspath(path) == os.path.abspath(frappe.get_site_path("site_config.json")):
        _take_note(key, settled)


def _plain(value: Any) -> Any:
    if isinstance(value, str) and value in ("0", "1"):
        return int(value)
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def _take_note(key: str, value: Any) -> None:
    if value is None or value == "None":
        frappe.local.conf.pop(key, None)
    else:
        frappe.local.conf[key] = value
