"""Documents from the caches: this request's, and what the process remembers of stored ones.

Invariant: what is remembered is never handed out itself; every request gets a copy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from frappe_engine.context.errors import DoesNotExistError
from frappe_engine.context.local import current
from frappe_engine.context.messages import clear_last_message
from frappe_engine.database.database import process_cache_of
from frappe_engine.documents.life.loading import get_doc, has_plain_row, is_single_without_name, refuse_missing
from frappe_engine.documents.plans import Plan, get_plan
from frappe_engine.kit.attrdict import _dict


def get_cached_doc(*args: Any, **kwargs: Any) -> Any:
    """Give a stored document from this request's cache; callers must not change it."""
    if len(args) == 2 and isinstance(args[1], str) and args[1]:
        doctype, name = args
    elif args and isinstance(args[0], str) and (len(args) == 1 or is_single_without_name(*args)):
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


@dataclass(slots=True)
class _Snapshot:
    """What is remembered of a document: its class, its own values, and its rows by table (None: they were not asked for)."""

    controller: Any
    own: dict[str, Any]
    rows: dict[str, list[tuple[Any, dict[str, Any]]]] | None


def _from_snapshot(doctype: str, name: str) -> Any:
    """Make a document from what this process remembers of the stored one."""
    snapshot = _whole_snapshot(doctype, name)
    document = snapshot.controller.__new__(snapshot.controller)
    own = document.__dict__
    own.update(snapshot.own)
    for fieldname, rows in (snapshot.rows or {}).items():
        copies = []
        for controller, values in rows:
            row = controller.__new__(controller)
            row.__dict__.update(values)
            row.__dict__["_parent_doc"] = document
            copies.append(row)
        own[fieldname] = copies
    return document


def _whole_snapshot(doctype: str, name: str) -> _Snapshot:
    def load() -> _Snapshot:
        return _snapshot(get_doc(doctype, name))

    cache, key = process_cache_of(current()), f"doc|{doctype}|{name}"
    snapshot: _Snapshot = cache.get_or_load(key, load)
    if snapshot.rows is None:
        snapshot = cache.reload(key, load)
    return snapshot if snapshot.rows is not None else load()


def _snapshot(document: Any) -> _Snapshot:
    tables = {child.fieldname for child in get_plan(document.doctype).children}
    own = {key: value for key, value in document.__dict__.items() if key not in tables and key != "flags"}
    rows = {
        name: [
            (type(row), {k: v for k, v in row.__dict__.items() if k != "_parent_doc"})
            for row in document.__dict__.get(name) or []
        ]
        for name in tables
    }
    return _Snapshot(type(document), own, rows)


def _own_snapshot(plan: Plan, name: str) -> _Snapshot:
    """Remember a document without its rows. Raises `DoesNotExistError`."""
    row = current().db.row(plan.select_sql, (name,))
    if row is None:
        refuse_missing(plan.meta.name, name)
    own = {"doctype": plan.meta.name, **dict(zip(plan.columns, row, strict=True))}
    return _Snapshot(plan.controller, own, None if plan.children else {})


def get_cached_value(doctype: str, name: Any, fieldname: Any = "name", as_dict: bool = False) -> Any:
    """Give values of a stored document from the cache; None when it is not there."""
    if not name:
        if not is_single_without_name(doctype, name):
            return None
        name = doctype
    fields = [fieldname] if isinstance(fieldname, str) else list(fieldname)
    try:
        read = _reader(doctype, str(name), fields)
    except DoesNotExistError:
        clear_last_message()
        return None
    if isinstance(fieldname, str) and not as_dict:
        return read(fieldname)
    values = map(read, fields)
    return _dict(zip(fields, values, strict=True)) if as_dict else list(values)


def _reader(doctype: str, name: str, fields: list[str]) -> Callable[[str], Any]:
    """Give what reads fields of a document; where columns of its own row are all that is asked for, its rows are not loaded."""
    known = current().__dict__.get("document_cache")
    if not (known and (doctype, name) in known) and has_plain_row(doctype):
        plan = get_plan(doctype)
        if all(map(plan.meta.column_types.__contains__, fields)):
            snapshot: _Snapshot = process_cache_of(current()).get_or_load(
                f"doc|{doctype}|{name}", lambda: _own_snapshot(plan, name)
            )
            return snapshot.own.get
    read: Callable[[str], Any] = get_cached_doc(doctype, name).get
    return read
