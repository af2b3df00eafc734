"""`frappe.client.*`: documents for front ends that call functions instead of REST routes.

Invariant: the same rights as REST; arguments come as objects or as JSON text.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from frappe_engine.access.decisions import get_doc_permissions, has_permission
from frappe_engine.access.masks import masked, masked_fields
from frappe_engine.context.errors import (
    DoesNotExistError,
    PermissionError,
    QueryDeadlockError,
    QueryTimeoutError,
    ValidationError,
)
from frappe_engine.context.local import current
from frappe_engine.context.messages import clear_last_message, throw
from frappe_engine.context.settings import system_setting
from frappe_engine.context.translate import _
from frappe_engine.context.whitelist import whitelist
from frappe_engine.documents import rename
from frappe_engine.documents.deletion import delete_doc
from frappe_engine.documents.document import get_doc
from frappe_engine.documents.errors import get_traceback
from frappe_engine.documents.files import save_file
from frappe_engine.documents.incoming import (
    check_doctype,
    document_from,
    field_parameter,
    filter_parameter,
    fitting,
    json_parameter,
    load_document,
    may_link_to,
    readable_field,
    stored_document_from,
)
from frappe_engine.documents.listing import check_filter_fields, count_list
from frappe_engine.documents.listing import get_list as read_documents
from frappe_engine.documents.metas import get_meta
from frappe_engine.http import records
from frappe_engine.kit.attrdict import _dict
from frappe_engine.kit.numbers import cint, sbool

MOST_INSERTED = 200
FIXED = frozenset(
    {"name", "owner", "creation", "modified", "modified_by", "parent", "parenttype", "parentfield", "doctype", "idx"}
    | {"docstatus"}
)


@whitelist()
def get_list(
    doctype: str,
    fields: Any = None,
    filters: Any = None,
    group_by: Any = None,
    order_by: Any = None,
    limit_start: Any = None,
    limit_page_length: Any = 20,
    parent: Any = None,
    debug: Any = False,
    as_dict: Any = True,
    or_filters: Any = None,
    expand: Any = None,
    limit: Any = None,
) -> Any:
    """Give the documents of a DocType that fit and the user may see."""
    asked = _dict(
        fields=fields, filters=filters, or_filters=or_filters, group_by=group_by, order_by=order_by, parent=parent,
        limit_start=limit_start, limit_page_length=limit_page_length if limit is None else limit, debug=debug,
        as_dict=as_dict, expand=expand,
    )  # fmt: skip
    return records.read_list(doctype, asked)


@whitelist()
def get_count(doctype: str, filters: Any = None, debug: Any = False, cache: Any = False) -> int:
    """Give the number of documents that fit and the user may see."""
    check_doctype(doctype)
    wanted = filter_parameter({"filters": filters}, "filters")
    check_filter_fields(doctype, wanted)
    return count_list(doctype, wanted)


@whitelist()
def get(doctype: str, name: Any = None, filters: Any = None, parent: Any = None) -> Any:
    """Give a whole document: by name, the first that fits filters, or a Single."""
    meta = check_doctype(doctype)
    key = name
    if key in (None, "") and filters not in (None, ""):
        wanted = filter_parameter({"filters": filters}, "filters")
        check_filter_fields(doctype, wanted)
        found = read_documents(
            doctype, filters=wanted, fields=["name"], limit=1, order_by="name asc", parent_doctype=parent
        )
        if not found:
            throw(_("{0} {1} not found").format(_(doctype), wanted), DoesNotExistError)
        key = found[0].name
    if key in (None, "") and not meta.issingle:
        throw(_("Missing argument: {0}").format("name"))
    document = load_document(doctype, key if not meta.issingle else doctype)
    document.check_permission("read")
    document.apply_fieldlevel_read_permissions()
    return document.as_dict()


@whitelist()
def get_value(
    doctype: str, fieldname: Any, filters: Any = None, as_dict: Any = True, debug: Any = False, parent: Any = None
) -> Any:
    """Give values of the first document that fits; {} (or None) when none does."""
    meta = check_doctype(doctype)
    wanted = filter_parameter({"filters": filters}, "filters")
    if not has_permission(doctype, "read", parent_doctype=parent, print_logs=False) and not _may_select(doctype):
        throw(_("No permission for {0}").format(_(doctype)), PermissionError)
    fields = field_parameter(fieldname)
    if meta.issingle:
        return _single_values(meta, fields, as_dict=bool(sbool(as_dict)))
    if isinstance(wanted, (str, int)):
        wanted = {"name": wanted}
    check_filter_fields(doctype, wanted)
    rows = read_documents(doctype, filters=wanted, fields=fields, limit=1, parent_doctype=parent, order_by=None)
    if sbool(as_dict):
        return rows[0] if rows else {}
    if not rows:
        return None
    values = list(rows[0].values())
    return values if len(values) > 1 else values[0] if values else None


def _may_select(doctype: str) -> bool:
    return has_permission(doctype, "select", print_logs=False)


def _single_values(meta: Any, fields: list[Any], *, as_dict: bool) -> Any:
    names = [name for name in fields if readable_field(meta, str(name))]
    document = get_doc(meta.name)
    document.apply_fieldlevel_read_permissions()
    values = {
        str(name): document.get(str(name))
        for name in names
        if meta.has_field(str(name)) or name in ("name", "modified")
    }
    return values if as_dict else next(iter(values.values()), None) if len(values) < 2 else list(values.values())


@whitelist()
def get_single_value(doctype: str, field: str) -> Any:
    """Give the value of a Single's field."""
    meta = check_doctype(doctype)
    if not has_permission(doctype, "read", print_logs=False) or not readable_field(meta, field):
        throw(_("No permission for {0}").format(_(doctype)), PermissionError)
    if not meta.issingle:
        throw(_("{0} is no Single").format(_(doctype)))
    value, hidden = current().db.get_single_value(doctype, field), masked_fields(meta)
    return masked(hidden[field], value) if field in hidden else value


