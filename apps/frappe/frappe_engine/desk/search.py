"""Finding documents for link fields, mentions and the search bar.

Order of results: those that begin with the text, then those that hold it; what is used most recently first.

Invariant: only documents the user may read or select, only fields they may see.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from frappe_engine.access.decisions import permitted_fields
from frappe_engine.access.lists import list_conditions
from frappe_engine.access.masks import masked_fields
from frappe_engine.context.errors import PermissionError, ValidationError
from frappe_engine.context.hooks import get_hooks
from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.settings import system_setting
from frappe_engine.context.translate import _, get_translations
from frappe_engine.context.whitelist import is_whitelisted, whitelist
from frappe_engine.database.filters import Condition
from frappe_engine.documents.incoming import check_doctype, filter_parameter, may_link_to
from frappe_engine.documents.listing import check_filter_fields, check_has_list
from frappe_engine.kit.numbers import cint, sbool
from frappe_engine.schema.meta import Meta

MOST_FOUND = 100
MOST_TRANSLATED = 500
SEARCHED_TYPES = frozenset(
    {
        "Data",
        "Text",
        "Small Text",
        "Long Text",
        "Link",
        "Select",
        "Read Only",
        "Text Editor",
        "Autocomplete",
        "Barcode",
        "Phone",
    }
)
_FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


@whitelist()
def search_link(
    doctype: str,
    txt: str = "",
    query: str | None = None,
    filters: Any = None,
    page_length: Any = None,
    searchfield: str | None = None,
    reference_doctype: str | None = None,
    ignore_user_permissions: Any = False,
    link_fieldname: str | None = None,
) -> list[dict[str, Any]]:
    """Give documents for a link field: `value`, `description` and, where titles are shown, `label`."""
    rows = search_widget(
        doctype, (txt or "").strip(), query, searchfield=searchfield, page_length=page_length, filters=filters,
        reference_doctype=reference_doctype, ignore_user_permissions=ignore_user_permissions,
    )  # fmt: skip
    meta = check_doctype(doctype)
    told = rows if _custom_query(query, doctype) else _with_choices_translated(rows, meta)
    return [_as_result(row, meta) for row in told]


def _with_choices_translated(rows: list[Any], meta: Meta) -> list[Any]:
    """Give rows of this module's own search with states and kinds in the reader's language."""
    fields = [meta.get_field(name) for name in shown_columns(meta)]
    choices = {place for place, field in enumerate(fields) if field and field.fieldtype == "Select"}

    def said(place: int, cell: Any) -> Any:
        return _(str(cell), context=meta.name) if cell and place in choices else cell

    return [[said(place, cell) for place, cell in enumerate(row)] for row in rows] if choices else rows


def _as_result(row: Any, meta: Meta) -> dict[str, Any]:
    """Rows are (name, [title,] descriptions…), or dicts of custom queries."""
    if isinstance(row, dict):
        values = list(row.values())
        value = row.get("value", row.get("name", values[0] if values else ""))
        description = row.get("description") or ", ".join(str(v) for v in values[1:] if v)
        return {
            "value": str(value),
            "description": str(description),
            **({"label": row["label"]} if row.get("label") else {}),
        }
    cells = [str(cell) for cell in row if cell not in (None, "")]
    if not cells:
        return {"value": "", "description": ""}
    if shows_title(meta) and len(row) > 1 and row[1]:
        label = str(row[1])
        words = [cell for cell in dict.fromkeys(cells) if cell != label]
        return {"value": str(row[0]), "label": label, "description": ", ".join(words)}
    described = ", ".join(cell for cell in dict.fromkeys(cells[1:]) if cell != cells[0])
    shown = _(cells[0]) if meta.get("translated_doctype") else cells[0]
    return {"value": cells[0], "description": described, **({"label": shown} if shown != cells[0] else {})}


def shows_title(meta: Meta) -> bool:
    """Tell whether links to documents of a DocType show their titles."""
    return bool(meta.show_title_field_in_link and meta.title_field and meta.title_field in meta.column_types)


@whitelist()
def search_widget(
    doctype: str,
    txt: str = "",
    query: str | None = None,
    searchfield: str | None = None,
    start: Any = 0,
    page_length: Any = None,
    filters: Any = None,
    filter_fields: Any = None,
    as_dict: Any = False,
    reference_doctype: str | None = None,
    ignore_user_permissions: Any = False,
) -> list[Any]:
    """Give documents that fit a text, as rows. A whitelisted function (`query`, or the hook `standard_queries`) may do it."""
    meta = check_doctype(doctype)
    found_filters = filter_parameter({"filters": filters}, "filters")
    size = min(max(cint(page_length) or cint(system_setting("link_field_results_limit")) or 10, 1), MOST_FOUND)
    text = str(txt or "")[:140]
    if searchfield:
        check_search_field(searchfield)
    function = _custom_query(query, doctype)
    if function is not None:
        return _run_custom(
            function, doctype, text, searchfield or "name", cint(start), size, found_filters,
            as_dict=bool(sbool(as_dict)), reference_doctype=reference_doctype,
            ignore_user_permissions=bool(sbool(ignore_user_permissions)),
        )  # fmt: skip
    return find(
        meta, text, searchfield=searchfield, start=max(cint(start), 0), size=size, filters=found_filters,
        linked_from=reference_doctype,
        ignore_user_permissions=_may_ignore_limits(meta, reference_doctype, ignore_user_permissions),
    )  # fmt: skip


def check_search_field(name: str) -> None:
    """Raise `ValidationError` when a search field is more than a name."""
    if not _FIELD_NAME.match(name):
        throw(_("Invalid Search Field {0}").format(name[:60]), ValidationError)


def _custom_query(query: str | None, doctype: str) -> Any:
    if query and query.split(".", 1)[0].lower() not in ("select",) and "." in query:
        return _query_function(query)
    if query:
        throw(_("This query style is discontinued"), ValidationError)
    standard = get_hooks("standard_queries", {})
    paths = standard.get(doctype) if isinstance(standard, dict) else None
    return _query_function(str(paths[-1])) if paths else None


def _query_function(path: str) -> Any:
    from frappe_engine.context.hooks import get_attr

    overrides = get_hooks("override_whitelisted_methods", {})
    if isinstance(overrides, dict) and overrides.get(path):
        path = str(overrides[path][-1])
    try:
        function = get_attr(path)
    except (AttributeError, ImportError, ValidationError):
        throw(_("The query {0} was not found").format(path[:140]), ValidationError)
    is_whitelisted(function, current().session.user)
    return function


def _run_custom(
    function: Any, doctype: str, txt: str, searchfield: str, start: int, page_len: int, filters: Any, **more: Any
) -> list[Any]:
    """Call a custom query; it takes as many of the optional arguments as it names."""
    import inspect

    parameters = inspect.signature(function).parameters
    takes_all = any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters.values())
    known = {key: value for key, value in more.items() if takes_all or key in parameters}
    found = function(doctype, txt, searchfield, start, page_len, filters if filters is not None else {}, **known)
    return list(found or [])


def _may_ignore_limits(meta: Meta, reference_doctype: str | None, asked: Any) -> bool:
    """User permissions are left aside only where the linking field's definition says so."""
    if not sbool(asked) or not reference_doctype:
        return False
    from frappe_engine.documents.metas import get_meta

    fields = check_doctype(reference_doctype)
    tables = [fields, *(get_meta(child) for child in fields.table_doctypes.values())]
    return any(
        field.options == meta.name and field.get("ignore_user_permissions")
        for table in tables
        for field in table.link_fields
    )


