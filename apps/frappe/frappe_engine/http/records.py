"""Documents over HTTP: what both versions of REST and `frappe.client` do with them.

Invariant: parameters that can't be understood are refused with a message that names them (417), unknown DocTypes with
404, before anything is read or written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

from frappe_engine.access.decisions import has_permission, permitted_fields
from frappe_engine.context.errors import DataError, DoesNotExistError, MandatoryError, PermissionError, ValidationError
from frappe_engine.context.local import current
from frappe_engine.context.messages import clear_messages, msgprint, throw
from frappe_engine.context.translate import _
from frappe_engine.database.fields import Call, read_selected
from frappe_engine.documents.document import get_doc, new_doc
from frappe_engine.documents.listing import check_filter_fields, get_list, unknown_fields
from frappe_engine.documents.metas import get_meta
from frappe_engine.http.parameters import document_parameter, json_parameter
from frappe_engine.kit.numbers import cint, sbool
from frappe_engine.schema.meta import Meta

DEFAULT_PAGE = 20


def is_response(value: Any) -> bool:
    """Tell whether a function answered by itself."""
    return isinstance(value, Response)


def check_doctype(doctype: Any) -> Meta:
    """Give the DocType. Raises `DoesNotExistError` when there is none of that name, `ValidationError` for no name."""
    if not isinstance(doctype, str) or not doctype:
        throw(_("Missing argument: {0}").format("doctype"))
    try:
        meta = get_meta(doctype)
    except DoesNotExistError:
        meta = None
    if meta is None or meta.name != doctype:
        throw(_("{0} {1} not found").format(_("DocType"), doctype[:140]), DoesNotExistError)
    return meta


def given_values(doctype: str) -> dict[str, Any]:
    """Give the values of the document in the request, fit for a document of `doctype`."""
    meta = check_doctype(doctype)
    values = document_parameter(current().form_dict)
    values.pop("doctype", None)
    return fitting(values, meta)


def fitting(values: Mapping[str, Any], meta: Meta) -> dict[str, Any]:
    """Give values a document can take. Raises `ValidationError` when one has a shape that its field can't hold."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        if key in ("flags", "doctype"):
            continue
        child = meta.table_doctypes.get(key)
        if child is not None:
            found[key] = _rows(meta, key, value, child)
            continue
        if isinstance(value, (dict, list)) and not _holds_structure(meta, key):
            kind = _("list") if isinstance(value, list) else _("object")
            throw(
                _("Value for {0} cannot be a {1}").format(_(meta.get_label(key)) if meta.has_field(key) else key, kind)
            )
        found[key] = value
    return found


def _holds_structure(meta: Meta, key: str) -> bool:
    """JSON and code fields take structures; what is no column is not stored at all."""
    if key not in meta.column_types:
        return True
    return meta.column_types[key] in ("JSON", "Code", "Long Text", "Text", "Small Text")


def _rows(meta: Meta, key: str, value: Any, child: str) -> list[dict[str, Any]]:
    if value in (None, ""):
        return []
    label = _(meta.get_label(key))
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        throw(_("{0} must be a list of objects, one per row").format(label))
    child_meta = get_meta(child)
    return [fitting(row, child_meta) for row in value]


def read_document(doctype: str, name: Any) -> Any:
    """Give a stored document the user may read, without what they may not see in it."""
    check_doctype(doctype)
    document = load_document(doctype, name)
    document.check_permission("read")
    document.apply_fieldlevel_read_permissions()
    if sbool(current().form_dict.get("expand_links")):
        return expanded(document)
    return document


def load_document(doctype: str, name: Any, *, for_update: bool = False) -> Any:
    """Load a document. What is not there is not found, or not allowed for who may not read that DocType at all."""
    try:
        return get_doc(doctype, name, for_update=for_update)
    except DoesNotExistError:
        if not has_permission(
            doctype, "read", print_logs=False, raise_exception=False, parent_doctype=current().form_dict.get("parent")
        ):
            clear_messages()
            current().flags.error_message = _("Insufficient Permission for {0}").format(_(doctype))
            raise PermissionError(current().flags.error_message) from None
        raise


def create_document(doctype: str) -> Any:
    """Store the new document of the request and give it; a name in it is its name, unless names are numbers."""
    values = given_values(doctype)
    name = values.pop("name", None)
    document = new_doc(doctype, **values)
    if document.meta.istable:
        require_parent(document)
    counted = str(document.meta.autoname or "").lower() == "autoincrement"
    return document.insert(set_name=str(name) if name and not counted and not document.meta.issingle else None)


def require_parent(row: Any) -> None:
    """Raise `MandatoryError` when a row does not say whose it is."""
    missing = [name for name in ("parent", "parenttype", "parentfield") if not row.get(name)]
    if missing:
        for name in missing:
            msgprint(_("Error: Value missing for {0}: {1}").format(_(row.doctype), name))
        raise MandatoryError(f"[{row.doctype}, {row.name}]: {', '.join(missing)}")


def update_document(doctype: str, name: Any) -> Any:
    """Change a stored document as the request says; a row of a table is saved with its parent."""
    values = given_values(doctype)
    if "name" in values and str(values["name"]) != str(name):
        throw(_("{0} {1} not found").format(_(doctype), str(values["name"])[:140]), DoesNotExistError)
    document = load_document(doctype, name, for_update=True)
    values.pop("name", None)
    document.update(values)
    document.save()
    if document.get("parenttype"):
        get_doc(document.parenttype, document.parent).save()
    return document


# lists


