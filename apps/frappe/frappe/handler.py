"""Calls by name: what `cmd=` and `/api/method/<name>` reach without a dotted path."""

from __future__ import annotations

from typing import Any

from frappe_engine.context.local import local
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.context.whitelist import is_valid_http_method as _is_valid_http_method
from frappe_engine.http.answers import build_response
from frappe_engine.http.calls import run_command
from frappe_engine.http.functions import logout, ping, run_doc_method, runserverobj, version, web_logout
from frappe_engine.http.uploads import ALLOWED_MIMETYPES, check_write_permission, download_file, upload_file, uploadfile

import frappe

__all__ = [
    "ALLOWED_MIMETYPES",
    "build_response",
    "check_write_permission",
    "download_file",
    "execute_cmd",
    "get_attr",
    "handle",
    "is_valid_http_method",
    "is_whitelisted",
    "logout",
    "ping",
    "run_doc_method",
    "runserverobj",
    "throw_permission_error",
    "upload_file",
    "uploadfile",
    "version",
    "web_logout",
]


def handle() -> Any:
    """Run the request's `cmd` and give the answer."""
    command = local.form_dict.get("cmd")
    result = execute_cmd(command)
    if result is not None:
        local.response["message"] = result
    return build_response("json")


def execute_cmd(cmd: str, from_async: bool = False) -> Any:
    """Run what a dotted path or name stands for with the request's parameters."""
    return run_command(cmd)


def is_valid_http_method(method: Any) -> None:
    """Raise `PermissionError` unless the function may be called with the verb of the request."""
    if local.request is not None and not _is_valid_http_method(method, local.request.method):
        throw_permission_error()


def throw_permission_error() -> None:
    """Raise `PermissionError`."""
    throw(_("Not permitted"), frappe.PermissionError)


def is_whitelisted(method: Any) -> None:
    """Raise `PermissionError` unless the user may call the function over HTTP."""
    frappe.is_whitelisted(method, local.session.user)


def get_attr(cmd: str) -> Any:
    """Give what a dotted path names; a bare name is one of this module."""
    return frappe.get_attr(cmd) if "." in cmd else globals()[cmd]
