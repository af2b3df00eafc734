"""Lists."""

from frappe_engine.desk.lists import (
    compressed,
    delete_items,
    export_query,
    get,
    get_count,
    get_filter_dashboard_data,
    get_list,
    get_sidebar_stats,
    get_stats,
)
from frappe_engine.documents.listing import get_list as execute

__all__ = [
    "compressed",
    "delete_items",
    "execute",
    "export_query",
    "get",
    "get_count",
    "get_filter_dashboard_data",
    "get_list",
    "get_sidebar_stats",
    "get_stats",
]
