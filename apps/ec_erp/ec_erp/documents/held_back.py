"""Holding back the rows of a new document until it is posted: what its posting changes in them is written once, not twice.

Invariant: nobody can tell. A framework that offers it writes the rows before the first statement that names one of their tables; with
any other they are written at once. When the insert is over they are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from frappe.model.document import Document

from ec_erp.documents import store


class HeldBack:
    """The rows of a new document and of its tables, still to be written."""

    def __init__(self, doc: Any, rows: Sequence[Any]) -> None:
        """Hold them back from now on."""
        self.doc, self.rows = doc, rows
        store.hold_back({part.doctype for part in (doc, *rows)}, self._write)

    def _write(self) -> None:
        """Write them as they are now."""
        self.doc.flags.held_back = None
        Document.db_insert(self.doc)  # refuses what is there already, as it always does
        ready: dict[tuple[str, tuple[str, ...]], list[tuple[Any, ...]]] = {}
        for row in self.rows:
            columns, values = row.row_to_insert()
            ready.setdefault((row.doctype, columns), []).append(values)
        for (doctype, columns), values_of_rows in ready.items():
            store.insert_values(doctype, columns, values_of_rows)


def write(doc: Any) -> Sequence[Any] | None:
    """Write what is held back of a document; return the rows of its tables that were, None where nothing was."""
    held: HeldBack | None = doc.flags.held_back
    if held is None:
        return None
    store.write_held_back()
    return held.rows
