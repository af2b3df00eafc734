"""REST v2: `/api/v2/document/...`, `/api/v2/doctype/...`, `/api/v2/method/...`.

Invariant: the same checks as v1; what differs is the envelope and a few routes.
"""

from __future__ import annotations

from typing import Any

from werkzeug.routing import Rule

from frappe_engine.context.errors import DoesNotExistError, PermissionError
from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.context.whitelist import whitelist
from frappe_engine.documents.controllers import doctype_module_path
from frappe_engine.documents.copying import copy_doc
from frappe_engine.documents.deletion import delete_doc
from frappe_engine.documents.document import Document, get_doc
from frappe_engine.documents.incoming import (
    DEFAULT_PAGE,
    check_doctype,
    filter_parameter,
    json_parameter,
    load_document,
)
from frappe_engine.documents.listing import count_list
from frappe_engine.http import calls, records
from frappe_engine.kit.numbers import cint, sbool

for _method in (Document.submit, Document.cancel, Document.rename, Document.add_comment):
    whitelist()(_method)


def call_method(method: str, doctype: str | None = None) -> Any:
    """Run a whitelisted function, or one of a DocType's controller module (`<DocType>/<function>`)."""
    name = method.split("/", 1)[0]
    if doctype:
        meta = check_doctype(doctype)
        name = f"{doctype_module_path(meta.name, str(meta.module))}.{method}"
    if name == "run_doc_method":
        return run_doc_method()
    context = current()
    context.form_dict.cmd = name
    return calls.run_command(name)


def run_doc_method() -> Any:
    """Run a whitelisted method of the document that was sent; the document goes with the answer."""
    context = current()
    values = context.form_dict
    content = json_parameter(values, "document", (dict,))
    if not content or not isinstance(content.get("doctype"), str) or not values.get("method"):
        throw(_("Missing argument: {0}").format("document, method"))
    document = get_doc(content)
    document.__dict__["_original_modified"] = document.get("modified")
    document.check_if_latest()
    document.check_permission("read" if context.request.method == "GET" else "write")
    arguments = json_parameter(values, "kwargs", (dict,)) or {}
    result = calls.call_document_method(document, str(values["method"]), arguments)
    context.response.docs.append(document)
    return result


def document_list(doctype: str) -> Any:
    """Give the documents that fit; `has_next_page` says whether there are more."""
    context = current()
    parameters = context.form_dict
    size = cint(parameters.get("limit") or parameters.get("limit_page_length") or DEFAULT_PAGE)
    parameters.pop("limit", None)
    parameters["limit_page_length"] = size + 1 if size > 0 else size
    rows = records.read_list(doctype, parameters)
    context.response["has_next_page"] = bool(size > 0 and len(rows) > size)
    return rows[:size] if size > 0 else rows


def create_doc(doctype: str) -> Any:
    """Store a new document."""
    return records.create_document(doctype).as_seen()


def read_doc(doctype: str, name: str) -> Any:
    """Give one document."""
    return records.read_document(doctype, name)


def update_doc(doctype: str, name: str) -> Any:
    """Change a document; fields the user may not read are left out of the answer."""
    return records.update_document(doctype, name).as_seen()


def remove_doc(doctype: str, name: str) -> str:
    """Delete a document; a row is taken out of its parent."""
    meta = check_doctype(doctype)
    if meta.istable:
        _remove_row(doctype, name)
    else:
        delete_doc(doctype, name, ignore_missing=False)
    current().response.http_status_code = 202
    return "ok"


def _remove_row(doctype: str, name: str) -> None:
    row = get_doc(doctype, name)
    parent = get_doc(row.parenttype, row.parent)
    found = [item for item in parent.get(row.parentfield) if item.name == row.name]
    for item in found:
        parent.remove(item)
    parent.save()


def copied_doc(doctype: str, name: str) -> Any:
    """Give a clean unsaved copy of a document."""
    document = records.read_document(doctype, name)
    ignore_no_copy = bool(sbool(current().form_dict.get("ignore_no_copy", True)))
    copy = copy_doc(document, ignore_no_copy=ignore_no_copy).as_dict(no_nulls=True, no_private_properties=True)
    for key in ("name", "owner", "creation", "modified", "modified_by", "docstatus", "amended_from"):
        copy.pop(key, None)
    return copy


def execute_doc_method(doctype: str, name: str, method: str) -> Any:
    """Run a whitelisted method of a stored document: by GET with the right to read it, by POST to write."""
    context = current()
    check_doctype(doctype)
    document = load_document(doctype, name)
    if getattr(type(document), method, None) is None:
        throw(_("{0} has no method {1}").format(_(doctype), method[:140]), DoesNotExistError)
    right = "read" if context.request.method in ("GET", "HEAD") else "write"
    if not document.has_permission(right):
        throw(_("Not permitted"), PermissionError)
    context.response.docs.append(document)
    result = calls.call_document_method(document, method, context.form_dict)
    context.response.docs = []
    return result


def doctype_meta(doctype: str) -> Any:
    """Give a DocType with its fields and permissions."""
    if current().session.user == "Guest":
        throw(_("Not permitted"), PermissionError)
    return check_doctype(doctype).as_dict()


def doctype_count(doctype: str) -> int:
    """Give the number of documents the user may see."""
    parameters = current().form_dict
    check_doctype(doctype)
    limit = cint(parameters.get("limit")) or None
    filters = filter_parameter(parameters, "filters")
    return count_list(doctype, filters, distinct=bool(sbool(parameters.get("distinct", False))), limit=limit)


RULES = [
    Rule("/method/<method>", endpoint=call_method, methods=["GET", "POST", "PUT", "DELETE"]),
    Rule("/method/<doctype>/<method>", endpoint=call_method, methods=["GET", "POST", "PUT", "DELETE"]),
    Rule("/document/<doctype>", methods=["GET"], endpoint=document_list),
    Rule("/document/<doctype>", methods=["POST"], endpoint=create_doc),
    Rule("/document/<doctype>/<path:name>/", methods=["GET"], endpoint=read_doc),
    Rule("/document/<doctype>/<path:name>/copy", methods=["GET"], endpoint=copied_doc),
    Rule("/document/<doctype>/<path:name>/", methods=["PATCH", "PUT"], endpoint=update_doc),
    Rule("/document/<doctype>/<path:name>/", methods=["DELETE"], endpoint=remove_doc),
    Rule("/document/<doctype>/<path:name>/method/<method>/", methods=["GET", "POST"], endpoint=execute_doc_method),
    Rule("/doctype/<doctype>/meta", methods=["GET"], endpoint=doctype_meta),
    Rule("/doctype/<doctype>/count", methods=["GET"], endpoint=doctype_count),
]
