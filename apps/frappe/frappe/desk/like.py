"""Likes."""

from frappe_engine.desk.people import toggle_like

__all__ = ["toggle_like"]
