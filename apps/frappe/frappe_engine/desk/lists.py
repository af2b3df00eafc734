"""Lists of the desk: rows, counts, statistics beside the list, exports, deleting several.

Invariant: a list costs one query whatever its size; names in fields, filters and sorting are columns that were looked
up, never text that is put into SQL.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from frappe_engine.access.decisions import has_permission
from frappe_engine.access.lists import list_conditions
from frappe_engine.context.errors import DataError, PermissionError, QueryDeadlockError, QueryTimeoutError
from frappe_engine.context.local import current
from frappe_engine.context.messages import msgprint, throw
from frappe_engine.context.translate import _
from frappe_engine.context.whitelist import whitelist
from frappe_engine.desk.docinfo import user_info
from frappe_engine.desk.forms import titles_of
from frappe_engine.documents.deletion import delete_doc
from frappe_engine.documents.errors import log_error
from frappe_engine.documents.incoming import (
    check_doctype,
    field_parameter,
    filter_parameter,
    json_parameter,
    sorting_parameter,
)
from frappe_engine.documents.listing import (
    add_comment_counts,
    check_filter_fields,
    check_has_list,
    count_list,
    unknown_fields,
)
from frappe_engine.documents.listing import get_list as read_documents
from frappe_engine.kit.attrdict import _dict
from frappe_engine.kit.numbers import cint, sbool
from frappe_engine.kit.tables import write_csv, write_xlsx
from frappe_engine.schema.meta import Meta

MOST_ROWS = 5000


@whitelist()
def get() -> Any:
    """Give rows of a list as `keys` and `values`; [] when there are none."""
    return compressed(read(current().form_dict))


@whitelist()
def get_list() -> list[Any]:
    """Give rows of a list as objects."""
    return read(current().form_dict)


def read(parameters: Any, limit: int | None = None) -> list[Any]:
    """Read the rows a list asks for."""
    meta = check_doctype(parameters.get("doctype"))
    check_has_list(meta)
    options = list_options(meta, parameters)
    size = cint(parameters.get("page_length") or parameters.get("limit_page_length") or parameters.get("limit") or 20)
    rows: list[Any] = read_documents(
        meta.name,
        start=max(cint(parameters.get("start") or parameters.get("limit_start")), 0),
        page_length=min(max(size, 1), MOST_ROWS) if limit is None else limit,
        parent_doctype=parameters.get("parent_doctype") or parameters.get("parent") or None,
        **options,
    )
    if sbool(parameters.get("with_comment_count")) is True or cint(parameters.get("with_comment_count")):
        add_comment_counts(meta.name, rows)
    _add_titles(meta, rows)
    return rows


def list_options(meta: Meta, parameters: Any) -> dict[str, Any]:
    """Read fields, filters, sorting and grouping of a list. Raises `DataError`, `ValidationError`."""
    fields = [_plain_field(entry, meta) for entry in field_parameter(parameters.get("fields"))]
    unknown = unknown_fields(meta.name, fields)
    if unknown:
        throw(_("Field not permitted in query: {0}").format(", ".join(unknown)), DataError)
    filters, or_filters = filter_parameter(parameters, "filters"), filter_parameter(parameters, "or_filters")
    check_filter_fields(meta.name, filters)
    check_filter_fields(meta.name, or_filters)
    group_by = sorting_parameter(parameters.get("group_by"), "group_by")
    order_by = sorting_parameter(parameters.get("order_by"), "order_by")
    options: dict[str, Any] = {"fields": fields, "filters": filters, "or_filters": or_filters, "group_by": group_by}
    if order_by:
        options["order_by"] = order_by
    options["distinct"] = bool(sbool(parameters.get("distinct", False)))
    return options


def _plain_field(entry: Any, meta: Meta) -> Any:
    """`tabX`.`field` of the list's own DocType is just the field."""
    if not isinstance(entry, str):
        return entry
    for prefix in (f"`tab{meta.name}`.", f"tab{meta.name}."):
        if entry.startswith(prefix):
            return entry.removeprefix(prefix).strip("`") if "(" not in entry and " as " not in entry.lower() else entry
    return entry


def compressed(rows: list[Any]) -> Any:
    """Give rows as one list of keys and lists of values, with the people in them."""
    if not rows:
        return []
    keys = list(rows[0])
    people: set[str] = set()
    for row in rows:
        people.update(
            str(row.get(key)) for key in ("owner", "modified_by", "_assign") if row.get(key) and key != "_assign"
        )
        people.update(_people_assigned(row.get("_assign")))
    found = {"keys": keys, "values": [[row.get(key) for key in keys] for row in rows], "user_info": user_info(people)}
    return found


