"""`frappe.db`: the database as apps see it.

Invariant: raw SQL (`sql`) is MariaDB's dialect on both databases; the other methods build their own statements from
DocTypes and never put a value into the text of one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from frappe_engine.context.cache import process_cache
from frappe_engine.context.clock import now_datetime
from frappe_engine.context.errors import DataError, DoesNotExistError, ImplicitCommitError, ValidationError
from frappe_engine.context.local import current, providers
from frappe_engine.context.missing import NamesWhatIsMissing
from frappe_engine.database.catalogue import Catalogue
from frappe_engine.database.functions import to_duration
from frappe_engine.database.mariadb import MariaDBDriver, root_driver
from frappe_engine.database.older_names import OlderNames
from frappe_engine.database.query import Compiled, ListQuery
from frappe_engine.database.rows import with_rows
from frappe_engine.database.sqlite import SQLiteDriver, read_computed
from frappe_engine.database.statements import literal, prepare, with_literals
from frappe_engine.database.transaction import Connection, Pool
from frappe_engine.database.translate import may_compute, takes_lock, to_sqlite
from frappe_engine.database.turns import forget_queue
from frappe_engine.kit.attrdict import _dict

_WRITES = re.compile(r"\s*(?:insert|update|delete|replace|with\b.*\b(?:insert|update|delete)|call|load)\b", re.I | re.S)
_DEFINES = re.compile(r"\s*(?:create|alter|drop|truncate|rename|optimize|analyze)\b", re.I)
DEFAULT_ORDER = "KEEP_DEFAULT_ORDERING"
MOST_READERS = 4096  # statements whose results are known to need reading


class Database(Connection, Catalogue, OlderNames, NamesWhatIsMissing):
    """One site's database in this context."""

    public_name = "frappe.db"
    MAX_WRITES_PER_TRANSACTION = 200_000

    def __init__(self, pool: Pool, name: str) -> None:
        Connection.__init__(self, pool)
        self.cur_db_name = name
        self.value_cache: dict[Any, Any] = {}
        self.last_query = ""
        self.auto_commit_on_many_writes = False

    # raw SQL

    def sql(
        self,
        query: Any,
        values: Any = (),
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
        names = [column[0] for column in cursor.description]
        rows = self._read(text, cursor.fetchall())
        if pluck:
            return [row[0] for row in rows]
        if as_dict:
            extra = update or {}
            return [_dict(zip(names, row, strict=True), **extra) for row in rows]
        if as_list:
            return [list(row) for row in rows]
        return tuple(rows)

    def _run_raw(self, text: str, parameters: tuple[Any, ...]) -> Any:
        defines = bool(_DEFINES.match(text))
        if defines and self.transaction_writes and not self.is_sqlite:
            raise ImplicitCommitError(f"This statement would commit what is not finished: {text[:120]}")
        writes = defines or bool(_WRITES.match(text)) or takes_lock(text)
        if self.is_sqlite:
            text = to_sqlite(text)
        if not writes:
            return self.execute(text, parameters)
        self._check_write_count()
        return self.write(text, parameters)

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
        known: dict[Any, Any] = process_cache_of(context).readers
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
        self.statements += 1
        cursor = self.raw.cursor()
        cursor.execute(query, parameters)
        names = [column[0] for column in cursor.description]
        readers = self._readers(text, len(names)) if self.is_sqlite else ()
        for row in cursor:
            values = _with_read(row, readers) if readers else row
            yield _dict(zip(names, values, strict=True)) if as_dict else values
        cursor.close()

    def sql_list(self, query: Any, values: Any = (), debug: bool = False, **kwargs: Any) -> list[Any]:
        """Run SQL and give its first column as a list."""
        return [row[0] for row in self.sql(query, values, debug=debug, **kwargs)]

    def sql_ddl(self, query: str, debug: bool = False) -> None:
        """Change the structure of the database; what was written before is committed."""
        self.commit()
        self.sql(query, debug=debug)
        self.commit()

    def multisql(self, sql_dict: dict[str, Any], values: Any = (), **kwargs: Any) -> Any:
        """Run the statement that is meant for this database type."""
        query = sql_dict.get(self.db_type) or sql_dict.get("*") or sql_dict.get("mariadb")
        return query(values, **kwargs) if callable(query) else self.sql(query, values, **kwargs)

    def mogrify(self, query: Any, values: Any = ()) -> str:
        """Give a statement with its values in place, for reading only."""
        text, parameters = prepare(str(query), values)
        return with_literals(text, parameters)

    def explain_query(self, query: Any, values: Any = ()) -> Any:
        """Give the database's plan for a statement."""
        word = "EXPLAIN QUERY PLAN" if self.is_sqlite else "EXPLAIN"
        return self.sql(f"{word} {query}", values, as_dict=True)

    @staticmethod
    def escape(s: Any, percent: bool = True) -> str:
        """Give `s` quoted and escaped for SQL text; `percent` doubles percent signs."""
        text = literal(s if isinstance(s, (str, bytes)) else str(s))
        return text.replace("%", "%%") if percent else text

    # list queries

    def list_query(self, doctype: str, *, fold: bool = True) -> ListQuery:
        """Start a list query over `doctype`; `fold` treats NULL as the empty text (see `filters.compile_filter`)."""
        return ListQuery(
            doctype,
            columns_of=_columns_of,
            sqlite=self.is_sqlite,
            tree_range=self._tree_range,
            time_span=_time_span,
            fold=fold,
        )

    def compile(self, doctype: str, *, fold: bool = False, **parts: Any) -> Compiled:
        """Build a list query over `doctype` (see `ListQuery.compile` for the parts)."""
        return self.list_query(doctype, fold=fold).compile(**parts)

    def run(self, compiled: Compiled, for_update: bool = False) -> list[tuple[Any, ...]]:
        """Run a list query and give its rows."""
        cursor = (
            self.write(compiled.sql, compiled.values) if for_update else self.execute(compiled.sql, compiled.values)
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        if self.is_sqlite and compiled.computed_dates and rows:
            return [_with_dates(row, compiled.computed_dates) for row in rows]
        return rows

    def read(self, compiled: Compiled, for_update: bool = False) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Run a list query and give the names of its columns and its rows, rows of tables that were asked for included."""
        rows = self.run(compiled, for_update=for_update)
        return with_rows(compiled, rows, self) if compiled.tables else (compiled.names, rows)

    def _tree_range(self, doctype: str, name: Any) -> tuple[int, int] | None:
        row = self.row(f"SELECT `lft`, `rgt` FROM `tab{doctype}` WHERE `name` = ?", (name,))
        return None if row is None else (row[0], row[1])

    # values

    def get_value(
        self,
        doctype: str,
        filters: Any = None,
        fieldname: Any = "name",
        ignore: Any = None,
        as_dict: Any = False,
        debug: Any = False,
        order_by: str | None = DEFAULT_ORDER,
        cache: Any = False,
        for_update: bool = False,
        *,
        run: bool = True,
        pluck: bool = False,
        distinct: bool = False,
        skip_locked: bool = False,
        wait: bool = True,
    ) -> Any:
        """Give one value, or a tuple or dict of several, of the first document that fits; None when none does.

        `filters` is a name or any shape of filters; for a Single its own name or None.
        """
        found = self.get_values(
            doctype, filters, fieldname, ignore, as_dict, debug, order_by, cache=cache, for_update=for_update,
            run=run, pluck=pluck, distinct=distinct, limit=1, skip_locked=skip_locked, wait=wait,
        )  # fmt: skip
        if not run or not found:
            return found if not run else None
        first = found[0]
        if as_dict or pluck:
            return first
        if isinstance(fieldname, (list, tuple)):
            return first if len(first) > 1 else first[0]
        return first if fieldname == "*" else first[0]

    def get_values(
        self,
        doctype: str,
        filters: Any = None,
        fieldname: Any = "name",
        ignore: Any = None,
        as_dict: Any = False,
        debug: Any = False,
        order_by: str | None = DEFAULT_ORDER,
        update: Mapping[str, Any] | None = None,
        cache: Any = False,
        for_update: bool = False,
        *,
        run: bool = True,
        pluck: bool = False,
        distinct: bool = False,
        limit: int | None = None,
        skip_locked: bool = False,
        wait: bool = True,
    ) -> Any:
        """Give values of all documents that fit, as `get_value` gives those of the first."""
        key = (doctype, repr(filters), repr(fieldname), bool(as_dict), order_by, limit) if cache else None
        if key is not None and key in self.value_cache:
            return self.value_cache[key]
        if self._is_single(doctype, filters):
            result: Any = self._single_values(doctype, filters, fieldname, as_dict=bool(as_dict), update=update)
        else:
            result = self._table_values(
                doctype, filters, fieldname, as_dict=bool(as_dict), order_by=order_by, update=update, pluck=pluck,
                for_update=for_update, distinct=distinct, limit=limit, ignore=ignore, run=run,
            )  # fmt: skip
        if key is not None:
            self.value_cache[key] = result
        return result

    def _is_single(self, doctype: str, filters: Any) -> bool:
        if filters is None or filters == doctype:
            return True
        return not isinstance(filters, (str, int, float)) and bool(_is_single_doctype(doctype))

    def _single_values(
        self, doctype: str, filters: Any, fieldname: Any, *, as_dict: bool, update: Mapping[str, Any] | None
    ) -> list[Any]:
        wanted = [fieldname] if isinstance(fieldname, str) else list(fieldname)
        stored = self.get_singles_dict(doctype) if "*" in wanted else self._stored_single(doctype, wanted)
        if isinstance(filters, Mapping) and any(str(stored.get(k)) != str(v) for k, v in filters.items()):
            return []
        if not stored:
            return []
        if as_dict:
            return [_dict(stored, **(update or {}))]
        return [tuple(stored.get(name) for name in wanted)]

    def _stored_single(self, doctype: str, fields: Sequence[str]) -> Any:
        marks = ", ".join("?" * len(fields))
        rows = self.rows(
            f"SELECT `field`, `value` FROM `tabSingles` WHERE `doctype` = ? AND `field` IN ({marks})",
            (doctype, *fields),
        )
        return _dict(rows)

    def _table_values(
        self, doctype: str, filters: Any, fieldname: Any, *, as_dict: bool, order_by: str | None,
        update: Mapping[str, Any] | None, pluck: bool, for_update: bool, distinct: bool, limit: int | None,
        ignore: Any, run: bool,
    ) -> Any:  # fmt: skip
        if filters == "" or (isinstance(filters, (list, tuple)) and not filters and limit == 1):
            return []
        by_name = isinstance(filters, (str, int)) and not (isinstance(filters, str) and filters[:1] in "[{")
        try:
            compiled = self.compile(
                doctype,
                fields=fieldname,
                filters={"name": filters} if by_name else filters,
                order_by=None if by_name else _default_order(doctype, order_by),
                limit=limit,
                distinct=distinct,
                for_update=for_update,
            )
            if not run:
                return compiled.sql
            names, rows = self.read(compiled, for_update=for_update)
        except Exception as error:
            if self._is_absent(error, doctype) or (ignore and isinstance(error, DataError)):
                return []
            raise
        return _shaped(names, rows, as_dict=as_dict, pluck=pluck, update=update)

    def _is_absent(self, error: Exception, doctype: str) -> bool:
        """Tell whether an error says that a DocType, or its table, is not there: then it has no values."""
        return self.is_table_missing(error) or (isinstance(error, DoesNotExistError) and not _has_meta(doctype))

    def get_value_by_name(self, doctype: str, name: Any, column: str) -> Any:
        """Give one column of the document `name`, None when it is not there; the column must be known to exist."""
        row = self.row(f"SELECT `{column}` FROM `tab{doctype}` WHERE `name` = ?", (name,))
        return None if row is None else row[0]

    def exists(self, dt: Any, dn: Any = None, cache: bool = False, *, debug: bool = False) -> Any:
        """Give the name of a document that fits (a name or filters), None when there is none."""
        if isinstance(dt, Mapping):
            filters = dict(dt)
            dt, dn = filters.pop("doctype"), filters
        if isinstance(dn, str) and dn and not cache:
            if dt == dn and _is_single_doctype(dt):
                return dn
            return self._existing_name(dt, dn)
        if dn is None or dn == "":
            return None
        return self.get_value(dt, dn, ignore=True, cache=cache, order_by=None, debug=debug)

    def _existing_name(self, doctype: str, name: str) -> Any:
        try:
            return self.get_value_by_name(doctype, name, "name")
        except self.Error as error:
            if self.is_table_missing(error):
                return None
            raise

    def count(
        self, dt: str, filters: Any = None, debug: bool = False, cache: bool = False, distinct: bool = True
    ) -> int:
        """Give the number of documents that fit."""
        key = f"count|{dt}" if cache and not filters else None
        if key:
            known = current().cache_server.get_value(key, expires=True) if current().get("cache_server") else None
            if known is not None:
                return int(known)
        compiled = self.compile(
            dt, fields=["count(distinct name) as n" if filters and distinct else "count(*) as n"], filters=filters
        )
        number = int(self.run(compiled)[0][0])
        if key and current().get("cache_server"):
            current().cache_server.set_value(key, number, expires_in_sec=86400)
        return number

    def set_value(
        self,
        dt: str,
        dn: Any,
        field: Any,
        val: Any = None,
        modified: Any = None,
        modified_by: str | None = None,
        update_modified: bool = True,
        debug: bool = False,
        for_update: bool = True,
    ) -> None:
        """Set fields of the documents that fit, without running their controllers.

        `field` is a name with `val`, or a dict; `dn` a name or filters, None or the DocType's own name for a Single.
        """
        values = dict(field) if isinstance(field, Mapping) else {field: val}
        if update_modified:
            values["modified"] = modified or now_datetime()
            values["modified_by"] = modified_by or current().session.user
        if dn is None or dn == dt:
            self._set_single_values(dt, values)
        else:
            self._set_table_values(dt, dn, values)
        self.value_cache.clear()

    def _set_table_values(self, doctype: str, name_or_filters: Any, values: dict[str, Any]) -> None:
        columns = _columns_of(doctype)
        unknown = [name for name in values if name not in columns.column_types]
        if unknown:
            raise DataError(f"{doctype} has no field {', '.join(unknown)}")
        assignments = ", ".join(f"`{name}` = ?" for name in values)
        if isinstance(name_or_filters, (str, int)):
            names: list[Any] = [name_or_filters]
            self.write(f"UPDATE `tab{doctype}` SET {assignments} WHERE `name` = ?", (*values.values(), name_or_filters))
        else:
            compiled = self.compile(doctype, fields=["name"], filters=name_or_filters, for_update=True)
            names = [row[0] for row in self.run(compiled, for_update=True)]
            for start in range(0, len(names), 500):
                part = names[start : start + 500]
                marks = ", ".join("?" * len(part))
                self.write(
                    f"UPDATE `tab{doctype}` SET {assignments} WHERE `name` IN ({marks})", (*values.values(), *part)
                )
        providers("documents_changed", doctype, names, values)

    def _set_single_values(self, doctype: str, values: dict[str, Any]) -> None:
        marks = ", ".join("?" * len(values))
        self.write(f"DELETE FROM `tabSingles` WHERE `doctype` = ? AND `field` IN ({marks})", (doctype, *values))
        self.write_many(
            "INSERT INTO `tabSingles` (`doctype`, `field`, `value`) VALUES (?, ?, ?)",
            [(doctype, name, single_text(value)) for name, value in values.items()],
        )
        providers("documents_changed", doctype, [doctype])

    def get_single_value(self, doctype: str, fieldname: str, cache: bool = True) -> Any:
        """Give the value of a field of a Single, as the type of the field; None when it was never set.

        Raises `ValidationError` when there is no such field.
        """
        columns = _columns_of(doctype)
        fieldtype = columns.column_types.get(fieldname)
        if fieldtype is None:
            raise ValidationError(f"Field {fieldname} does not exist on {doctype}")
        stored: Any = (
            self.get_singles_dict(doctype, cached=True) if cache else self._stored_single(doctype, [fieldname])
        )
        return cast_single(fieldtype, stored.get(fieldname))

    def get_singles_dict(
        self, doctype: str, debug: bool = False, *, for_update: bool = False, cast: bool = False, cached: bool = False
    ) -> Any:
        """Give the stored values of a Single, as text or (with `cast`) as the type of each field."""
        query = "SELECT `field`, `value` FROM `tabSingles` WHERE `doctype` = ?"
        if for_update:
            rows = self.write(query if self.is_sqlite else f"{query} FOR UPDATE", (doctype,)).fetchall()
        elif cached:
            context = current()
            rows = process_cache_of(context).get_or_load(f"single|{doctype}", lambda: self.rows(query, (doctype,)))
        else:
            rows = self.rows(query, (doctype,))
        stored = _dict(rows)
        if not cast:
            return stored
        types = _columns_of(doctype).column_types
        return _dict({name: cast_single(types.get(name, "Data"), value) for name, value in stored.items()})

    def set_single_value(self, doctype: str, fieldname: Any, value: Any = None, *args: Any, **kwargs: Any) -> None:
        """Set fields of a Single, without running its controller."""
        self.set_value(doctype, doctype, fieldname, value, *args, **kwargs)

    # rows

    def delete(self, doctype: str, filters: Any = None, debug: bool = False, **kwargs: Any) -> tuple[()]:
        """Delete the rows that fit (all when `filters` is None), without running controllers; give ()."""
        if (isinstance(filters, Mapping) and not filters) or filters == []:
            filters = None
        table = doctype if doctype.startswith("__") else f"tab{doctype}"
        if filters is None:
            self.write(f"DELETE FROM `{table}`")
        elif doctype.startswith("__"):
            where = " AND ".join(f"`{name}` = ?" for name in filters)
            self.write(f"DELETE FROM `{table}` WHERE {where}", tuple(filters.values()))
        else:
            query = self.list_query(doctype, fold=False)
            where_part = query.where(filters, None, ())
            if query.joins:
                raise DataError("Rows are deleted by their own fields only")
            self.write(f"DELETE FROM `{table}` WHERE {where_part.sql}", where_part.values)
        process_cache_of(current()).forget_own(f"link|{doctype}")
        self.value_cache.clear()
        return ()

    def truncate(self, doctype: str) -> None:
        """Delete all rows of a DocType."""
        self.delete(doctype)

    def bulk_insert(
        self,
        doctype: str,
        fields: Sequence[str],
        values: Iterable[Sequence[Any]],
        ignore_duplicates: bool = False,
        *,
        chunk_size: int = 10_000,
    ) -> None:
        """Insert many rows at once, without running controllers."""
        word = ("INSERT OR IGNORE" if self.is_sqlite else "INSERT IGNORE") if ignore_duplicates else "INSERT"
        query = _insertion(word, doctype if doctype.startswith("__") else f"tab{doctype}", tuple(fields))
        rows = [tuple(row) for row in values]
        for start in range(0, len(rows), chunk_size):
            self.write_many(query, rows[start : start + chunk_size])

    def bulk_update(
        self,
        doctype: str,
        doc_updates: Mapping[Any, Mapping[str, Any]],
        *,
        chunk_size: int = 100,
        modified: Any = None,
        modified_by: str | None = None,
        update_modified: bool = True,
        debug: bool = False,
    ) -> None:
        """Set fields of many documents by name, each its own values, without running controllers."""
        if not doc_updates:
            return
        stamp = (modified or now_datetime(), modified_by or current().session.user)
        groups: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
        for name, fields in doc_updates.items():
            values = tuple(fields.values())
            groups.setdefault(tuple(fields), []).append((*values, *(stamp if update_modified else ()), name))
        types = _columns_of(doctype).column_types
        for fields_of_group, rows in groups.items():
            unknown = [name for name in fields_of_group if name not in types]
            if unknown:
                raise DataError(f"{doctype} has no field {', '.join(unknown)}")
            names = (*fields_of_group, *(("modified", "modified_by") if update_modified else ()))
            self.write_many(_update_by_name(doctype, names), rows)
        providers("documents_changed", doctype, list(doc_updates), {name for fields in groups for name in fields})
        self.value_cache.clear()

    def get_all(self, *args: Any, **kwargs: Any) -> Any:
        """Same as `frappe.get_all`."""
        return providers("get_all", *args, **kwargs)

    def get_list(self, *args: Any, **kwargs: Any) -> Any:
        """Same as `frappe.get_list`."""
        return providers("get_list", *args, **kwargs)

    # defaults

    def get_default(self, key: str, parent: str = "__default") -> Any:
        """Give a default (of the site, or of `parent`, a user): one value, or a list when there are several."""
        return providers("get_default", key, parent)

    def set_default(self, key: str, val: Any, parent: str = "__default", parenttype: str | None = None) -> None:
        """Set a default."""
        providers("set_default", key, val, parent, parenttype)

    def get_defaults(self, key: str | None = None, parent: str = "__default") -> Any:
        """Give one default, or all as a dict."""
        return providers("get_defaults", key, parent)

    def get_global(self, key: str, user: str = "__global") -> Any:
        """Give a value kept for the whole site."""
        return self.get_default(key, user)

    def set_global(self, key: str, val: Any, user: str = "__global") -> None:
        """Keep a value for the whole site."""
        self.set_default(key, val, user)

    # trees

    def get_descendants(self, doctype: str, name: str) -> list[str]:
        """Give the nodes below a node of a tree."""
        return providers("get_descendants", doctype, name)  # type: ignore[no-any-return]

    # small questions

    def get_creation_count(self, doctype: str, minutes: int) -> int:
        """Give the number of documents made in the last `minutes`."""
        return self.count(doctype, {"creation": [">=", now_datetime() - timedelta(minutes=minutes)]})

    def get_last_created(self, doctype: str) -> Any:
        """Give the moment the newest document was made, None when there is none."""
        row = self.row(f"SELECT max(`creation`) FROM `tab{_known(doctype)}`")
        return read_computed(row[0]) if row else None

    def a_row_exists(self, doctype: str) -> bool:
        """Tell whether there is any document."""
        return self.row(f"SELECT 1 FROM `tab{_known(doctype)}` LIMIT 1") is not None

    def touch(self, doctype: str, docname: Any) -> datetime:
        """Set a document's modified time to now; give it."""
        moment = now_datetime()
        self.set_value(doctype, docname, "modified", moment)
        return moment

    def estimate_count(self, doctype: str) -> int:
        """Give roughly how many documents there are, without counting."""
        if self.is_sqlite:
            row = self.row(f"SELECT max(rowid) FROM `tab{_known(doctype)}`")
        else:
            row = self.row(
                "SELECT table_rows FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?",
                (f"tab{doctype}",),
            )
        return int((row and row[0]) or 0)

    # errors

    def is_duplicate_entry(self, error: BaseException) -> bool:
        """Tell whether an error says that a key is taken."""
        return bool(self.driver.is_duplicate(error))

    def is_primary_key_violation(self, error: BaseException) -> bool:
        """Tell whether an error says that a name is taken."""
        return self.is_duplicate_entry(error) and "name" in self.driver.duplicate_columns(error)

    def is_unique_key_violation(self, error: BaseException) -> bool:
        """Tell whether an error says that a unique value is taken."""
        return self.is_duplicate_entry(error) and not self.is_primary_key_violation(error)

    def is_table_missing(self, error: BaseException) -> bool:
        """Tell whether an error says that a table is not there."""
        return bool(self.driver.is_missing_table(error))

    def is_missing_column(self, error: BaseException) -> bool:
        """Tell whether an error says that a column is not there."""
        return bool(self.driver.is_missing_column(error))

    is_column_missing = is_missing_column

    def is_data_too_long(self, error: BaseException) -> bool:
        """Tell whether an error says that a value does not fit."""
        return bool(self.driver.is_too_long(error))

    def is_deadlocked(self, error: BaseException) -> bool:
        """Tell whether an error says that this transaction lost a deadlock."""
        return bool(
            self.driver.is_deadlock(error.args[0] if error.args and isinstance(error.args[0], BaseException) else error)
        )

    def is_timedout(self, error: BaseException) -> bool:
        """Tell whether an error says that waiting for a lock took too long."""
        return bool(
            self.driver.is_timeout(error.args[0] if error.args and isinstance(error.args[0], BaseException) else error)
        )

    @property
    def Error(self) -> Any:  # noqa: N802 - the DB API's name
        """The driver's base exception."""
        return self.driver.errors.Error

    @property
    def OperationalError(self) -> Any:  # noqa: N802
        """The driver's exception for what the database could not do."""
        return self.driver.errors.OperationalError

    @property
    def ProgrammingError(self) -> Any:  # noqa: N802
        """The driver's exception for statements that are wrong."""
        return self.driver.errors.ProgrammingError

    @property
    def IntegrityError(self) -> Any:  # noqa: N802
        """The driver's exception for broken constraints."""
        return self.driver.errors.IntegrityError

    @property
    def InternalError(self) -> Any:  # noqa: N802
        """The driver's exception for faults of the database itself."""
        return self.driver.errors.InternalError

    @property
    def DataError(self) -> Any:  # noqa: N802
        """The driver's exception for values that can't be stored."""
        return self.driver.errors.DataError

    # caches follow the transaction

    def commit(self, chain: bool = False) -> None:
        """Make what was written lasting; caches of every process learn what changed."""
        super().commit()
        process_cache_of(current()).publish_changes()

    def rollback(self, *, save_point: str | None = None, chain: bool = False) -> None:
        """Undo what was written, or what came after `save_point`."""
        super().rollback(save_point=save_point)
        self.value_cache.clear()
        current().document_cache = {}  # may hold documents as this transaction had changed them
        if save_point is None:
            process_cache_of(current()).discard_changes()
        else:
            process_cache_of(current()).discard_since_savepoint()


@lru_cache(maxsize=1024)
def _insertion(word: str, table: str, fields: tuple[str, ...]) -> str:
    columns = ", ".join(f"`{name.strip('`')}`" for name in fields)
    return f"{word} INTO `{table}` ({columns}) VALUES ({', '.join('?' * len(fields))})"


@lru_cache(maxsize=1024)
def _update_by_name(doctype: str, names: tuple[str, ...]) -> str:
    assignments = ", ".join(f"`{name}` = ?" for name in names)
    return f"UPDATE `tab{doctype}` SET {assignments} WHERE `name` = ?"


def _shaped(
    names: list[str], rows: list[tuple[Any, ...]], *, as_dict: bool, pluck: bool, update: Mapping[str, Any] | None
) -> Any:
    if pluck:
        return [row[0] for row in rows]
    if as_dict:
        return [_dict(zip(names, row, strict=True), **(update or {})) for row in rows]
    return tuple(rows)


def process_cache_of(context: Any) -> Any:
    """Give the process cache of the context's site."""
    cache = context.__dict__.get("process_cache")
    if cache is None:
        config = context.get("conf") or {}
        cache = process_cache(context.get("sites_path") or ".", context.get("site"), config.get("redis_cache"))
        context.process_cache = cache
    return cache


def single_text(value: Any) -> Any:
    """Give a value as a Single stores it: text, or None."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(int(value))
    return str(value)


def cast_single(fieldtype: str, value: Any) -> Any:
    """Give the stored text of a Single's field as its type; None stays None."""
    if value is None:
        return None
    cast: Callable[[Any], Any] | None = providers("single_casts").get(fieldtype)
    return cast(value) if cast else value


def _columns_of(doctype: str) -> Any:
    return providers("meta", doctype)


def _is_single_doctype(doctype: str) -> bool:
    return bool(providers("is_single", doctype))


def _time_span(words: str) -> tuple[Any, Any]:
    return providers("time_span", words)  # type: ignore[no-any-return]


def _known(doctype: str) -> str:
    return str(_columns_of(doctype).name)


def _default_order(doctype: str, order_by: str | None) -> str | None:
    if order_by == DEFAULT_ORDER:
        return "`modified` DESC"
    if order_by and " " not in order_by.strip() and "(" not in order_by:
        return f"{order_by} desc"  # the public API sorts descending where this method is given a bare name
    return order_by


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
    known = [
        _columns_of(table[3:]).column_types for table in tables if table.startswith("tab") and _has_meta(table[3:])
    ]

    def kind(column: str) -> str:
        return next((_KINDS.get(types[column], "other") for types in known if column in types), "other")

    return kind


def _has_meta(doctype: str) -> bool:
    try:
        return _columns_of(doctype) is not None
    except DoesNotExistError:
        return False


def _with_dates(row: tuple[Any, ...], indexes: tuple[int, ...]) -> tuple[Any, ...]:
    cells = list(row)
    for index in indexes:
        cells[index] = read_computed(cells[index])
    return tuple(cells)


_pools: dict[tuple[str, ...], Pool] = {}


def driver_for(config: Mapping[str, Any], sites_path: str, site: str) -> Any:
    """Give the driver of a site from its configuration."""
    if config.get("db_type") == "sqlite":
        return SQLiteDriver(sqlite_path(config, sites_path, site))
    return MariaDBDriver(
        config.get("db_name"),
        str(config.get("db_user") or config.get("db_name")),
        str(config.get("db_password") or ""),
        host=config.get("db_host"),
        port=config.get("db_port"),
        socket=config.get("db_socket"),
    )


def sqlite_path(config: Mapping[str, Any], sites_path: str, site: str) -> str:
    """Give the path of a site's SQLite file."""
    name = f"{config.get('db_name') or 'site'}.db"
    return os.path.join(os.path.abspath(sites_path), site, "db", name)


def pool_for(config: Mapping[str, Any], sites_path: str, site: str) -> Pool:
    """Give the pool of a site's connections in this process."""
    key = (os.path.abspath(sites_path), site, str(config.get("db_type")), str(config.get("db_name")))
    pool = _pools.get(key)
    if pool is None:
        pool = _pools.setdefault(key, Pool(driver_for(config, sites_path, site)))
    return pool


def drop_pool(config: Mapping[str, Any], sites_path: str, site: str) -> None:
    """Close and forget the connections to a site's database."""
    key = (os.path.abspath(sites_path), site, str(config.get("db_type")), str(config.get("db_name")))
    pool = _pools.pop(key, None)
    if pool is not None:
        pool.close()
        if isinstance(pool.driver, SQLiteDriver):
            forget_queue(pool.driver.path)


def connect(config: Mapping[str, Any], sites_path: str, site: str) -> Database:
    """Give a database object for the current context; the connection itself is opened at first use."""
    return Database(pool_for(config, sites_path, site), str(config.get("db_name")))


def create_database(
    config: Mapping[str, Any],
    sites_path: str,
    site: str,
    root_login: str | None = None,
    root_password: str | None = None,
) -> None:
    """Make an empty database for a site (and its user, on MariaDB)."""
    if config.get("db_type") == "sqlite":
        path = sqlite_path(config, sites_path, site)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        SQLiteDriver(path).create()
        return
    name, password = _identifier(config["db_name"]), str(config.get("db_password") or "")
    with _root_connection(config, root_login, root_password) as cursor:
        cursor.execute(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
        for host in ("localhost", "127.0.0.1", "%"):
            cursor.execute(f"CREATE USER IF NOT EXISTS '{name}'@'{host}' IDENTIFIED BY {literal(password)}")
            cursor.execute(f"GRANT ALL PRIVILEGES ON `{name}`.* TO '{name}'@'{host}'")


def drop_database(
    config: Mapping[str, Any],
    sites_path: str,
    site: str,
    root_login: str | None = None,
    root_password: str | None = None,
) -> None:
    """Remove a site's database (and its user, on MariaDB)."""
    drop_pool(config, sites_path, site)
    if config.get("db_type") == "sqlite":
        SQLiteDriver(sqlite_path(config, sites_path, site)).remove()
        return
    name = _identifier(config["db_name"])
    with _root_connection(config, root_login, root_password) as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS `{name}`")
        for host in ("localhost", "127.0.0.1", "%"):
            cursor.execute(f"DROP USER IF EXISTS '{name}'@'{host}'")


class _root_connection:  # noqa: N801 - used as a with-block
    """A cursor with the rights of the server's administrator."""

    def __init__(self, config: Mapping[str, Any], login: str | None, password: str | None) -> None:
        self.driver = root_driver(dict(config), login, password)

    def __enter__(self) -> Any:
        self.connection = self.driver.open()
        return self.connection.cursor()

    def __exit__(self, *_exception: object) -> None:
        self.connection.commit()
        self.connection.close()


def _identifier(name: Any) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_$]+", str(name)):
        raise ValidationError(f"{name!r} can't be the name of a database")
    return str(name)
