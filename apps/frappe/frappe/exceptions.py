"""The exceptions of the public API."""

from frappe_engine.context.errors import *  # noqa: F403
from frappe_engine.context.errors import NameError, PermissionError, ValidationError
from frappe_engine.documents.naming import InvalidNamingSeriesError, InvalidUUIDValue

__all__ = ["InvalidNamingSeriesError", "InvalidUUIDValue", "NameError", "PermissionError", "ValidationError"]
