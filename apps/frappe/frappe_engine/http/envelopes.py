"""The JSON around answers: v1 (`message`, `data`, `docs`, `_server_messages`, `exc_type` …) and v2 (`data`, `errors`).

Shapes: the public REST documentation; `_server_messages` is the JSON text of a list of JSON texts.

Invariant: pure apart from reading the messages and logs of the current context; nothing here decides a status.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Mapping
from typing import Any

import orjson

from frappe_engine.context.local import current
from frappe_engine.context.messages import get_message_log, plain_text
from frappe_engine.kit.jsontext import UnserializableValue, json_default

_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS
CONTROL_KEYS = frozenset(
    {"type", "http_status_code", "filename", "filecontent", "result", "doctype", "display_content_as"}
)
ENGINE_ERRORS, PUBLIC_ERRORS = "frappe_engine.context.errors.", "frappe.exceptions."


def as_json_bytes(value: Any) -> bytes:
    """Write an answer as JSON. Raises `UnserializableValue`."""
    try:
        return orjson.dumps(value, default=_default, option=_OPTIONS)
    except orjson.JSONEncodeError as error:
        try:  # numbers beyond 64 bits
            return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=_default).encode(
                "utf-8", "replace"
            )
        except (TypeError, ValueError):
            raise UnserializableValue(str(error)) from error


def _default(value: Any) -> Any:
    as_dict = getattr(value, "as_dict", None)
    if as_dict is not None:
        return as_dict(no_nulls=True)
    return json_default(value)


# answers


def success_v1(response: Mapping[str, Any]) -> dict[str, Any]:
    """Give the body of an answer in v1."""
    body = {
        key: value for key, value in response.items() if key not in CONTROL_KEYS and not (key == "docs" and not value)
    }
    messages = get_message_log()
    if messages:
        body["_server_messages"] = json.dumps([json.dumps(entry, default=str) for entry in messages])
    debug = current().get("debug_log")
    if debug:
        body["_debug_messages"] = json.dumps(debug, default=str)
    return body


def success_v2(response: Mapping[str, Any]) -> dict[str, Any]:
    """Give the body of an answer in v2."""
    body = {
        key: value for key, value in response.items() if key not in CONTROL_KEYS and not (key == "docs" and not value)
    }
    messages = get_message_log()
    if messages:
        body["messages"] = messages
    debug = current().get("debug_log")
    if debug:
        body["debug"] = [{"message": entry} for entry in debug]
    return body


def error_v1(error: BaseException, response: Mapping[str, Any], *, show_traceback: bool) -> dict[str, Any]:
    """Give the body of a refusal or failure in v1; `show_traceback` adds `exception` and `exc`."""
    body = success_v1(response)
    body["exc_type"] = type(error).__name__
    if show_traceback:
        body["exception"] = exception_line(error)
        body["exc"] = json.dumps([traceback_text(error)])
    note = current().flags.get("error_message")
    if note:
        body["_error_message"] = note
    return body


def error_v2(error: BaseException, response: Mapping[str, Any], *, show_traceback: bool) -> dict[str, Any]:
    """Give the body of a refusal or failure in v2; the message that was thrown is part of its error."""
    entry: dict[str, Any] = {"type": type(error).__name__}
    if show_traceback:
        entry["exception"] = traceback_text(error)
    messages = get_message_log()
    thrown = _message_of(error, messages)
    if thrown is not None:
        messages.remove(thrown)
        entry.update({key: value for key, value in thrown.items() if key not in ("raise_exception", "__frappe_exc_id")})
    elif not show_traceback and str(error) and getattr(error, "http_status_code", 500) < 500:
        entry["message"] = str(error)
    body: dict[str, Any] = {key: value for key, value in response.items() if key not in CONTROL_KEYS | {"docs"}}
    body["errors"] = [entry]
    if messages:
        body["messages"] = messages
    return body


def _message_of(error: BaseException, messages: list[Any]) -> Any:
    """The message `throw` showed for this error, else the newest one."""
    identifier = getattr(error, "__frappe_exc_id", None)
    own = [entry for entry in messages if identifier and entry.get("__frappe_exc_id") == identifier]
    if own:
        return own[-1]
    return messages[-1] if messages else None


def exception_line(error: BaseException) -> str:
    """Give the last line of an exception's traceback, as clients of the public API know it."""
    line = "".join(traceback.format_exception_only(error)).strip()
    return plain_text(line.replace(ENGINE_ERRORS, PUBLIC_ERRORS))


def traceback_text(error: BaseException) -> str:
    """Give an exception with its traceback."""
    return "".join(traceback.format_exception(error)).replace(ENGINE_ERRORS, PUBLIC_ERRORS)
