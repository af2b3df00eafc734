"""Small questions about the documents of a DocType: how many, which is the newest, is there any.

Invariant: none reads more rows than its answer needs.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from frappe_engine.context.clock import now_datetime
from frappe_engine.database.definitions import known_name
from frappe_engine.database.sqlite import read_computed
from frappe_engine.database.values import Values


class SmallQuestions(Values):
    """Mixed into `Database`."""

    def get_creation_count(self, doctype: str, minutes: int) -> int:
        """Give the number of documents made in the last `minutes`."""
        return self.count(doctype, {"creation": [">=", now_datetime() - timedelta(minutes=minutes)]})

    def get_last_created(self, doctype: str) -> Any:
        """Give the moment the newest document was made, None when there is none."""
        row = self.row(f"SELECT max(`creation`) FROM `tab{known_name(doctype)}`")
        return read_computed(row[0]) if row else None

    def a_row_exists(self, doctype: str) -> bool:
        """Tell whether there is any document."""
        return self.row(f"SELECT 1 FROM `tab{known_name(doctype)}` LIMIT 1") is not None

    def touch(self, doctype: str, docname: Any) -> datetime:
        """Set a document's modified time to now; give it."""
        moment = now_datetime()
        self.set_value(doctype, docname, "modified", moment)
        return moment

    def estimate_count(self, doctype: str) -> int:
        """Give roughly how many documents there are, without counting."""
        if self.is_sqlite:
            row = self.row(f"SELECT max(rowid) FROM `tab{known_name(doctype)}`")
        else:
            row = self.row(
                "SELECT table_rows FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?",
                (f"tab{doctype}",),
            )
        return int((row and row[0]) or 0)
