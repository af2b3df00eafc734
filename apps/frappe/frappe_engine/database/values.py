"""Values of documents by name or filters: read, counted and set without running controllers.

Invariant: names and filters mean the same to every method here; a Single is asked for by its own name or None.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from frappe_engine.context.clock import now_datetime
from frappe_engine.context.errors import DataError, DoesNotExistError
from frappe_engine.context.local import current, providers
from frappe_engine.database.column_values import refuse_misfits
from frappe_engine.database.definitions import columns_of, has_meta, is_single_doctype
from frappe_engine.database.list_queries import ListQueries
from frappe_engine.database.query import Compiled
from frappe_engine.database.singles import Singles
from frappe_engine.database.site_caches import process_cache_of
from frappe_engine.kit.attrdict import _dict

DEFAULT_ORDER = "KEEP_DEFAULT_ORDERING"
MOST_BY_NAME = 2000  # kinds of questions for fields of one document that are kept compiled


class Values(ListQueries, Singles):
    """Mixed into `Database`."""

    value_cache: dict[Any, Any]
    is_table_missing: Any
    Error: Any
    driver: Any

    def get(self, doctype: str, filters: Any = None, as_dict: bool = True, cache: bool = False) -> Any:
        """Give all columns of the first document that fits, or those of a Single; None when none does."""
        return self.get_value(doctype, filters, "*", as_dict=as_dict, cache=cache)

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
        return first if as_dict or pluck or fieldname == "*" or len(first) > 1 else first[0]

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
        """Give values of all documents that fit, as `get_value` gives those of the first; all fields (`*`) as dicts."""
        as_dict = as_dict or fieldname == "*"
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

    def _table_values(
        self, doctype: str, filters: Any, fieldname: Any, *, as_dict: bool, order_by: str | None,
        update: Mapping[str, Any] | None, pluck: bool, for_update: bool, distinct: bool, limit: int | None,
        ignore: Any, run: bool,
    ) -> Any:  # fmt: skip
        if filters == "" or (isinstance(filters, (list, tuple)) and not filters and limit == 1):
            return []
        try:
            compiled = self._compiled_values(
                doctype, filters, fieldname, order_by=order_by, limit=limit, distinct=distinct, for_update=for_update
            )
            if not run:
                return compiled.sql
            names, rows = self.read(compiled, for_update=for_update)
        except Exception as error:
            if self._is_absent(error, doctype) or (ignore and isinstance(error, DataError)):
                return []
            raise
        return _shaped(names, rows, as_dict=as_dict, pluck=pluck, update=update)

    def _compiled_values(
        self, doctype: str, filters: Any, fieldname: Any, *, order_by: str | None, limit: int | None, distinct: bool,
        for_update: bool,
    ) -> Compiled:  # fmt: skip
        how: dict[str, Any] = {"fields": fieldname, "limit": limit, "distinct": distinct, "for_update": for_update}
        by_name = isinstance(filters, (str, int)) and not (isinstance(filters, str) and filters[:1] in "[{")
        if not by_name:
            return self.compile(doctype, filters=filters, order_by=_default_order(doctype, order_by), **how)
        known = None if for_update or distinct else self._query_by_name(doctype, filters, fieldname, limit)
        return known or self.compile(doctype, filters={"name": filters}, **how)

    def _query_by_name(self, doctype: str, name: Any, fieldname: Any, limit: int | None) -> Compiled | None:
        """Give the query for fields of a document known by its name, the same but for the name each time; None where
        more than the name decides what it is."""
        context = current()
        if type(name) is not str or name[-1:] == " " or "definitions_changed" in context.__dict__:
            return None
        key = (doctype, tuple(fieldname) if type(fieldname) is list else fieldname, limit)
        cache = process_cache_of(context)
        kept = cache.definitions.by_name
        try:
            known = kept.get(key)
        except TypeError:  # fields that are more than names
            return None
        if known is None and _is_names(key[1]):
            generation = cache.generation
            known = self.compile(doctype, fields=fieldname, filters={"name": name}, limit=limit)
            if known.values != (name,) or known.computed_dates or known.tables or known.hint:
                return None
            if generation == cache.generation and len(kept) < MOST_BY_NAME:
                kept[key] = known
        return Compiled(known.sql, (name,), known.names) if known is not None else None

    def _is_absent(self, error: Exception, doctype: str) -> bool:
        """Tell whether an error says that a DocType, or its table, is not there: then it has no values."""
        return self.is_table_missing(error) or (isinstance(error, DoesNotExistError) and not has_meta(doctype))

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
            if dt == dn and is_single_doctype(dt):
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
        refuse_misfits(columns_of(doctype), values, self.driver.errors if self.is_sqlite else None)
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

    def set_single_value(self, doctype: str, fieldname: Any, value: Any = None, *args: Any, **kwargs: Any) -> None:
        """Set fields of a Single, without running its controller."""
        self.set_value(doctype, doctype, fieldname, value, *args, **kwargs)


def _is_names(fieldname: Any) -> bool:
    return type(fieldname) is str or (type(fieldname) is tuple and all([type(name) is str for name in fieldname]))


def _shaped(
    names: list[str], rows: list[tuple[Any, ...]], *, as_dict: bool, pluck: bool, update: Mapping[str, Any] | None
) -> Any:
    if pluck:
        return [row[0] for row in rows]
    if as_dict:
        return [_dict(zip(names, row, strict=True), **(update or {})) for row in rows]
    return tuple(rows)


def _default_order(doctype: str, order_by: str | None) -> str | None:
    if order_by == DEFAULT_ORDER:
        return "`modified` DESC"
    if order_by and " " not in order_by.strip() and "(" not in order_by:
        return f"{order_by} desc"  # the public API sorts descending where this method is given a bare name
    return order_by
