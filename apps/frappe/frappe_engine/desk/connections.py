"""What is connected to a document: numbers on its dashboard, documents that link to it, the next one in the list.

Invariant: numbers count what the user may read, and stop at a hundred.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.access.decisions import has_permission
from frappe_engine.context.errors import DoesNotExistError, PermissionError
from frappe_engine.context.hooks import get_hooks, hook_function
from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.context.whitelist import whitelist
from frappe_engine.desk.forms import check_may_read
from frappe_engine.desk.metas import dashboard_of
from frappe_engine.documents.document import get_doc
from frappe_engine.documents.incoming import check_doctype, filter_parameter, json_parameter
from frappe_engine.documents.links import dynamic_link_fields, link_fields_to
from frappe_engine.documents.listing import count_list, get_list
from frappe_engine.documents.metas import get_meta
from frappe_engine.kit.numbers import cint
from frappe_engine.schema.meta import Meta

MOST_COUNTED = 100
MOST_LISTED = 20


@whitelist()
def get_open_count(doctype: str, name: Any, items: Any = None) -> dict[str, Any]:
    """Give, per connected DocType, how many documents belong to this one, and how many of them are open."""
    document = check_may_read(doctype, name)
    dashboard = dashboard_of(document.meta)
    wanted = json_parameter({"items": items}, "items", (list,)) if items else None
    if not wanted:
        wanted = [item for group in dashboard.get("transactions") or () for item in group.get("items") or ()]
    external: list[Any] = []
    internal: list[Any] = []
    inner = dashboard.get("internal_links") or {}
    for item in dict.fromkeys(str(one) for one in wanted):
        if item in inner:
            internal.append(_internal(document, item, inner[item]))
        elif _may_read(item):
            external.append(_external(document, item, dashboard))
    found: dict[str, Any] = {"count": {"external_links_found": external, "internal_links_found": internal}}
    if dashboard.get("timeline") is None and callable(getattr(document, "get_timeline_data", None)):
        found["timeline_data"] = document.get_timeline_data(doctype, name)
    return found


def _may_read(doctype: str) -> bool:
    try:
        get_meta(doctype)
    except DoesNotExistError:
        return False
    return has_permission(doctype, "read", print_logs=False, raise_exception=False)


def _external(document: Any, item: str, dashboard: dict[str, Any]) -> dict[str, Any]:
    fieldname = (dashboard.get("non_standard_fieldnames") or {}).get(item, dashboard.get("fieldname"))
    meta = get_meta(item)
    filters = _filters_to(document, meta, fieldname, dashboard)
    if filters is None:
        return {"doctype": item, "count": 0, "open_count": 0}
    count = count_list(item, filters, distinct=True, limit=MOST_COUNTED)
    open_filters = open_filters_of(item)
    opened = (
        count_list(item, [*filters, *open_filters], distinct=True, limit=MOST_COUNTED) if open_filters and count else 0
    )
    return {"doctype": item, "count": count, "open_count": opened}


def _filters_to(document: Any, meta: Meta, fieldname: Any, dashboard: dict[str, Any]) -> list[Any] | None:
    """Filters on documents of `meta` that belong to `document`: by a field of theirs, or of their rows."""
    if not fieldname:
        return None
    dynamic = (dashboard.get("dynamic_links") or {}).get(fieldname)
    if meta.has_field(fieldname):
        filters: list[Any] = [[meta.name, fieldname, "=", document.name]]
        field = meta.by_name[fieldname]
        if dynamic:
            filters.append([meta.name, dynamic[1], "=", dynamic[0]])
        elif field.fieldtype == "Dynamic Link" and field.options:
            filters.append([meta.name, field.options, "=", document.doctype])
        return filters
    for child in dict.fromkeys(meta.table_doctypes.values()):
        if get_meta(child).has_field(fieldname):
            return [[child, fieldname, "=", document.name]]
    return None


def open_filters_of(doctype: str) -> list[Any]:
    """Give filters that say what "open" means for a DocType: `for_doctype` of the hook
    `notification_config`, or the status Open."""
    for path in get_hooks("notification_config"):
        configured = (hook_function(path)() or {}).get("for_doctype", {}).get(doctype)
        if isinstance(configured, dict):
            return [_as_filter(doctype, key, value) for key, value in configured.items()]
    meta = get_meta(doctype)
    status = meta.by_name.get("status")
    if status is not None and status.fieldtype == "Select" and "Open" in str(status.options or "").split("\n"):
        return [[doctype, "status", "=", "Open"]]
    return []


def _as_filter(doctype: str, key: str, value: Any) -> list[Any]:
    return [doctype, key, *value] if isinstance(value, (list, tuple)) else [doctype, key, "=", value]


def _internal(document: Any, item: str, where: Any) -> dict[str, Any]:
    """Documents named in this one: in a field, or in a field of its rows."""
    names: list[str] = []
    if isinstance(where, str):
        value = document.get(where)
        names = [str(value)] if value else []
    else:
        table, fieldname = where
        names = [str(row.get(fieldname)) for row in document.get(table) or () if row.get(fieldname)]
    unique = list(dict.fromkeys(names))
    return {"doctype": item, "count": len(unique), "open_count": 0, "names": unique[:MOST_COUNTED]}


# who links here


@whitelist()
def get_linked_docs(doctype: str, docname: Any) -> dict[str, list[Any]]:
    """Give the documents that link to this one, per DocType, as far as the user may read them."""
    document = check_may_read(doctype, docname)
    found: dict[str, list[Any]] = {}
    for linking, fields in linking_doctypes(doctype).items():
        if not _may_read(linking):
            continue
        rows = _rows_linking(document, get_meta(linking), fields)
        if rows:
            found[linking] = rows
    return found


@whitelist()
def get_linked_doctypes(doctype: str, without_ignore_user_permissions_enabled: Any = False) -> dict[str, Any]:
    """Give the DocTypes with links to this one: the fields, and the rows' DocType where they stand in rows."""
    check_doctype(doctype)
    return linking_doctypes(doctype)


