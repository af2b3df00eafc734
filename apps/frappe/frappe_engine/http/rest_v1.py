"""REST v1: `/api/resource/<DocType>[/<name>]` and `/api/method/<path>`, also under `/api/v1`.

Invariant: every read and write passes the same permission checks as the desk.
"""

from __future__ import annotations

from typing import Any

from werkzeug.routing import Rule

from frappe_engine.context.errors import DoesNotExistError, PermissionError
from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.documents.deletion import delete_doc
from frappe_engine.documents.document import get_doc
from frappe_engine.documents.incoming import check_doctype
from frappe_engine.http import calls, records


def call_method(method: str) -> Any:
    """Run a whitelisted function; its result is the answer's `message`."""
    context = current()
    name = method.split("/", 1)[0]
    context.form_dict.cmd = name
    result = calls.run_command(name)
    if result is not None and not records.is_response(result):
        context.response["message"] = result
        return None
    return result


def document_list(doctype: str) -> Any:
    """Give the documents that fit the parameters."""
    return records.read_list(doctype, current().form_dict)


def create_doc(doctype: str) -> Any:
    """Store a new document."""
    return records.create_document(doctype).as_seen()


def read_doc(doctype: str, name: str) -> Any:
    """Give one document; with `run_method`, what that method of it returns."""
    if "run_method" in current().form_dict:
        return execute_doc_method(doctype, name)
    return records.read_document(doctype, name)


def update_doc(doctype: str, name: str) -> Any:
    """Change a document; fields the user may not read are left out of the answer."""
    return records.update_document(doctype, name).as_seen()


def remove_doc(doctype: str, name: str) -> str:
    """Delete a document."""
    check_doctype(doctype)
    delete_doc(doctype, name, ignore_missing=False)
    current().response.http_status_code = 202
    return "ok"


def execute_doc_method(doctype: str, name: str) -> Any:
    """Run a whitelisted method of a stored document: by GET with the right to read it, by POST to write."""
    context = current()
    method = context.form_dict.pop("run_method", None)
    if not method:
        throw(_("Missing argument: {0}").format("run_method"))
    check_doctype(doctype)
    document = get_doc(doctype, name)
    right = "read" if context.request.method in ("GET", "HEAD") else "write"
    if not document.has_permission(right):
        throw(_("Not permitted"), PermissionError)
    return calls.call_document_method(document, method, context.form_dict)


def nothing_here(**_parts: Any) -> Any:
    """Refuse what this version has no route for."""
    raise DoesNotExistError


RULES = [
    Rule("/method/<path:method>", endpoint=call_method, methods=["GET", "POST", "PUT", "DELETE"]),
    Rule("/resource/<doctype>", methods=["GET"], endpoint=document_list),
    Rule("/resource/<doctype>", methods=["POST"], endpoint=create_doc),
    Rule("/resource/<doctype>/<path:name>", methods=["GET"], endpoint=read_doc),
    Rule("/resource/<doctype>/<path:name>", methods=["PUT"], endpoint=update_doc),
    Rule("/resource/<doctype>/<path:name>", methods=["DELETE"], endpoint=remove_doc),
    Rule("/resource/<doctype>/<path:name>", methods=["POST"], endpoint=execute_doc_method),
    Rule("/resource/<doctype>/<path:name>", methods=["PATCH"], endpoint=nothing_here),
]
