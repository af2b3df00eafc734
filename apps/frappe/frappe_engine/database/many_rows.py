"""Rows written or deleted by the hundred, without running controllers.

Invariant: a set of rows costs a few statements, whatever its size; what is remembered of the rows is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from frappe_engine.context.clock import now_datetime
from frappe_engine.context.errors import DataError
from frappe_engine.context.local import current, providers
from frappe_engine.database.column_values import refuse_misfits
from frappe_engine.database.definitions import columns_of
from frappe_engine.database.list_queries import ListQueries
from frappe_engine.database.site_caches import process_cache_of


class ManyRows(ListQueries):
    """Mixed into `Database`."""

    value_cache: dict[Any, Any]

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
        if doctype == "__Auth":
            process_cache_of(current()).forget_kind("password")
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
        stamp: dict[str, Any] = {}
        if update_modified:
            stamp = {"modified": modified or now_datetime(), "modified_by": modified_by or current().session.user}
        meta, errors = columns_of(doctype), self.driver.errors if self.is_sqlite else None
        groups: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
        for name, fields in doc_updates.items():
            refuse_misfits(meta, fields, errors)
            groups.setdefault(tuple(fields), []).append((*fields.values(), *stamp.values(), name))
        for fields_of_group, rows in groups.items():
            self.write_many(_update_by_name(doctype, (*fields_of_group, *stamp)), rows)
        providers("documents_changed", doctype, list(doc_updates), frozenset().union(*groups))
        self.value_cache.clear()


@lru_cache(maxsize=1024)
def _insertion(word: str, table: str, fields: tuple[str, ...]) -> str:
    columns = ", ".join(f"`{name.strip('`')}`" for name in fields)
    return f"{word} INTO `{table}` ({columns}) VALUES ({', '.join('?' * len(fields))})"


@lru_cache(maxsize=1024)
def _update_by_name(doctype: str, names: tuple[str, ...]) -> str:
    assignments = ", ".join(f"`{name}` = ?" for name in names)
    return f"UPDATE `tab{doctype}` SET {assignments} WHERE `name` = ?"
