"""Versions of the framework and of apps."""

from __future__ import annotations

import frappe


def get_frappe_version() -> str:
    """Give the version of the API that this runtime speaks."""
    return frappe.__version__


def get_app_version(app_name: str) -> str:
    """Give the version of an installed app."""
    return str(getattr(frappe.get_module(app_name), "__version__", "0.0.1"))
