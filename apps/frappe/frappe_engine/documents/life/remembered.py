"""Documents from the caches: this request's, and what the process remembers of stored ones.

Invariant: what is remembered is never handed out itself; every request gets a copy.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.context.errors import DoesNotExistError
from frappe_engine.context.local import current
from frappe_engine.context.messages import clear_last_message
from frappe_engine.database.database import process_cache_of
from frappe_engine.documents.life.loading import get_doc
from frappe_engine.kit.attrdict import _dict


def get_cached_doc(*args: Any, **kwargs: Any) -> Any:
    """Give a stored document from this request's cache; callers must not change it."""
    if len(args) == 2 and isinstance(args[1], str):
        doctype, name = args
    elif len(args) == 1 and isinstance(args[0], str):
        doctype = name = args[0]
    else:
        return get_doc(*args, **kwargs)
    known = current().__dict__.get("document_cache")
    if known is None:
        known = current().document_cache = {}
    document = known.get((doctype, name))
    if document is None:
        document = known[(doctype, name)] = _from_snapshot(doctype, name)
    return document


def _from_snapshot(doctype: str, name: str) -> Any:
    """Make a document from what this process remembers of the stored one."""
    snapshot = process_cache_of(current()).get_or_load(
        f"doc|{doctype}|{name}", lambda: _snapshot(get_doc(doctype, name))
    )
    document = snapshot[0].__new__(snapshot[0])
    own = document.__dict__
    own.update(snapshot[1])
    for fieldname, rows in snapshot[2].items():
        copies = []
        for controller, values in rows:
            row = controller.__new__(controller)
            row.__dict__.update(values)
            row.__dict__["_parent_doc"] = document
            copies.append(row)
        own[fieldname] = copies
    return document


def _snapshot(document: Any) -> tuple[Any, dict[str, Any], dict[str, list[tuple[Any, dict[str, Any]]]]]:
    tables = {child.fieldname for child in document.plan.children}
    own = {key: value for key, value in document.__dict__.items() if key not in tables and key != "flags"}
    rows = {
        name: [
            (type(row), {k: v for k, v in row.__dict__.items() if k != "_parent_doc"})
            for row in document.__dict__.get(name) or []
        ]
        for name in tables
    }
    return type(document), own, rows


def get_cached_value(doctype: str, name: Any, fieldname: Any = "name", as_dict: bool = False) -> Any:
    """Give values of a stored document from the cache; None when it is not there."""
    try:
        document = get_cached_doc(doctype, str(name)) if name else None
    except DoesNotExistError:
        clear_last_message()
        return None
    if document is None:
        return None
    if isinstance(fieldname, str):
        if as_dict:
            return _dict({fieldname: document.get(fieldname)})
        return document.get(fieldname)
    values = [document.get(item) for item in fieldname]
    return _dict(zip(fieldname, values, strict=True)) if as_dict else values
