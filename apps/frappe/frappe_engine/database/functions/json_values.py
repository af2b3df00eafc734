"""JSON: documents in and out are text, paths are MariaDB's (`$.a[1]."b c"`)."""

from __future__ import annotations

import json
import re
from typing import Any

from frappe_engine.database.functions.registry import Value, sql_function

_STEP = re.compile(r'\.(?:"(?P<quoted>[^"]*)"|(?P<key>[\w$-]+))|\[(?P<index>\d+)\]')
_MISSING: Any = object()


def _at(document: Any, path: str) -> Any:
    """The value at a path, `_MISSING` where there is none. Raises `TypeError` for a path that is none."""
    if not path.startswith("$") or _STEP.sub("", path[1:]):
        raise TypeError(f"{path!r} is no path")
    for step in _STEP.finditer(path):
        key = step["quoted"] if step["quoted"] is not None else step["key"]
        if key is not None:
            document = document.get(key, _MISSING) if isinstance(document, dict) else _MISSING
        else:
            index = int(step["index"])
            document = document[index] if isinstance(document, list) and index < len(document) else _MISSING
        if document is _MISSING:
            break
    return document


def _load(text: Value) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError):
        return _MISSING


@sql_function("json_extract", 2)
def _json_extract(text: Value, path: str) -> str | None:
    document = _load(text)
    found = _MISSING if document is _MISSING else _at(document, path)
    return None if found is _MISSING else json.dumps(found, ensure_ascii=False)


@sql_function("json_value", 2)
def _json_value(text: Value, path: str) -> Value:
    document = _load(text)
    found = _MISSING if document is _MISSING else _at(document, path)
    if found is _MISSING or found is None or isinstance(found, (dict, list)):
        return None
    return str(int(found)) if isinstance(found, bool) else str(found)


@sql_function("json_length", 1)
def _json_length(text: Value) -> int | None:
    document = _load(text)
    if document is _MISSING:
        return None
    return len(document) if isinstance(document, (dict, list)) else 1


@sql_function("json_valid", 1)
def _json_valid(text: Value) -> int:
    return int(_load(text) is not _MISSING)


@sql_function("json_unquote", 1)
def _json_unquote(value: Value) -> Value:
    text = str(value)
    return json.loads(text) if text.startswith('"') and text.endswith('"') else text


@sql_function("json_contains", 2)
def _json_contains(document: str, candidate: str) -> int:
    where, what = _load(document), _load(candidate)
    return int(where is not _MISSING and what is not _MISSING and _contains(where, what))


def _contains(document: Any, candidate: Any) -> bool:
    if isinstance(document, list):
        items = candidate if isinstance(candidate, list) else [candidate]
        return all(any(_contains(entry, item) for entry in document) for item in items)
    if isinstance(document, dict) and isinstance(candidate, dict):
        return all(key in document and _contains(document[key], value) for key, value in candidate.items())
    return bool(document == candidate)
