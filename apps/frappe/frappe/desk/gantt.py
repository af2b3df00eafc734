"""Gantt charts."""

from frappe_engine.desk.calendars import update_event as update_task

__all__ = ["update_task"]
