"""What tables, columns and indexes there are: the questions of `frappe.db` about its own structure.

Invariant: answers are remembered per process and forgotten when the structure changes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from frappe_engine.context.local import current, providers
from frappe_engine.kit.attrdict import _dict

_TYPE = re.compile(r"^\s*([a-z]+(?:\(\d+(?:,\d+)?\))?)", re.IGNORECASE)


class Catalogue:
    """Mixed into `Database`."""

    driver: Any
    is_sqlite: bool
    rows: Any
    sql: Any
    define: Any
    commit: Any

    def get_tables(self, cached: bool = True) -> list[str]:
        """Give the names of all tables."""
        return sorted(row[0] for row in self.rows(self.driver.tables_query))

    def table_exists(self, doctype: str, cached: bool = True) -> bool:
        """Tell whether the DocType has a table."""
        return f"tab{doctype}" in self._tables(cached)

    has_table = table_exists

    def _tables(self, cached: bool) -> set[str]:
        context = current()
        tables: set[str] | None = context.get("db_tables")
        if tables is None or not cached:
            tables = set(self.get_tables())
            context.db_tables = tables
        return tables

    def get_table_columns(self, doctype: str) -> list[str]:
        """Give the column names of the DocType's table."""
        return self.get_db_table_columns(f"tab{doctype}")

    def get_db_table_columns(self, table: str) -> list[str]:
        """Give the column names of a table; none when it is not there."""
        return [row[0] for row in self.rows(self.driver.columns_query, (table,))]

    def get_column_types(self, table: str) -> dict[str, str]:
        """Give the type of each column of a table, as the database says it."""
        return {row[0]: str(row[1]).lower() for row in self.rows(self.driver.columns_query, (table,))}

    def has_column(self, doctype: str, column: str) -> bool:
        """Tell whether the DocType's table has the column."""
        return column in self.get_table_columns(doctype)

    def get_column_type(self, doctype: str, column: str) -> str | None:
        """Give the type of a column, e.g. `varchar(140)`; None when it is not there."""
        found = self.get_column_types(f"tab{doctype}").get(column)
        match = _TYPE.match(found) if found else None
        return match.group(1) if match else found

    def get_table_columns_description(self, table_name: str) -> list[Any]:
        """Give name, type, and whether it is indexed or unique, of each column of a table."""
        keys = self.get_indexes(table_name)
        single = {columns[0]: unique for unique, columns in keys.values() if len(columns) == 1}
        return [
            _dict(name=name, type=kind, index=name in single, unique=bool(single.get(name)))
            for name, kind in self.get_column_types(table_name).items()
        ]

    def describe(self, doctype: str) -> Any:
        """Give name, type, whether it may be NULL, key, default and extra of each column, as DESCRIBE does."""
        return self.sql(f"DESCRIBE `tab{doctype}`")

    def get_indexes(self, table: str) -> dict[str, tuple[bool, list[str]]]:
        """Give the indexes of a table by name: whether unique, and the columns.

        The name of the document that ends a field's index on SQLite is no column of its own: MariaDB does not tell of it either.
        """
        found: dict[str, tuple[bool, list[str]]] = {}
        for name, unique, column in self.rows(self.driver.indexes_query, (table,)):
            found.setdefault(name, (bool(unique), []))[1].append(column)
        for name, (_unique, columns) in found.items():
            if self.is_sqlite and columns[1:] == ["name"] and name.endswith(f".{columns[0]}"):
                del columns[1]
        return found

    def has_index(self, table_name: str, index_name: str) -> bool:
        """Tell whether a table has an index of that name."""
        return self._index_name(table_name, index_name) in self.get_indexes(
            table_name
        ) or index_name in self.get_indexes(table_name)

    def get_column_index(self, table_name: str, fieldname: str, unique: bool = False) -> Any:
        """Give the index that a column alone has, None when it has none."""
        for name, (is_unique, columns) in self.get_indexes(table_name).items():
            if columns == [fieldname] and is_unique == unique:
                return _dict(Key_name=name, Non_unique=0 if is_unique else 1)
        return None

    def _index_name(self, table: str, name: str) -> str:
        """SQLite's index names are per database, MariaDB's per table."""
        return f"{table}.{name}" if self.is_sqlite else name

    def add_index(self, doctype: str, fields: Sequence[str], index_name: str | None = None) -> None:
        """Index the columns together, unless that index is there."""
        self._add_index(doctype, fields, index_name or get_index_name(fields), unique=False)

    def add_unique(self, doctype: str, fields: Any, constraint_name: str | None = None) -> None:
        """Make the columns unique together, unless they are; raises the driver's error when rows contradict."""
        columns = [fields] if isinstance(fields, str) else list(fields)
        self._add_index(doctype, columns, constraint_name or f"unique_{'_'.join(columns)}", unique=True)

    def _add_index(self, doctype: str, fields: Sequence[str], name: str, *, unique: bool) -> None:
        table = f"tab{doctype}"
        full_name = self._index_name(table, name)
        if full_name in self.get_indexes(table):
            return
        columns = ", ".join(self._index_column(table, field) for field in fields)
        kind = "UNIQUE INDEX" if unique else "INDEX"
        if not self.is_sqlite:
            self.commit()
        self.define([f"CREATE {kind} `{full_name}` ON `{table}` ({columns})"])

    def _index_column(self, table: str, field: str) -> str:
        name, _separator, length = field.partition("(")
        kind = self.get_column_types(table).get(name.strip("` "), "")
        if not self.is_sqlite and (length or "text" in kind):
            return f"`{name.strip('` ')}`({length.rstrip(') ') or 140})"
        return f"`{name.strip('` ')}`"

    def rename_table(self, old_name: str, new_name: str) -> None:
        """Rename a DocType's table (names with or without `tab`)."""
        old, new = (name if name.startswith("tab") else f"tab{name}" for name in (old_name, new_name))
        self.define([f"ALTER TABLE `{old}` RENAME TO `{new}`"])
        self.forget_structure()

    def forget_structure(self) -> None:
        """Look at the tables again at next use."""
        current().db_tables = None

    def updatedb(self, doctype: str, meta: Any = None) -> None:
        """Bring the DocType's table in line with its definition."""
        providers("update_table", doctype)


def get_index_name(fields: Sequence[str]) -> str:
    """Give the name of the index over `fields`."""
    name = "_".join(re.sub(r"\s*\(\d+\)", "", field).strip("` ") for field in fields)
    return f"{name[:60]}_index"