def linking_doctypes(doctype: str) -> dict[str, dict[str, Any]]:
    """Give the DocTypes with links to `doctype`: `fieldname` (a list), `child_doctype`, `doctype_fieldname`."""
    found: dict[str, dict[str, Any]] = {}
    links = [link for link in link_fields_to(doctype) if not link["issingle"]]
    for link in links:
        if not link["istable"]:
            found.setdefault(link["parent"], {"fieldname": []})["fieldname"].append(link["fieldname"])
    for link in links:
        for parent in _parents(link["parent"]) if link["istable"] else ():
            entry = found.setdefault(parent, {"child_doctype": link["parent"], "fieldname": []})
            if entry.get("child_doctype") == link["parent"] and link["fieldname"] not in entry["fieldname"]:
                entry["fieldname"].append(link["fieldname"])
    for link in dynamic_link_fields():
        if not link["issingle"] and not link["istable"] and link["parent"] not in found:
            found[link["parent"]] = {"fieldname": [link["fieldname"]], "doctype_fieldname": link["options"]}
    return found


def _parents(child: str) -> list[str]:
    rows = current().db.rows(
        "SELECT DISTINCT `parent` FROM `tabDocField` WHERE `fieldtype` IN ('Table', 'Table MultiSelect') AND `options` = ?"
        " AND `parenttype` = 'DocType'",
        (child,),
    )
    return [row[0] for row in rows if not get_meta(row[0]).issingle]


def _rows_linking(document: Any, meta: Meta, fields: dict[str, Any]) -> list[Any]:
    shown = ["name", "modified", "docstatus", *(f.fieldname for f in meta.fields if f.get("in_list_view"))]
    columns = [name for name in dict.fromkeys(shown) if name in meta.column_types]
    table = fields.get("child_doctype") or meta.name
    or_filters = [[table, name, "=", document.name] for name in fields["fieldname"]]
    filters = (
        [[meta.name, fields["doctype_fieldname"], "=", document.doctype]] if fields.get("doctype_fieldname") else []
    )
    try:
        return list(
            get_list(
                meta.name,
                fields=columns,
                filters=filters,
                or_filters=or_filters,
                page_length=MOST_LISTED,
                distinct=True,
            )
        )
    except PermissionError:
        return []


