"""Lists of documents: `get_all` without permissions, `get_list` with them.

Invariant: `get_list` never gives a row or a field the user may not read.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable, Mapping
from itertools import repeat
from types import MappingProxyType
from typing import Any

from frappe_engine.access.decisions import permitted_fields
from frappe_engine.access.lists import list_conditions
from frappe_engine.context.errors import DataError, PermissionError
from frappe_engine.context.hooks import call_with_fitting
from frappe_engine.context.local import current, providers
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.database.fields import Call, read_selected
from frappe_engine.documents.base import session_user
from frappe_engine.documents.controllers import get_controller
from frappe_engine.documents.metas import get_meta
from frappe_engine.documents.readable import check_paths, readable_fields, unknown_fields, with_masks
from frappe_engine.kit.attrdict import _dict

NO_CONDITIONS: Iterable[Any] = ()
NO_MASKS: Mapping[Any, Any] = MappingProxyType({})
KEEP_DEFAULT = "KEEP_DEFAULT_ORDERING"


def get_all(doctype: str, *args: Any, **kwargs: Any) -> Any:
    """Give documents without looking at permissions; all of them unless a limit is given. See `get_list`."""
    kwargs["ignore_permissions"] = True
    if "limit_page_length" not in kwargs and "page_length" not in kwargs and "limit" not in kwargs:
        kwargs["limit_page_length"] = 0
    return get_list(doctype, *args, **kwargs)


def get_list(
    doctype: str,
    fields: Any = None,
    filters: Any = None,
    or_filters: Any = None,
    docstatus: Any = None,
    group_by: Any = None,
    order_by: Any = KEEP_DEFAULT,
    limit_start: Any = 0,
    limit_page_length: Any = None,
    as_list: bool = False,
    with_childnames: bool = False,
    debug: bool = False,
    ignore_permissions: bool = False,
    user: str | None = None,
    with_comment_count: bool = False,
    join: str = "left join",
    distinct: bool = False,
    start: Any = None,
    page_length: Any = None,
    limit: Any = None,
    ignore_ifnull: bool = False,
    save_user_settings: bool = False,
    save_user_settings_fields: bool = False,
    update: Mapping[str, Any] | None = None,
    user_settings: Any = None,
    reference_doctype: str | None = None,
    run: bool = True,
    strict: bool = True,
    pluck: str | None = None,
    ignore_ddl: bool = False,
    parent_doctype: str | None = None,
    offset: Any = None,
    for_update: bool = False,
) -> Any:
    """Give the documents that fit: dicts of `fields`, tuples when `as_list`, the values of one field with `pluck`.

    `filters` and `or_filters` take every shape of `database.filters`; 20 rows unless a limit is given (0: all).
    Raises `PermissionError` when the user may see none of this DocType.
    """
    fields, filters = _told_apart(fields, filters)
    meta = get_meta(doctype)
    if meta.is_virtual:
        return _virtual_list(
            doctype,
            fields=fields,
            filters=filters,
            limit=limit or limit_page_length,
            order_by=order_by,
            start=start or limit_start,
            pluck=pluck,
            as_list=as_list,
        )
    if pluck and as_list:
        raise TypeError("pluck and as_list exclude each other")
    wanted: Any = fields or ([pluck] if pluck else None)
    extra, hidden = NO_CONDITIONS, NO_MASKS
    if not ignore_permissions:
        who = user or session_user()
        extra = list_conditions(doctype, who, parent_doctype=parent_doctype, linked_from=reference_doctype)
        check_paths(meta, who, (filters, or_filters), order_by if order_by != KEEP_DEFAULT else None, group_by)
        wanted, hidden = readable_fields(meta, wanted, who, parent_doctype)
        if wanted == []:
            return () if as_list else []
    size = _first_given(limit, page_length, limit_page_length, None if ignore_permissions else 20)
    database = current().db
    compiled = database.compile(
        doctype,
        fold=not ignore_ifnull,
        fields=wanted or ["name"],
        filters=_with_docstatus(filters, docstatus),
        or_filters=or_filters,
        group_by=group_by,
        order_by=_order(meta, order_by, group_by, wanted),
        limit=None if size is None else int(size),
        offset=int(_first_given(start, offset, limit_start) or 0),
        distinct=distinct,
        for_update=for_update,
        extra=extra,
    )
    if not run:
        return compiled.sql
    names, rows = with_masks(database.read(compiled, for_update=for_update), hidden)
    if pluck:
        return _plucked(names, rows, pluck, alone=not fields)
    found: Any = tuple(rows) if as_list else _as_dicts(names, rows, update)
    return add_comment_counts(doctype, found) if with_comment_count and not as_list else found


def _told_apart(fields: Any, filters: Any) -> tuple[Any, Any]:
    """Fields, as JSON or not, and filters: callers may give the filters first. Raises `DataError` for broken JSON."""
    if isinstance(fields, str) and fields[:1] == "[":
        try:
            fields = json.loads(fields)
        except ValueError as error:
            raise DataError(f"These fields can't be read: {fields[:100]!r}") from error
    filters_first = isinstance(fields, Mapping) or (
        isinstance(fields, list) and fields and isinstance(fields[0], (list, tuple))
    )
    return (filters, fields) if filters_first else (fields, filters)


def _as_dicts(names: list[str], rows: list[tuple[Any, ...]], update: Mapping[str, Any] | None) -> list[Any]:
    if update:
        return [_dict(zip(names, row, strict=True), **update) for row in rows]
    return list(map(_dict, map(zip, repeat(names), rows)))  # thousands of them: nothing but what it takes


def add_comment_counts(doctype: str, rows: list[Any]) -> list[Any]:
    """Give the rows, those with a name told how many comments their document has (`_comment_count`)."""
    names = [str(row.name) for row in rows if row.get("name")]
    if not names:
        return rows
    marks = ", ".join("?" * len(names))
    counts = dict(
        current().db.rows(
            "SELECT `reference_name`, count(*) FROM `tabComment` WHERE `reference_doctype` = ? AND `comment_type` = 'Comment'"
            f" AND `reference_name` IN ({marks}) GROUP BY `reference_name`",
            (doctype, *names),
        )
    )
    for row in rows:
        row["_comment_count"] = int(counts.get(str(row.get("name")), 0))
    return rows


def _plucked(names: list[str], rows: list[tuple[Any, ...]], pluck: str, *, alone: bool) -> list[Any]:
    """One column as a list: the one that was asked for alone, whatever it is called, or the one of that name."""
    position = 0 if alone and len(names) == 1 else _position(names, pluck)
    return [row[position] for row in rows]


def _position(names: list[str], pluck: str) -> int:
    if pluck not in names:
        raise KeyError(pluck)
    return names.index(pluck)


def _first_given(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def _with_docstatus(filters: Any, docstatus: Any) -> Any:
    if docstatus is None:
        return filters
    statuses = docstatus if isinstance(docstatus, (list, tuple)) else [docstatus]
    return {**(filters or {}), "docstatus": ["in", list(statuses)]}


def _order(meta: Any, order_by: Any, group_by: Any, fields: Any) -> Any:
    if order_by != KEEP_DEFAULT:
        return order_by
    if group_by or _is_aggregate(fields):
        return None
    return meta.default_order


def _is_aggregate(fields: Any) -> bool:
    """A list of one aggregate alone has no order."""
    if not isinstance(fields, (list, tuple)) or len(fields) != 1:
        return False
    first = fields[0]
    if isinstance(first, Mapping):
        return True
    return isinstance(first, str) and isinstance(read_selected(first.strip())[0].node, Call)


def check_filter_fields(doctype: str, filters: Any, user: str | None = None) -> None:
    """Raise `PermissionError` when filters name fields the user may not read (they would tell their values)."""
    from frappe_engine.database.filters import read_filters  # beside the query itself

    meta = get_meta(doctype)
    own = permitted_fields(meta, user or session_user())
    if own is None:
        return
    for entry in read_filters(filters, doctype):
        if (
            entry.doctype is None
            and isinstance(entry.field, str)
            and entry.field in meta.by_name
            and entry.field not in own
        ):
            raise PermissionError(_("You may not filter by {0}").format(_(meta.get_label(entry.field))))


def _virtual_list(doctype: str, **options: Any) -> Any:
    rows = _ask_controller(
        doctype, "get_list", {**options, "page_length": options["limit"], "limit_page_length": options["limit"]}
    )
    pluck = options.get("pluck")
    return (
        [row.get(pluck) for row in rows] if pluck else [row if isinstance(row, dict) else row.as_dict() for row in rows]
    )


def _ask_controller(doctype: str, method: str, options: Mapping[str, Any]) -> Any:
    """Call a method of a virtual DocType's class: with options by name, or all of them as `args` where it takes that."""
    function = getattr(get_controller(doctype), method, None)
    if function is None:
        raise DataError(f"{doctype} is virtual and has no {method}")
    given = {**options, "doctype": doctype}
    first = next(iter(inspect.signature(function).parameters), "")
    return function(_dict(given)) if first in ("args", "self", "_args") else call_with_fitting(function, given)


