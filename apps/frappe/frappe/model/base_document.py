"""Documents in memory, and their classes."""

from frappe_engine.documents.base import BaseDocument
from frappe_engine.documents.controllers import get_controller

__all__ = ["BaseDocument", "get_controller"]
