"""Versions: what each save changed, field by field and row by row, where a DocType tracks changes.

Invariant: a version is written in the same transaction as the change.
"""

from __future__ import annotations

import json
from typing import Any

from frappe_engine.context.clock import now_datetime
from frappe_engine.context.local import current
from frappe_engine.documents.base import session_user
from frappe_engine.documents.life.loading import get_doc
from frappe_engine.documents.naming import hash_name
from frappe_engine.documents.validation import same_value
from frappe_engine.kit.attrdict import _dict

UNTRACKED_TYPES = frozenset(
    {"Section Break", "Column Break", "Tab Break", "HTML", "Button", "Image", "Heading", "Password", "Fold"}
)
TRACKED_STANDARD = ("name", "docstatus")


def keep_version(document: Any) -> None:
    """Write a version of what this save changed; nothing when it changed nothing or the document is new."""
    before = document.get_doc_before_save()
    flags = current().get("flags") or {}
    if flags.get("in_patch") or flags.get("in_install"):
        return
    if before is None:
        if document.__dict__.get("amended_from"):
            _keep_amendment(document)
        return
    difference = get_diff(before, document)
    if difference is None:
        return
    _write(document, _data(difference))


def _keep_amendment(document: Any) -> None:
    original = current().db.row(
        f"SELECT `name` FROM `tab{document.doctype}` WHERE `name` = ?", (document.amended_from,)
    )
    if original is None:
        return
    difference = get_diff(get_doc(document.doctype, document.amended_from), document)
    if difference is not None:
        _write(document, _data(difference))


def _data(difference: Any) -> dict[str, Any]:
    flags = current().get("flags") or {}
    data = dict(difference)
    data["data_import"] = flags.get("via_data_import")
    data["updater_reference"] = None
    return data


def _write(document: Any, data: dict[str, Any]) -> None:
    moment, user = now_datetime(), session_user()
    database = current().db
    database.write(
        "INSERT INTO `tabVersion` (`name`, `creation`, `modified`, `owner`, `modified_by`, `docstatus`,"
        " `idx`, `ref_doctype`, `docname`, `data`)"
        " VALUES (?, ?, ?, ?, ?, 0, 0, ?, ?, ?)",
        (
            hash_name(),
            moment,
            moment,
            user,
            user,
            document.doctype,
            str(document.name),
            json.dumps(data, default=str, indent=1, ensure_ascii=False),
        ),
    )


def get_diff(old: Any, new: Any, for_child: bool = False, compare_cancelled: bool = False) -> Any:
    """Give what differs: changed [field, old, new], added and removed [table, row], row_changed
    [table, row number, row name, [[field, old, new]]]; None when nothing does."""
    found = _dict(changed=[], added=[], removed=[], row_changed=[])
    for field in new.meta.fields:
        if field.fieldtype in UNTRACKED_TYPES or field.get("is_virtual"):
            continue
        old_value, new_value = old.get(field.fieldname), new.get(field.fieldname)
        if field.fieldtype in ("Table", "Table MultiSelect"):
            if not for_child:
                _diff_rows(
                    field.fieldname,
                    old_value or [],
                    new_value or [],
                    found,
                    amended=compare_cancelled or _is_amendment(old, new),
                )
        elif not same_value(old_value, new_value):
            found.changed.append([field.fieldname, _readable(old, old_value), _readable(new, new_value)])
    if not for_child:
        for name in TRACKED_STANDARD:
            if name == "name" and _is_amendment(old, new):
                continue
            if old.get(name) != new.get(name):
                found.changed.append([name, old.get(name), new.get(name)])
    return found if any(found.values()) else None


def _is_amendment(old: Any, new: Any) -> bool:
    return bool(old.get("name") != new.get("name"))


def _readable(_document: Any, value: Any) -> Any:
    return value if value is None or isinstance(value, (int, float, str)) else str(value)


def _diff_rows(fieldname: str, old_rows: list[Any], new_rows: list[Any], found: Any, *, amended: bool) -> None:
    key = "idx" if amended else "name"
    old_by_key = {row.get(key): row for row in old_rows}
    seen: set[Any] = set()
    for number, row in enumerate(new_rows):
        stored = old_by_key.get(row.get(key))
        if stored is None:
            found.added.append([fieldname, row.as_dict(convert_dates_to_str=True)])
            continue
        seen.add(row.get(key))
        difference = get_diff(stored, row, for_child=True)
        if difference is not None and difference.changed:
            found.row_changed.append([fieldname, number, row.name, difference.changed])
    for row_key, row in old_by_key.items():
        if row_key not in seen:
            found.removed.append([fieldname, row.as_dict(convert_dates_to_str=True)])
