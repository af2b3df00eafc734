"""JSON: reading what may be JSON, and writing every value a document can hold.

Invariant: what `as_json` writes is valid JSON with sorted keys, the same text for the same value.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from frappe_engine.kit.attrdict import _dict
from frappe_engine.kit.dates import format_timedelta


class UnserializableValue(TypeError):
    """A value has no form in JSON."""


def as_json(
    value: Any,
    indent: int | None = 1,
    separators: tuple[str, str] | None = None,
    ensure_ascii: bool = True,
    default: Callable[[Any], Any] | None = None,
) -> str:
    """Write `value` as JSON with sorted keys; `default` gives a form to values that `json_default` does not know.

    Raises `UnserializableValue`.
    """
    fallback = _chain(default) if default else json_default
    options: dict[str, Any] = {
        "indent": indent,
        "separators": separators or (",", ": "),
        "ensure_ascii": ensure_ascii,
        "default": fallback,
    }
    try:
        return json.dumps(value, sort_keys=True, **options)
    except TypeError as error:
        if isinstance(error, UnserializableValue):
            raise
        return json.dumps(value, **options)  # keys of several types have no order


def compact_json(value: Any, default: Callable[[Any], Any] | None = None) -> bytes:
    """Write `value` as compact UTF-8 JSON, fast; keys in their order. Raises `UnserializableValue`."""
    import orjson  # a native library, wanted where much is written

    fallback = _chain(default) if default else json_default
    options = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_SUBCLASS
    try:
        return orjson.dumps(value, default=fallback, option=options)
    except orjson.JSONEncodeError as error:
        # Numbers beyond 64 bits, deep nesting: the standard library writes them.
        try:
            return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=fallback).encode()
        except (TypeError, ValueError):
            raise UnserializableValue(str(error)) from error


def _chain(default: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def fallback(value: Any) -> Any:
        try:
            return json_default(value)
        except UnserializableValue:
            return default(value)

    return fallback


def json_default(value: Any) -> Any:
    """Give the JSON form of a value that JSON does not know: dates and times as text, decimals as numbers.

    Raises `UnserializableValue`.
    """
    if isinstance(value, (datetime, date, time)):
        return str(value)
    if isinstance(value, timedelta):
        return format_timedelta(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "as_dict"):
        return value.as_dict()
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, (list, tuple, set, frozenset)) or _is_iterable(value):
        return list(value)
    if callable(value):
        return repr(value)
    raise UnserializableValue(f"Object of type {type(value).__name__} with value of {value!r} is not JSON serializable")


def _is_iterable(value: Any) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, type)


def parse_json(value: Any) -> Any:
    """Read JSON text, an object as `_dict`; what is no text comes back unchanged (a dict as `_dict`).

    Raises `json.JSONDecodeError`.
    """
    if isinstance(value, (str, bytes)):
        value = json.loads(value)
    return _dict(value) if isinstance(value, dict) and not isinstance(value, _dict) else value


def safe_json_loads(value: Any) -> Any:
    """Read JSON text; what is none comes back unchanged."""
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return value


def is_json(text: Any) -> bool:
    """Tell whether a text is JSON."""
    try:
        json.loads(text)
    except (TypeError, ValueError):
        return False
    return True
