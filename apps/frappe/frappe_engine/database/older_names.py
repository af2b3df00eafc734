"""Questions to the database under names that only some apps know.

Invariant: each is what another member of `frappe.db` says, in other words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from frappe_engine.database.catalogue import get_index_name
from frappe_engine.kit.sql import sanitize_column, table_name


class OlderNames:
    """Mixed into `Database`."""

    driver: Any
    is_sqlite: bool
    exists: Any
    sql: Any
    sql_ddl: Any
    rows: Any
    get_single_value: Any

    def get_singles_value(self, doctype: str, fieldname: str, cache: bool = True) -> Any:
        """Give a value of a Single; same as `get_single_value`."""
        return self.get_single_value(doctype, fieldname, cache=cache)

    def field_exists(self, dt: str, fn: str) -> bool:
        """Tell whether a DocType has a field of its own."""
        return bool(self.exists("DocField", {"fieldname": fn, "parent": dt}))

    def get_index_name(self, fields: Sequence[str]) -> str:
        """Give the name that an index on columns gets."""
        return get_index_name(fields)

    def get_routines(self) -> list[str]:
        """Give the names of stored functions and procedures; SQLite has none."""
        if self.is_sqlite:
            return []
        query = "SELECT `ROUTINE_NAME` FROM `information_schema`.`ROUTINES` WHERE `ROUTINE_SCHEMA` = DATABASE()"
        return [row[0] for row in self.rows(query)]

    def change_column_type(self, doctype: str, column: str, type: str, nullable: bool = False) -> None:
        """Give a column another type, as MariaDB writes types; in SQLite values have types, columns do not."""
        if self.is_sqlite:
            return
        null = "NULL" if nullable else "NOT NULL"
        self.sql_ddl(f"ALTER TABLE `{table_name(doctype)}` MODIFY `{sanitize_column(column)}` {type} {null}")

    @contextmanager
    def unbuffered_cursor(self) -> Iterator[None]:
        """Read rows as they come; here `sql(…, as_iterator=True)` does, within the block or outside."""
        yield

    @property
    def TableMissingError(self) -> type[BaseException]:  # noqa: N802 - the public name
        """What the connector raises for a table that is not there."""
        errors = self.driver.errors
        missing: type[BaseException] = errors.OperationalError if self.is_sqlite else errors.ProgrammingError
        return missing
