"""Numbers and notices."""

from frappe_engine.desk.connections import get_open_count

__all__ = ["get_open_count"]
