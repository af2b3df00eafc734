"""Saving forms."""

from frappe_engine.desk.forms import cancel, savedocs

__all__ = ["cancel", "savedocs"]
