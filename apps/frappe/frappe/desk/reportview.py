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
from frappe_engine.desk.sql_conditions import match_condition_for_join as get_match_cond
from frappe_engine.desk.sql_conditions import match_conditions
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
    """Give what limits a user's list of a DocType as SQL, "" when nothing does."""
    text = match_conditions(doctype, user)
    return text if as_condition else [text] if text else []


def delete_bulk(doctype: str, items: list[Any]) -> list[Any]:
    """Delete documents one by one; give those that could not be deleted."""
    return delete_several(doctype, items)