def _people_assigned(text: Any) -> list[str]:
    import json

    try:
        return [str(user) for user in json.loads(text or "[]")]
    except (TypeError, ValueError):
        return []


def _add_titles(meta: Meta, rows: list[Any]) -> None:
    """Titles of what the rows link to go with the answer."""
    wanted: dict[str, set[str]] = {}
    columns = set(rows[0]) if rows else set()
    for field in meta.link_fields:
        if field.fieldname in columns:
            wanted.setdefault(field.options, set()).update(
                str(row[field.fieldname]) for row in rows if row.get(field.fieldname)
            )
    titles = titles_of(wanted)
    if titles:
        current().response["_link_titles"] = titles


@whitelist()
def get_count() -> int:
    """Give the number of documents in a list, at most `limit` of them are counted."""
    parameters = current().form_dict
    meta = check_doctype(parameters.get("doctype"))
    filters, or_filters = filter_parameter(parameters, "filters"), filter_parameter(parameters, "or_filters")
    check_filter_fields(meta.name, filters)
    check_filter_fields(meta.name, or_filters)
    return count_list(
        meta.name,
        filters,
        or_filters,
        distinct=bool(sbool(parameters.get("distinct", False))),
        limit=cint(parameters.get("limit")) or None,
    )


# beside the list


@whitelist()
def get_sidebar_stats(stats: Any, doctype: str, filters: Any = None) -> dict[str, Any]:
    """Give how often each tag is used in a list."""
    return {"stats": get_stats(stats, doctype, filters)}


@whitelist()
def get_stats(stats: Any, doctype: str, filters: Any = None) -> dict[str, Any]:
    """Give, per column of tags, the tags with their numbers, the most frequent first; then those without a tag."""
    meta = check_doctype(doctype)
    wanted = json_parameter({"stats": stats}, "stats", (list,)) or []
    chosen = filter_parameter({"filters": filters}, "filters")
    found: dict[str, Any] = {}
    for column in wanted:
        if column in ("_user_tags", "_liked_by", "_assign") and column in meta.column_types:
            found[column] = _tag_counts(meta, column, chosen)
    return found


def _tag_counts(meta: Meta, column: str, filters: Any) -> list[Any]:
    rows = read_documents(
        meta.name,
        fields=[column, "count(name) as n"],
        filters=filters,
        group_by=column,
        as_list=True,
        page_length=1000,
        order_by=None,
    )
    counts: dict[str, int] = {}
    without = 0
    for text, number in rows:
        tags = [tag for tag in str(text or "").split(",") if tag]
        without += number if not tags else 0
        for tag in tags:
            counts[tag] = counts.get(tag, 0) + number
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return [*([tag, number] for tag, number in ordered), ["No Tags", without]]


@whitelist()
def get_filter_dashboard_data(stats: Any, doctype: str, filters: Any = None) -> dict[str, Any]:
    """Give, per field, the values with their numbers, for filters beside a list."""
    meta = check_doctype(doctype)
    found: dict[str, Any] = {}
    for entry in json_parameter({"stats": stats}, "stats", (list,)) or []:
        name = entry.get("name") if isinstance(entry, dict) else None
        if name and name in meta.column_types:
            found[name] = group_counts(meta, name, filter_parameter({"filters": filters}, "filters"))
    return found


def group_counts(meta: Meta, column: str, filters: Any, limit: int = 50) -> list[Any]:
    """Give the values of a column with the number of documents each, the most frequent first."""
    if column not in meta.column_types or unknown_fields(meta.name, [column]):
        throw(_("Field not permitted in query: {0}").format(column), DataError)
    check_filter_fields(meta.name, filters)
    rows = read_documents(
        meta.name,
        fields=[column, "count(name) as n"],
        filters=filters,
        group_by=column,
        order_by="n desc",
        page_length=limit,
    )
    return [[row.get(column), row.n] for row in rows]


@whitelist()
def get_group_by_count(doctype: str, current_filters: Any, field: str) -> list[Any]:
    """Give the values of a field in a list with their numbers: `name` and `count`."""
    meta = check_doctype(doctype)
    filters = filter_parameter({"filters": current_filters}, "filters")
    if field == "assigned_to":
        return _assignee_counts(meta, filters)
    rows = group_counts(meta, field, filters)
    return [{"name": name, "count": number} for name, number in rows]


