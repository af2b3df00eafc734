"""Lists: their rows, counts and files, and their conditions as SQL for reports."""

from __future__ import annotations

from typing import Any

from frappe_engine.desk.lists import (
    compressed,
    delete_items,
    delete_several,
    export_query,
    get,
    get_count,
    get_filter_dashboard_data,
    get_list,
    get_sidebar_stats,
    get_stats,
)
from frappe_engine.desk.report_documents import delete_report, save_report
from frappe_engine.desk.sql_conditions import filter_conditions as get_filters_cond
from frappe_engine.desk.sql_conditions import match_condition_for_join, match_conditions, match_filters
from frappe_engine.documents.listing import get_list as execute

__all__ = [
    "build_match_conditions",
    "compress",
    "delete_bulk",
    "delete_items",
    "delete_report",
    "execute",
    "export_query",
    "get",
    "get_count",
    "get_filter_dashboard_data",
    "get_filters_cond",
    "get_list",
    "get_match_cond",
    "get_sidebar_stats",
    "get_stats",
    "save_report",
]

compress = compressed


def build_match_conditions(doctype: str, user: str | None = None, as_condition: bool = True) -> Any:
    """Give what limits a user's list of a DocType as SQL, "" when nothing does.

    Without `as_condition` user permissions alone, as a list of one dict: {DocType: names}; [] when there are none.
    """
    return match_conditions(doctype, user) if as_condition else match_filters(doctype, user)


def get_match_cond(doctype: str, as_condition: bool = True, *, user: str | None = None) -> Any:
    """Give the same with " and " before it, as queries append it; see `build_match_conditions` for `as_condition`."""
    return match_condition_for_join(doctype, user) if as_condition else match_filters(doctype, user)


def delete_bulk(doctype: str, items: list[Any]) -> list[Any]:
    """Delete documents one by one; give those that could not be deleted."""
    return delete_several(doctype, items)
