"""SQL as apps write it: `frappe.db.sql` and its relatives.

Invariant: the text is MariaDB's dialect on both databases, and what SQLite computed is read as MariaDB would give it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from frappe_engine.context.errors import ImplicitCommitError
from frappe_engine.context.local import current
from frappe_engine.database.definitions import columns_of, has_meta
from frappe_engine.database.functions import to_duration
from frappe_engine.database.site_caches import process_cache_of
from frappe_engine.database.sqlite import read_computed
from frappe_engine.database.statements import literal, prepare, with_literals
from frappe_engine.database.transaction import Connection
from frappe_engine.database.translate import may_compute, takes_lock, to_sqlite
from frappe_engine.kit.attrdict import _dict

_WRITES = re.compile(r"\s*(?:insert|update|delete|replace|with\b.*\b(?:insert|update|delete)|call|load)\b", re.I | re.S)
_DEFINES = re.compile(r"\s*(?:create|alter|drop|truncate|rename|optimize|analyze)\b", re.I)
MOST_READERS = 4096  # statements whose results are known to need reading


class RawSQL(Connection):
    """Mixed into `Database`."""

    MAX_WRITES_PER_TRANSACTION = 200_000
    last_query: str
    last_description: Any = None
    auto_commit_on_many_writes: bool

    def sql(
        self,
        query: Any,
        values: Any = None,
        as_dict: Any = 0,
        as_list: Any = 0,
        debug: Any = 0,
        ignore_ddl: Any = 0,
        auto_commit: Any = 0,
        update: Mapping[str, Any] | None = None,
        explain: Any = False,
        run: bool = True,
        pluck: bool = False,
        as_iterator: bool = False,
    ) -> Any:
        """Run SQL in MariaDB's dialect with `%s` or `%(name)s` parameters.

        Gives rows as tuples, as lists (`as_list`), as dicts (`as_dict`, each joined with `update`), or the first
        column alone (`pluck`); `as_iterator` reads them one after another. Raises what the database's driver raises,
        `QueryDeadlockError` and `QueryTimeoutError` where it gave up on a lock.
        """
        text, parameters = prepare(str(query), values)
        if not run:
            return text
        self.last_query = text
        if debug:
            print(text, parameters)  # noqa: T201 - asked for by the caller
        if as_iterator:
            return self._iterate(text, parameters, as_dict=bool(as_dict))
        cursor = self._run_raw(text, parameters)
        if auto_commit:
            self.commit()
        if cursor is None or cursor.description is None:
            return ()
        self.last_description = cursor.description
        rows = self._read(text, cursor.fetchall())
        if pluck:
            return [row[0] for row in rows]
        if as_dict:
            extra, names = update or {}, [*map(itemgetter(0), cursor.description)]
            return [_dict(zip(names, row, strict=True), **extra) for row in rows]
        if as_list:
            return [list(row) for row in rows]
        return tuple(rows)

    def get_description(self) -> Any:
        """Describe the columns that the last `sql` gave, one sequence each that begins with the name."""
        return self.last_description

    def _run_raw(self, text: str, parameters: tuple[Any, ...]) -> Any:
        end, defines, writes = _nature(text)
        if end:
            return self.commit() if end == "commit" else self.rollback()
        if defines and self.transaction_writes and not self.is_sqlite:
            raise ImplicitCommitError(f"This statement would commit what is not finished: {text[:120]}")
        if self.is_sqlite:
            text = to_sqlite(text)
        if not writes:
            return self.execute(text, parameters)
        self._check_write_count()
        cursor = self.write(text, parameters)
        if "__Auth" in text:  # kept by processes like what documents say
            process_cache_of(current()).forget_kind("password")
        return cursor

    def _check_write_count(self) -> None:
        if self.transaction_writes > self.MAX_WRITES_PER_TRANSACTION and self.auto_commit_on_many_writes:
            self.commit()

    def _read(self, text: str, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Read what SQLite computed as MariaDB would give it."""
        readers = self._readers(text, len(rows[0])) if rows and self.is_sqlite else ()
        return [_with_read(row, readers) for row in rows] if readers else rows

    def _readers(self, text: str, width: int) -> Any:
        if not may_compute(text):
            return ()
        context = current()
        if "definitions_changed" in context.__dict__:  # by this transaction, for itself alone
            return self._find_readers(text, width)
        known: dict[Any, Any] = process_cache_of(context).definitions.readers
        found = known.get((text, width))
        if found is None:
            if len(known) >= MOST_READERS:
                known.clear()
            found = known[text, width] = self._find_readers(text, width)
        return found

    @staticmethod
    def _find_readers(text: str, width: int) -> Sequence[tuple[int, Callable[[Any], Any]]]:
        from frappe_engine.database.kinds import result_columns  # sqlglot takes a third of a second to import

        columns = result_columns(text)
        return columns.readers(width, _kinds_in(columns.tables), _READERS) if columns is not None else ()

    def _iterate(self, text: str, parameters: tuple[Any, ...], *, as_dict: bool) -> Iterator[Any]:
        query = to_sqlite(text) if self.is_sqlite else text
        self._write_for(query)
        self.statements += 1
        cursor = self.raw.cursor()
        cursor.execute(query, parameters)
        names = [column[0] for column in cursor.description]
        readers = self._readers(text, len(names)) if self.is_sqlite else ()
        for row in cursor:
            values = _with_read(row, readers) if readers else row
            yield _dict(zip(names, values, strict=True)) if as_dict else values
        cursor.close()

    def sql_list(self, query: Any, values: Any = None, debug: bool = False, **kwargs: Any) -> list[Any]:
        """Run SQL and give its first column as a list."""
        return [row[0] for row in self.sql(query, values, debug=debug, **kwargs)]

    def sql_ddl(self, query: str, debug: bool = False) -> None:
        """Change the structure of the database; what was written before is committed."""
        self.commit()
        self.sql(query, debug=debug)
        self.commit()

    def multisql(self, sql_dict: dict[str, Any], values: Any = None, **kwargs: Any) -> Any:
        """Run the statement that is meant for this database type."""
        query = sql_dict.get(self.db_type) or sql_dict.get("*") or sql_dict.get("mariadb")
        return query(values, **kwargs) if callable(query) else self.sql(query, values, **kwargs)

    def mogrify(self, query: Any, values: Any = None) -> str:
        """Give a statement with its values in place, for reading only."""
        text, parameters = prepare(str(query), values)
        return with_literals(text, parameters)

    def explain_query(self, query: Any, values: Any = None) -> Any:
        """Give the database's plan for a statement."""
        word = "EXPLAIN QUERY PLAN" if self.is_sqlite else "EXPLAIN"
        return self.sql(f"{word} {query}", values, as_dict=True)

    @staticmethod
    def escape(s: Any, percent: bool = True) -> str:
        """Give `s` quoted and escaped for SQL text; `percent` doubles percent signs."""
        text = literal(s if isinstance(s, (str, bytes)) else str(s))
        return text.replace("%", "%%") if percent else text