# our own search


def find(
    meta: Meta,
    text: str,
    *,
    searchfield: str | None = None,
    start: int = 0,
    size: int = 10,
    filters: Any = None,
    linked_from: str | None = None,
    ignore_user_permissions: bool = False,
) -> list[Any]:
    """Give rows (name, [title,] searched fields) of documents that fit a text and filters, the best first."""
    check_has_list(meta)
    check_filter_fields(meta.name, filters)
    conditions = _visible(meta, linked_from, ignore_user_permissions=ignore_user_permissions)
    columns = shown_columns(meta)
    searched = [name for name in _searched(meta, searchfield) if name in meta.column_types]
    database = current().db
    query = database.list_query(meta.name)
    extra = [*conditions, *_usable(meta), *_matching(meta, text, searched)]
    compiled = query.compile(fields=columns, filters=filters, extra=extra)
    ordering, values = _ordering(meta, text)
    sql = f"{compiled.sql} ORDER BY {ordering} LIMIT {int(size)} OFFSET {int(start)}"
    return [list(row) for row in database.rows(sql, (*compiled.values, *values))]


def _visible(meta: Meta, linked_from: str | None, *, ignore_user_permissions: bool) -> list[Condition]:
    if meta.istable:
        throw(_("{0} is a table and can't be linked to").format(_(meta.name)), ValidationError)
    if meta.name == "DocType":  # their names are no secret, and whoever says what a document is about needs them
        return []
    if not may_link_to(meta.name):
        throw(_("No permission for {0}").format(_(meta.name)), PermissionError)
    return [] if ignore_user_permissions else list(list_conditions(meta.name, linked_from=linked_from))