@whitelist(methods=["POST", "PUT"])
def set_value(doctype: str, name: Any, fieldname: Any, value: Any = None) -> Any:
    """Change fields of a document and save it; give it. A row is changed through its parent."""
    meta = check_doctype(doctype)
    changes = _changes(fieldname, value)
    forbidden = [key for key in changes if key in FIXED]
    if forbidden:
        throw(_("Cannot edit standard fields") + f": {', '.join(forbidden)}")
    changes = fitting(changes, meta)
    if not meta.istable:
        document = load_document(doctype, name, for_update=not meta.issingle)
        document.update(changes)
    else:
        document = _parent_with_changed_row(doctype, name, changes)
    document.save()
    return document.as_seen().as_dict()


def _changes(fieldname: Any, value: Any) -> dict[str, Any]:
    if isinstance(fieldname, Mapping):
        return dict(fieldname)
    if not isinstance(fieldname, str):
        throw(_("Parameter {0} must be text").format("fieldname"))
    if fieldname.strip()[:1] == "{":
        return dict(json_parameter({"fieldname": fieldname}, "fieldname", (dict,)))
    return {fieldname: value}


def _parent_with_changed_row(doctype: str, name: Any, changes: dict[str, Any]) -> Any:
    row = get_doc(doctype, name)
    parent = get_doc(row.parenttype, row.parent, for_update=True)
    for own in parent.get(row.parentfield):
        if own.name == row.name:
            own.update(changes)
    return parent


@whitelist(methods=["POST", "PUT"])
def insert(doc: Any = None) -> Any:
    """Store a new document and give it; a row (with `parent`, `parenttype`, `parentfield`) is added to its parent."""
    return _insert(document_from(doc)).as_seen().as_dict()


@whitelist(methods=["POST", "PUT"])
def insert_many(docs: Any = None) -> list[Any]:
    """Store up to 200 new documents and give their names."""
    given = json_parameter({"docs": docs}, "docs", (list,)) or []
    if len(given) > MOST_INSERTED:
        throw(_("Only {0} inserts allowed in one request").format(MOST_INSERTED))
    return [_insert(document_from(entry)).name for entry in given]


