"""Answers to requests."""

from __future__ import annotations

from typing import Any

from frappe_engine.context.local import current
from frappe_engine.http.answers import build_response
from frappe_engine.http.envelopes import as_json_bytes
from frappe_engine.http.failures import answer_failure
from frappe_engine.http.files import backup, private_file, send_stored
from frappe_engine.kit.jsontext import json_default
from werkzeug.wrappers import Response

import frappe

__all__ = [
    "Response",
    "build_response",
    "download_backup",
    "download_private_file",
    "json_handler",
    "send_private_file",
]


def json_handler(obj: Any) -> Any:
    """Give the JSON form of a value that JSON does not know."""
    return obj.as_dict(no_nulls=True) if hasattr(obj, "as_dict") else json_default(obj)


def report_error(status_code: int) -> Response:
    """Give the answer for the exception that is being handled."""
    import sys

    error = sys.exc_info()[1] or frappe.ValidationError()
    response = answer_failure(error, current().request)
    response.status_code = status_code
    return response


def as_json() -> Response:
    """Give the JSON answer that `frappe.response` describes."""
    return build_response("json")


def json_text(value: Any) -> str:
    """Write a value as answers write it."""
    return as_json_bytes(value).decode()


def download_private_file(path: str) -> Response:
    """Send a private file to who may read it."""
    return private_file(current().request)


def download_backup(path: str) -> Response:
    """Send a backup to a System Manager."""
    return backup(current().request)


def send_private_file(path: str) -> Response:
    """Send a file below `private/files`, whoever asks: the caller has checked that."""
    name = path.rsplit("/", 1)[-1]
    return send_stored(current().request, f"/private/files/{path.removeprefix('/private/files/').lstrip('/')}", name)
