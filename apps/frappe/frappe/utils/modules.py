"""Modules and who sees them, where version 16 has them."""

from frappe.config import get_modules_from_all_apps_for_user

__all__ = ["get_modules_from_all_apps_for_user"]
