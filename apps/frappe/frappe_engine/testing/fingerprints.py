"""What a whole database holds, as one digest per table: for tests that something changed nothing, anywhere.

Invariant: two fingerprints are equal exactly when every row of every table is; the order of rows does not count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from frappe_engine.context.local import current


def fingerprint(leaving_out: Iterable[str] = ()) -> dict[str, str]:
    """Give a digest of the rows of every table of the present site but those in `leaving_out`, by the table's name."""
    database = current().db
    tables = sorted(set(database.get_tables(cached=False)) - set(leaving_out))
    return {table: _digest(database.rows(f"SELECT * FROM `{table}`")) for table in tables}


def _digest(rows: Iterable[Iterable[object]]) -> str:
    texts = sorted(repr(tuple(row)) for row in rows)
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def changed_tables(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Give the names of the tables that are new, gone or hold other rows than before."""
    return sorted(table for table in before.keys() | after.keys() if before.get(table) != after.get(table))