def check_has_list(meta: Any) -> None:
    """Raise `ValidationError` for the DocType of a Single, for callers from outside; others meet the database's error."""
    if meta.issingle:
        throw(_("{0} has one document alone and no list").format(_(meta.name)))


def count_list(
    doctype: str,
    filters: Any = None,
    or_filters: Any = None,
    *,
    distinct: bool = False,
    limit: int | None = None,
    user: str | None = None,
) -> int:
    """Give the number of documents in the user's list; at most `limit` are counted when it is given."""
    meta = get_meta(doctype)
    check_has_list(meta)
    if meta.is_virtual:
        return int(_ask_controller(doctype, "get_count", {"filters": filters, "or_filters": or_filters}))
    extra = list_conditions(doctype, user)
    database = current().db
    query = database.list_query(doctype)
    name = "distinct name" if distinct else "name"
    compiled = query.compile(
        fields=[f"{name} as n"], filters=filters, or_filters=or_filters, extra=extra, limit=limit, distinct=distinct
    )
    row = database.row(f"SELECT count(*) FROM ({compiled.sql}) counted", compiled.values)
    return int(row[0]) if row else 0


__all__ = [
    "add_comment_counts",
    "check_filter_fields",
    "check_has_list",
    "count_list",
    "get_all",
    "get_list",
    "unknown_fields",
]

providers.register("get_all", get_all)
providers.register("get_list", get_list)
