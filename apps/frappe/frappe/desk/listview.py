"""Settings and groups of lists."""

from frappe_engine.desk.list_settings import get_list_settings, set_list_settings
from frappe_engine.desk.lists import get_group_by_count

__all__ = ["get_group_by_count", "get_list_settings", "set_list_settings"]