@lru_cache(maxsize=4096)
def _nature(text: str) -> tuple[str, bool, bool]:
    """Give the word of a statement that ends the transaction, and tell whether it defines structures, and writes or locks."""
    bare = text.strip(" \n;").lower()
    defines = bool(_DEFINES.match(text))
    writes = defines or bool(_WRITES.match(text)) or takes_lock(text)
    return (bare if bare in ("commit", "rollback") else ""), defines, writes


def _with_read(row: tuple[Any, ...], readers: Sequence[tuple[int, Callable[[Any], Any]]]) -> tuple[Any, ...]:
    cells = list(row)
    for index, read in readers:
        cells[index] = read(cells[index])
    return tuple(cells)


_READERS: dict[str, Callable[[Any], Any]] = {
    "moment": read_computed,
    "time": lambda value: to_duration(value) if isinstance(value, str) else value,
    "float": lambda value: float(value) if isinstance(value, int) else value,
}
_KINDS = {"Date": "moment", "Datetime": "moment", "Time": "time"}


def _kinds_in(tables: Iterable[str]) -> Callable[[str], str]:
    """Give a function that tells what a column of these DocTypes' tables holds."""
    known = [columns_of(table[3:]).column_types for table in tables if table.startswith("tab") and has_meta(table[3:])]

    def kind(column: str) -> str:
        return next((_KINDS.get(types[column], "other") for types in known if column in types), "other")

    return kind