@whitelist()
def get_submitted_linked_docs(doctype: str, name: Any, ignore_doctypes_on_cancel_all: Any = None) -> dict[str, Any]:
    """Give the submitted documents that hang on this one, directly or through others; they are to be cancelled first."""
    document = check_may_read(doctype, name)
    ignored = _ignored(ignore_doctypes_on_cancel_all) | set(get_hooks("auto_cancel_exempted_doctypes"))
    seen: dict[tuple[str, str], None] = {}
    _follow(document.doctype, str(document.name), ignored, seen)
    docs = [{"doctype": key[0], "name": key[1], "docstatus": 1} for key in seen]
    return {"docs": docs, "count": len(docs)}


def _ignored(value: Any) -> set[str]:
    return set(json_parameter({"ignore_doctypes": value}, "ignore_doctypes", (list,)) or [])


def _follow(doctype: str, name: str, ignored: set[str], seen: dict[tuple[str, str], None]) -> None:
    for linking, fields in linking_doctypes(doctype).items():
        meta = get_meta(linking)
        if linking in ignored or not meta.is_submittable:
            continue
        for found in _submitted(meta, fields, doctype, name):
            if (linking, found) not in seen and (linking, found) != (doctype, name):
                seen[(linking, found)] = None
                _follow(linking, found, ignored, seen)


def _submitted(meta: Meta, fields: dict[str, Any], doctype: str, name: str) -> list[str]:
    table = fields.get("child_doctype") or meta.name
    filters: list[Any] = [[meta.name, "docstatus", "=", 1]]
    if fields.get("doctype_fieldname"):
        filters.append([meta.name, fields["doctype_fieldname"], "=", doctype])
    or_filters = [[table, field, "=", name] for field in fields["fieldname"] if field != "amended_from"]
    if not or_filters:
        return []
    database = current().db
    compiled = database.compile(
        meta.name, fields=["name"], filters=filters, or_filters=or_filters, distinct=True, fold=True
    )
    return [str(row[0]) for row in database.run(compiled)]


@whitelist()
def cancel_all_linked_docs(docs: Any, ignore_doctypes_on_cancel_all: Any = None) -> None:
    """Cancel documents, the last ones first; all of them or none."""
    ignored = _ignored(ignore_doctypes_on_cancel_all) | set(get_hooks("auto_cancel_exempted_doctypes"))
    for entry in reversed(json_parameter({"docs": docs}, "docs", (list,)) or []):
        if entry.get("doctype") in ignored:
            continue
        document = get_doc(check_doctype(entry.get("doctype")).name, entry.get("name"))
        if int(document.docstatus or 0) == 1:
            document.cancel()


@whitelist()
def get_next(
    doctype: str, value: Any, prev: Any = 0, filters: Any = None, sort_order: str = "desc", sort_field: str = "modified"
) -> Any:
    """Give the name of the document after (or before) this one in the list, None at its end."""
    meta = check_doctype(doctype)
    if sort_field not in meta.column_types or sort_order.lower() not in ("asc", "desc"):
        throw(_("Parameter {0} must be one of {1}").format("sort_order", "asc, desc"))
    here = current().db.get_value_by_name(doctype, value, sort_field)
    backwards = bool(cint(prev)) != (sort_order.lower() == "asc")
    wanted = filter_parameter({"filters": filters}, "filters") or []
    base = wanted if isinstance(wanted, list) else [[doctype, key, "=", item] for key, item in wanted.items()]
    found = get_list(
        doctype,
        fields=["name"],
        filters=[*base, [doctype, sort_field, ">" if backwards else "<", here]],
        order_by=f"`{sort_field}` {'asc' if backwards else 'desc'}",
        page_length=1,
    )
    if not found:
        throw(_("No further records"), DoesNotExistError)
    return found[0].name


@whitelist()
def get_preview_data(doctype: str, docname: Any) -> Any:
    """Give a few fields of a document, for a link the mouse rests on."""
    meta = check_doctype(doctype)
    if not meta.show_preview_popup:
        return None
    document = check_may_read(doctype, docname)
    document.apply_fieldlevel_read_permissions()
    fields = [field for field in meta.fields if field.get("in_preview") and field.get("fieldname")]
    if not fields:
        fields = [field for field in meta.fields if field.get("in_list_view") or field.get("reqd")][:4]
    values = {_(field.get("label") or field.fieldname): document.get(field.fieldname) for field in fields}
    return {
        **{label: value for label, value in values.items() if value not in (None, "")},
        "preview_image": document.get(meta.image_field) if meta.image_field else None,
        "preview_title": document.get_title(),
        "name": document.name,
    }
