"""Workspaces."""

from frappe_engine.desk.workspaces import get_desktop_page, get_workspace_sidebar_items, update_onboarding_step

__all__ = ["get_desktop_page", "get_workspace_sidebar_items", "update_onboarding_step"]