def _insert(document: Any) -> Any:
    if document.meta.istable:
        if not (document.get("parenttype") and document.get("parent") and document.get("parentfield")):
            throw(_("Parenttype, Parent and Parentfield are required to insert a child record"))
        parent = get_doc(document.parenttype, document.parent)
        parent.append(document.parentfield, document.as_dict(no_private_properties=True))
        parent.save()
        return parent
    document.insert()
    return document


@whitelist(methods=["POST", "PUT"])
def save(doc: Any) -> Any:
    """Save a whole document and give it. Raises `TimestampMismatchError` when somebody else saved it since."""
    document = stored_document_from(doc)
    document.save()
    return document.as_seen().as_dict()


@whitelist(methods=["POST", "PUT"])
def submit(doc: Any) -> Any:
    """Submit a document and give it."""
    document = stored_document_from(doc)
    document.submit()
    return document.as_seen().as_dict()


@whitelist(methods=["POST", "PUT"])
def cancel(doctype: str, name: Any) -> Any:
    """Cancel a submitted document and give it."""
    check_doctype(doctype)
    document = load_document(doctype, name)
    document.cancel()
    return document.as_seen().as_dict()


@whitelist(methods=["DELETE", "POST"])
def delete(doctype: str, name: Any) -> None:
    """Delete a document; a row is taken out of its parent."""
    meta = check_doctype(doctype)
    if not meta.istable:
        delete_doc(doctype, name, ignore_missing=False)
        return
    row = get_doc(doctype, name)
    parent = get_doc(row.parenttype, row.parent)
    parent.set(row.parentfield, [own for own in parent.get(row.parentfield) if own.name != row.name])
    parent.save()


@whitelist(methods=["POST", "PUT"])
def rename_doc(doctype: str, old_name: Any, new_name: str, merge: Any = False) -> str:
    """Rename a document (or merge it into another) and give its name."""
    check_doctype(doctype)
    return str(rename.rename_doc(doctype, old_name, new_name, merge=bool(sbool(merge))))


@whitelist(methods=["POST", "PUT"])
def bulk_update(docs: Any) -> dict[str, Any]:
    """Change many documents (each with `doctype`, `docname` and fields); give those that failed, with the reason."""
    failed: list[dict[str, Any]] = []
    for entry in json_parameter({"docs": docs}, "docs", (list,)) or []:
        try:
            with current().db.nested("bulk_update_row"):
                _update_one(entry)
        except (QueryDeadlockError, QueryTimeoutError):
            raise
        except Exception:  # noqa: BLE001 - each failure is reported beside its document
            failed.append({"doc": entry, "exc": get_traceback()})
    return {"failed_docs": failed}


def _update_one(entry: Any) -> None:
    if not isinstance(entry, dict) or not entry.get("doctype") or not entry.get("docname"):
        throw(_("Missing argument: {0}").format("doctype, docname"))
    meta = check_doctype(entry["doctype"])
    changes = {key: value for key, value in entry.items() if key not in ("doctype", "docname", "flags")}
    document = get_doc(meta.name, entry["docname"])
    document.update(fitting(changes, meta))
    document.save()


@whitelist()
def has_permission_of(doctype: str, docname: Any, perm_type: str = "read") -> dict[str, bool]:
    """Tell whether the user has a right on a document."""
    check_doctype(doctype)
    granted = has_permission(doctype, perm_type.lower(), docname, print_logs=False, raise_exception=False)
    return {"has_permission": bool(granted)}


@whitelist()
def get_doc_permissions_of(doctype: str, docname: Any) -> dict[str, Any]:
    """Give the rights the user has on a document."""
    check_doctype(doctype)
    return {"permissions": get_doc_permissions(get_doc(doctype, docname))}


