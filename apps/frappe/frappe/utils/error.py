"""Keeping errors."""

from frappe_engine.documents.errors import get_traceback, log_error

__all__ = ["get_traceback", "log_error"]
