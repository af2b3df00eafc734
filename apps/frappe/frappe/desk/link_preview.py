"""What a link shows when the mouse rests on it."""

from frappe_engine.desk.connections import get_preview_data

__all__ = ["get_preview_data"]