def read_list(doctype: str, parameters: Any, default_limit: int = DEFAULT_PAGE) -> Any:
    """Give the documents of a list request: rows of the fields that were asked for."""
    meta = check_doctype(doctype)
    if meta.issingle:
        throw(_("{0} has one document alone and no list").format(_(doctype)))
    if meta.istable and not parameters.get("parent"):
        raise PermissionError(_("Please name the parent DocType to read rows of {0}.").format(_(doctype)))
    options = list_options(parameters, default_limit)
    unknown = unknown_fields(doctype, options["fields"])
    if unknown:
        throw(_("Field not permitted in query: {0}").format(", ".join(unknown)), DataError)
    as_dict = sbool(parameters.get("as_dict", True))
    check_filter_fields(doctype, options["filters"])
    check_filter_fields(doctype, options["or_filters"])
    rows = get_list(doctype, as_list=not as_dict, parent_doctype=parameters.get("parent") or None, **options)
    expand = json_parameter(parameters, "expand", (list,))
    return expanded_rows(meta, rows, expand) if expand and as_dict else rows


def list_options(parameters: Any, default_limit: int = DEFAULT_PAGE) -> dict[str, Any]:
    """Read what a list request asks for. Raises `ValidationError` naming the parameter that can't be read."""
    fields = field_parameter(parameters.get("fields"))
    group_by = parameters.get("group_by") or None
    order_by = parameters.get("order_by") or None
    if order_by is None and not group_by and not _aggregates(fields):
        order_by = "name asc"
    limit = parameters.get("limit_page_length")
    if limit in (None, ""):
        limit = parameters.get("limit")
    size = default_limit if limit in (None, "") else cint(limit)
    if size < 0 or cint(parameters.get("limit_start")) < 0:
        throw(_("Parameter {0} must not be negative").format("limit"))
    return {
        "fields": fields,
        "filters": filter_parameter(parameters, "filters"),
        "or_filters": filter_parameter(parameters, "or_filters"),
        "group_by": text_parameter(group_by, "group_by"),
        "order_by": text_parameter(order_by, "order_by"),
        "limit_start": cint(parameters.get("limit_start") or parameters.get("start")),
        "limit_page_length": size,
        "debug": bool(cint(parameters.get("debug"))),
    }


def text_parameter(value: Any, name: str) -> str | None:
    """Give a parameter that is text. Raises `ValidationError`."""
    if value is None or isinstance(value, str):
        return value
    throw(_("Parameter {0} must be text").format(name))


def field_parameter(value: Any) -> list[Any]:
    """Give the fields a request asks for: a JSON list, or names with commas between them."""
    if value in (None, "", []):
        return ["name"]
    if isinstance(value, str):
        text = value.strip()
        value = json_parameter({"fields": text}, "fields", (list, str)) if text[:1] in ("[", '"') else text.split(",")
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(entry, (str, dict)) for entry in value):
        throw(_("Parameter {0} must be JSON: {1}").format("fields", _("list")))
    return [entry.strip() if isinstance(entry, str) else entry for entry in value if entry]


def filter_parameter(parameters: Any, name: str) -> Any:
    """Give filters: JSON, or the name of a document."""
    value = parameters.get(name)
    if isinstance(value, str) and value.strip()[:1] in ("{", "["):
        return json_parameter(parameters, name)
    if value in (None, ""):
        return None
    if not isinstance(value, (str, dict, list)):
        throw(_("Parameter {0} must be JSON: {1}").format(name, _("object or list")))
    return value


def _aggregates(fields: list[Any]) -> bool:
    """Tell whether a list is of sums and counts, which have no order of their own."""
    for entry in fields:
        if isinstance(entry, dict):
            return True
        try:
            if isinstance(read_selected(entry)[0].node, Call):
                return True
        except (DataError, ValidationError):
            return False
    return False


# links in place


def expanded(document: Any) -> Any:
    """Give a document with its links, and those of its rows, replaced by the documents they point at."""
    values = document.as_dict(no_nulls=True)
    _expand_values(document.meta, values)
    for fieldname, child in document.meta.table_doctypes.items():
        for row in values.get(fieldname) or ():
            _expand_values(get_meta(child), row)
    return values


def _expand_values(meta: Meta, values: Any) -> None:
    for field in (*meta.link_fields, *meta.dynamic_link_fields):
        target = values.get(field.options) if field.fieldtype == "Dynamic Link" else field.options
        name = values.get(field.fieldname)
        if name and target:
            values[field.fieldname] = linked(str(target), name)


def expanded_rows(meta: Meta, rows: list[Any], fieldnames: list[Any]) -> list[Any]:
    """Give rows of a list with the links in `fieldnames` replaced by the documents they point at."""
    for fieldname in fieldnames:
        field = meta.get_field(str(fieldname))
        if field is None or field.fieldtype != "Link":
            continue
        names = {row.get(fieldname) for row in rows if row.get(fieldname)}
        found = {name: linked(field.options, name) for name in names}
        for row in rows:
            if row.get(fieldname):
                row[fieldname] = found[row[fieldname]]
    return rows


def linked(doctype: str, name: Any) -> Any:
    """Give a document that a link points at when the user may read it, else its name."""
    try:
        document = get_doc(doctype, name)
    except DoesNotExistError:
        clear_messages()
        return name
    if not document.has_permission("read"):
        return name
    document.apply_fieldlevel_read_permissions()
    return document.as_dict(no_nulls=True)


def readable_field(meta: Meta, fieldname: str) -> bool:
    """Tell whether the user may read a field."""
    allowed = permitted_fields(meta)
    return allowed is None or fieldname in allowed or fieldname not in meta.by_name