def shown_columns(meta: Meta) -> list[str]:
    """Give what is shown of a document in a search: its name, title where that is shown, its search fields."""
    allowed, hidden = permitted_fields(meta), masked_fields(meta)
    wanted = ["name", *([meta.title_field] if shows_title(meta) else []), *meta.get_search_fields()]
    readable = [
        name
        for name in wanted
        if name
        and name in meta.column_types
        and name not in hidden
        and (allowed is None or name in allowed or name == "name")
    ]
    return list(dict.fromkeys(readable))


def _searched(meta: Meta, searchfield: str | None) -> list[str]:
    names = [
        "name",
        *([meta.title_field] if meta.title_field else []),
        *meta.get_search_fields(),
        *([searchfield] if searchfield else []),
    ]
    allowed, hidden = permitted_fields(meta), masked_fields(meta)
    return [
        name
        for name in dict.fromkeys(names)
        if name == "name" or (name not in hidden and _can_be_searched(meta, name, allowed))
    ]


def _can_be_searched(meta: Meta, name: str, allowed: set[str] | None) -> bool:
    field = meta.by_name.get(name)
    return field is not None and field.fieldtype in SEARCHED_TYPES and (allowed is None or name in allowed)


def _usable(meta: Meta) -> Iterable[Condition]:
    """Disabled documents are not offered."""
    if meta.has_field("enabled") and meta.by_name["enabled"].fieldtype == "Check":
        yield Condition(f"`tab{meta.name}`.`enabled` = 1")
    if meta.has_field("disabled") and meta.by_name["disabled"].fieldtype == "Check":
        yield Condition(f"IFNULL(`tab{meta.name}`.`disabled`, 0) != 1")


def _matching(meta: Meta, text: str, columns: list[str]) -> Iterable[Condition]:
    if not text:
        return
    parts = [f"`tab{meta.name}`.`{name}` LIKE ? ESCAPE '|'" for name in columns]
    values: list[Any] = [f"%{escape_like(text)}%"] * len(parts)
    translated = _named_in_translation(meta, text)
    if translated:
        parts.append(f"`tab{meta.name}`.`name` IN ({', '.join('?' * len(translated))})")
        values += translated
    yield Condition(f"({' OR '.join(parts)})", tuple(values))


def _named_in_translation(meta: Meta, text: str) -> list[str]:
    """Names whose translation holds a text, where names of the DocType are translated."""
    if not meta.get("translated_doctype"):
        return []
    wanted = text.casefold()
    words = get_translations(str(current().get("lang") or "en"))
    return [source for source, shown in words.items() if wanted in shown.casefold()][:MOST_TRANSLATED]


def escape_like(text: str) -> str:
    """Give a text as it matches itself in LIKE with the escape sign `|`."""
    return re.sub(r"([|%_])", r"|\1", text)


def _ordering(meta: Meta, text: str) -> tuple[str, tuple[Any, ...]]:
    """Those that begin with the text, then those whose title does, then the most used, then the newest."""
    table = f"`tab{meta.name}`"
    parts: list[str] = []
    values: list[Any] = []
    if text:
        title = meta.title_field if meta.title_field in meta.column_types else None
        for column in dict.fromkeys(["name", *([title] if title else [])]):
            parts.append(f"CASE WHEN {table}.`{column}` LIKE ? ESCAPE '|' THEN 0 ELSE 1 END")
            values.append(f"{escape_like(text)}%")
    parts += [f"{table}.`idx` DESC", f"{table}.`modified` DESC" if not text else f"{table}.`name`"]
    return ", ".join(parts), tuple(values)


@whitelist()
def get_link_title(doctype: str, docname: Any) -> Any:
    """Give what links to a document show: its title, or its name."""
    meta = check_doctype(doctype)
    if not shows_title(meta) or not may_link_to(doctype):
        return docname
    return current().db.get_value_by_name(doctype, docname, str(meta.title_field)) or docname


@whitelist()
def get_names_for_mentions(search_term: str) -> list[dict[str, Any]]:
    """Give users and groups of users that can be mentioned in a comment."""
    pattern = f"%{escape_like(str(search_term or '')[:140])}%"
    database = current().db
    users = database.rows(
        "SELECT `name`, `full_name` FROM `tabUser` WHERE `enabled` = 1 AND `allowed_in_mentions` = 1 AND `user_type` = 'System User'"
        " AND `name` NOT IN ('Administrator', 'Guest') AND (`full_name` LIKE ? ESCAPE '|' OR `name` LIKE ? ESCAPE '|')"
        " ORDER BY `full_name` LIMIT 20",
        (pattern, pattern),
    )
    groups = database.rows(
        "SELECT `name` FROM `tabUser Group` WHERE `name` LIKE ? ESCAPE '|' ORDER BY `name` LIMIT 10", (pattern,)
    )
    found = [{"id": name, "value": full_name or name, "link": f"/app/user/{name}"} for name, full_name in users]
    return [*found, *({"id": name, "value": name, "is_group": True} for (name,) in groups)]
