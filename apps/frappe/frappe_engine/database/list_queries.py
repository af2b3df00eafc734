"""Queries built from DocTypes: what a list query compiles to, and how its rows are read.

Invariant: no value stands in the text of a statement.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from frappe_engine.database.definitions import columns_of, time_span
from frappe_engine.database.query import Compiled, ListQuery
from frappe_engine.database.rows import with_rows
from frappe_engine.database.sqlite import read_computed
from frappe_engine.database.transaction import Connection


class ListQueries(Connection):
    """Mixed into `Database`."""

    def list_query(self, doctype: str, *, fold: bool = True) -> ListQuery:
        """Start a list query over `doctype`; `fold` treats NULL as the empty text (see `filters.compile_filter`)."""
        return ListQuery(
            doctype,
            columns_of=columns_of,
            sqlite=self.is_sqlite,
            tree_range=self._tree_range,
            time_span=time_span,
            fold=fold,
        )

    def compile(self, doctype: str, *, fold: bool = False, **parts: Any) -> Compiled:
        """Build a list query over `doctype` (see `ListQuery.compile` for the parts)."""
        return self.list_query(doctype, fold=fold).compile(**parts)

    def run(self, compiled: Compiled, for_update: bool = False) -> list[tuple[Any, ...]]:
        """Run a list query and give its rows."""
        rows = self._rows_in_order(compiled, for_update) if compiled.hint else self._all_rows(compiled, for_update)
        if self.is_sqlite and compiled.computed_dates and rows:
            return [_with_dates(row, compiled.computed_dates) for row in rows]
        return rows

    def _all_rows(self, compiled: Compiled, for_update: bool) -> list[tuple[Any, ...]]:
        if for_update:
            return self.write(compiled.sql, compiled.values).fetchall()  # type: ignore[no-any-return]
        return self.rows(compiled.sql, compiled.values)

    def _rows_in_order(self, compiled: Compiled, for_update: bool) -> list[tuple[Any, ...]]:
        """Read over the index that is named, or without it where somebody has dropped it."""
        try:
            return self._all_rows(compiled, for_update)
        except self.driver.errors.Error as error:
            if not self.driver.is_missing_index(error):
                raise
        plain = replace(compiled, sql=compiled.sql.replace(compiled.hint, "", 1), hint="")
        return self._all_rows(plain, for_update)

    def read(self, compiled: Compiled, for_update: bool = False) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Run a list query and give the names of its columns and its rows, rows of tables that were asked for included."""
        rows = self.run(compiled, for_update=for_update)
        return with_rows(compiled, rows, self) if compiled.tables else (compiled.names, rows)

    def _tree_range(self, doctype: str, name: Any) -> tuple[int, int] | None:
        row = self.row(f"SELECT `lft`, `rgt` FROM `tab{doctype}` WHERE `name` = ?", (name,))
        return None if row is None else (row[0], row[1])


def _with_dates(row: tuple[Any, ...], indexes: tuple[int, ...]) -> tuple[Any, ...]:
    cells = list(row)
    for index in indexes:
        cells[index] = read_computed(cells[index])
    return tuple(cells)
