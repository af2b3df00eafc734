"""What a database holds that no DocType knows any more.

Invariant: columns of the framework itself and tables that are no DocType's (`__…`) are never named.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.context.errors import DoesNotExistError
from frappe_engine.documents.metas import get_meta
from frappe_engine.kit.columns import CHILD_COLUMNS, OPTIONAL_COLUMNS, SEEN_COLUMN, STANDARD_COLUMNS

OWN_TABLES = frozenset({"tabSeries", "tabSingles", "tabSessions"})


def ghost_tables(database: Any) -> list[str]:
    """Give the tables named like a DocType's whose DocType is gone."""
    known = {row[0] for row in database.rows("SELECT `name` FROM `tabDocType`")}
    return [
        name
        for name in database.get_tables()
        if name.startswith("tab") and name not in OWN_TABLES and name.removeprefix("tab") not in known
    ]


def unused_columns(database: Any) -> dict[str, list[str]]:
    """Give the columns, by DocType, that belong to no field."""
    framework = (
        _names(STANDARD_COLUMNS) | _names(CHILD_COLUMNS) | _names(OPTIONAL_COLUMNS) | _names([SEEN_COLUMN]) | {"name"}
    )
    found: dict[str, list[str]] = {}
    for (doctype,) in database.rows("SELECT `name` FROM `tabDocType` WHERE `issingle` = 0 AND `is_virtual` = 0"):
        try:
            wanted = set(get_meta(doctype).column_types)
        except DoesNotExistError:
            continue
        extra = [name for name in database.get_table_columns(doctype) if name not in wanted | framework]
        if extra:
            found[doctype] = extra
    return found


def _names(columns: Any) -> set[str]:
    return {column if isinstance(column, str) else column[0] for column in columns}
