"""Counting what reaches the database, so that tests can hold code to a number of statements.

Invariant: counting changes nothing of what is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from frappe_engine.context.local import current


class Statements:
    """The statements that ran in a block, as text, in order; their number is `len()`."""

    def __init__(self) -> None:
        self.queries: list[str] = []

    def __len__(self) -> int:
        return len(self.queries)

    def __str__(self) -> str:
        return "\n".join(self.queries)


@contextmanager
def counted_statements() -> Iterator[Statements]:
    """Note every statement that the current context sends to its database in the block."""
    database = current().db
    seen = Statements()
    execute, write_many = database.execute, database.write_many

    def noted_execute(query: str, values: Sequence[Any] = (), **how: Any) -> Any:
        seen.queries.append(query)
        return execute(query, values, **how)

    def noted_write_many(query: str, rows: Sequence[Sequence[Any]]) -> int:
        if rows:
            seen.queries.append(query)
        return int(write_many(query, rows))

    database.execute, database.write_many = noted_execute, noted_write_many
    try:
        yield seen
    finally:
        del database.execute, database.write_many