@whitelist()
def get_password(doctype: str, name: Any, fieldname: str) -> str | None:
    """Give a password in plain text to a System Manager."""
    from frappe_engine.access.roles import get_roles  # one question

    if "System Manager" not in get_roles():
        throw(_("Not permitted"), PermissionError)
    check_doctype(doctype)
    document = get_doc(doctype, name)
    document.check_permission("read")
    return document.get_password(fieldname)  # type: ignore[no-any-return]


@whitelist(allow_guest=True)
def get_time_zone() -> dict[str, str]:
    """Give the site's time zone."""
    return {"time_zone": str(system_setting("time_zone"))}


@whitelist(methods=["POST", "PUT"])
def attach_file(
    filename: Any = None,
    filedata: Any = None,
    doctype: Any = None,
    docname: Any = None,
    folder: Any = None,
    decode_base64: Any = False,
    is_private: Any = None,
    docfield: Any = None,
) -> Any:
    """Attach content from the body to a document, and put its URL into a field of it when one is named."""
    check_doctype(doctype)
    document = get_doc(doctype, docname)
    document.check_permission("write")
    content = filedata.encode() if isinstance(filedata, str) else filedata or b""
    if sbool(decode_base64):
        content = _decoded(content)
    file = save_file(
        str(filename or "file"),
        content,
        doctype,
        document.name,
        folder=folder,
        is_private=cint(is_private),
        field=docfield,
    )
    if docfield and document.meta.has_field(docfield):
        document.set(docfield, file.file_url)
        document.save()
    return file


def _decoded(content: bytes) -> bytes:
    try:
        return base64.b64decode(content.rpartition(b",")[2], validate=False)
    except (binascii.Error, ValueError) as error:
        raise ValidationError(_("The content is no base64 text")) from error


@whitelist()
def is_document_amended(doctype: str, docname: Any) -> bool:
    """Tell whether there is an amendment of a document."""
    meta = check_doctype(doctype)
    if not meta.has_field("amended_from"):
        return False
    return bool(current().db.exists(doctype, {"amended_from": docname}))


@whitelist()
def validate_link(doctype: str, docname: Any, fields: Any = None) -> dict[str, Any]:
    """Give the name of a link's target as it is spelled (None when it is not there), and values to fetch from it."""
    meta = check_doctype(doctype)
    if not isinstance(docname, str):
        docname = str(docname)
    if not may_link_to(doctype):
        throw(_("You do not have Read or Select Permissions for {0}").format(_(doctype)), PermissionError)
    if meta.is_virtual:
        return _virtual_target(doctype, docname)
    name = doctype if meta.issingle else current().db.get_value_by_name(doctype, docname, "name")
    found: dict[str, Any] = {"name": name}
    wanted = field_parameter(fields) if fields not in (None, "", "[]") else []
    if name is not None and wanted:
        found.update(_fetched(meta, str(name), wanted))
    return found


def _virtual_target(doctype: str, docname: str) -> dict[str, Any]:
    try:
        return {"name": get_doc(doctype, docname).name}
    except DoesNotExistError:
        clear_last_message()
        return {"name": None}


def _fetched(meta: Any, name: str, fields: list[Any]) -> dict[str, Any]:
    readable = [field for field in fields if readable_field(meta, str(field)) and str(field) in meta.column_types]
    if not readable:
        return {}
    values = current().db.get_value(meta.name, name, readable, as_dict=True)
    hidden = masked_fields(meta)
    return {key: masked(hidden[key], value) if key in hidden else value for key, value in (values or {}).items()}


@whitelist()
def get_js(items: Any) -> list[Any]:
    """Scripts are served as files here, never as text to be evaluated."""
    throw(_("Scripts are loaded from their own addresses"), PermissionError)


def title_of(doctype: str, name: Any) -> str:
    """Give what people call a document: its title field's value, or its name."""
    meta = get_meta(doctype)
    title = meta.get_title_field()
    value = current().db.get_value_by_name(doctype, name, title) if title and title != "name" else name
    return str(value or name)