def _assignee_counts(meta: Meta, filters: Any) -> list[Any]:
    database = current().db
    query = database.list_query(meta.name)
    compiled = query.compile(fields=["name"], filters=filters, extra=list_conditions(meta.name))
    rows = database.rows(
        f"SELECT t.`allocated_to`, count(*) FROM `tabToDo` t WHERE t.`status` = 'Open' AND t.`reference_type` = ?"
        f" AND IFNULL(t.`allocated_to`, '') != '' AND t.`reference_name` IN ({compiled.sql})"
        " GROUP BY t.`allocated_to` ORDER BY count(*) DESC LIMIT 50",
        (meta.name, *compiled.values),
    )
    return [{"name": name, "count": number} for name, number in rows]


# exports


@whitelist()
def export_query() -> None:
    """Give a list as a file (`file_format_type` CSV or Excel). Raises `PermissionError` without the right to export."""
    context = current()
    parameters = _dict(context.form_dict)
    meta = check_doctype(parameters.get("doctype"))
    if not has_permission(meta.name, "export", print_logs=False, raise_exception=False):
        throw(_("You are not allowed to export {0}").format(_(meta.name)), PermissionError)
    title = str(parameters.get("title") or meta.name)
    selected = json_parameter(parameters, "selected_items", (list,))
    if selected:
        parameters.filters = [["name", "in", selected]]
    rows = read(parameters, limit=0)
    context.response.pop("_link_titles", None)
    table = [[_("Sr"), *_headings(meta, rows)], *([number, *row.values()] for number, row in enumerate(rows, start=1))]
    _note_export(meta.name, parameters)
    as_file(table, title, str(parameters.get("file_format_type") or "CSV"))


def _headings(meta: Meta, rows: list[Any]) -> list[str]:
    return [
        _("ID") if key == "name" else _(meta.get_label(key)) if meta.has_field(key) else key
        for key in (rows[0] if rows else ())
    ]


def as_file(table: Iterable[Any], title: str, kind: str) -> None:
    """Answer with a table as a file."""
    response = current().response
    if kind.lower() in ("excel", "xlsx"):
        response.update(
            type="download", filename=f"{title}.xlsx", filecontent=write_xlsx(list(table), title[:31]).getvalue()
        )
        response["content_type"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    else:
        response.update(type="csv", doctype=title, result=write_csv(list(table)))


def _note_export(doctype: str, parameters: Any) -> None:
    """Who took which data out is kept in the Access Log."""
    from frappe_engine.documents.document import get_doc  # one record

    context = current()
    entry = {
        "doctype": "Access Log",
        "user": context.session.user,
        "export_from": doctype,
        "method": "export_query",
        "file_type": str(parameters.get("file_format_type") or "CSV"),
        "filters": str(parameters.get("filters") or ""),
    }
    get_doc(entry).insert(ignore_permissions=True, ignore_links=True)
    context.flags.commit = True


# several at once


@whitelist(methods=["POST", "DELETE"])
def delete_items() -> None:
    """Delete several documents; those that can't be deleted are named with the reason."""
    parameters = current().form_dict
    meta = check_doctype(parameters.get("doctype"))
    names = json_parameter(parameters, "items", (list,)) or []
    delete_several(meta.name, names)


def delete_several(doctype: str, items: Iterable[Any]) -> list[Any]:
    """Delete documents one by one; give those that could not be deleted."""
    failed: list[Any] = []
    database = current().db
    for name in items:
        try:
            with database.nested("delete_one"):
                delete_doc(doctype, name)
        except (QueryDeadlockError, QueryTimeoutError):
            raise
        except Exception as error:  # noqa: BLE001 - each failure is told beside its document
            failed.append(name)
            tell_failure(name, error)
    return failed


def tell_failure(name: Any, error: Exception) -> None:
    """Show why one of several documents failed; what is no refusal is kept in the Error Log too."""
    if getattr(error, "http_status_code", 500) < 500:
        if str(error) and not current().get("message_log"):
            msgprint(f"{name}: {error}", indicator="red")
        return
    log_error(title=f"{type(error).__name__}: {name}"[:140])
    msgprint(_("{0}: something went wrong. The error was kept for the administrator.").format(name), indicator="red")
