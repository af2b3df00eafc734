"""Removing old rows of logs.

Invariant: rows go in pieces, each its own transaction, so that nobody waits long for the database.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from frappe_engine.context.clock import now_datetime

PIECE = 5000


def delete_older_rows(database: Any, doctype: str, days: int) -> int:
    """Delete the rows of a DocType's table made more than `days` days ago; commits; gives their number."""
    oldest = now_datetime() - timedelta(days=days)
    count = 0
    while True:
        names = database.rows(f"SELECT `name` FROM `tab{doctype}` WHERE `creation` < ? LIMIT {PIECE}", (oldest,))
        if not names:
            return count
        database.write_many(f"DELETE FROM `tab{doctype}` WHERE `name` = ?", names)
        database.commit()
        count += len(names)
