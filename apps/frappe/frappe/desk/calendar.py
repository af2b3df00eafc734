"""Calendars."""

from frappe_engine.desk.calendars import get_events, update_event

__all__ = ["get_events", "update_event"]
