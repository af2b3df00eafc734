"""Documents over HTTP: what both versions of REST and `frappe.client` do with them.

Invariant: parameters that can't be understood are refused with a message that names them (417), unknown DocTypes with
404, before anything is read or written.
"""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from frappe_engine.context.errors import DataError, DoesNotExistError, MandatoryError, PermissionError
from frappe_engine.context.local import current
from frappe_engine.context.messages import clear_messages, msgprint, throw
from frappe_engine.context.translate import _
from frappe_engine.documents.document import get_doc, new_doc
from frappe_engine.documents.incoming import (
    DEFAULT_PAGE,
    check_doctype,
    fitting,
    json_parameter,
    list_options,
    load_document,
)
from frappe_engine.documents.listing import check_filter_fields, check_has_list, get_list, unknown_fields
from frappe_engine.documents.metas import get_meta
from frappe_engine.http.parameters import document_parameter
from frappe_engine.kit.numbers import sbool
from frappe_engine.schema.meta import Meta


def is_response(value: Any) -> bool:
    """Tell whether a function answered by itself."""
    return isinstance(value, Response)


def given_values(doctype: str) -> dict[str, Any]:
    """Give the values of the document in the request, fit for a document of `doctype`."""
    meta = check_doctype(doctype)
    values = document_parameter(current().form_dict)
    values.pop("doctype", None)
    return fitting(values, meta)


def read_document(doctype: str, name: Any) -> Any:
    """Give a stored document the user may read, without what they may not see in it."""
    check_doctype(doctype)
    document = load_document(doctype, name, parent_doctype=current().form_dict.get("parent"))
    document.check_permission("read")
    document.apply_fieldlevel_read_permissions()
    if sbool(current().form_dict.get("expand_links")):
        return expanded(document)
    return document


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
    check_has_list(meta)
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
    for field in (*meta.dynamic_link_fields, *meta.link_fields):  # their DocTypes are links themselves
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
