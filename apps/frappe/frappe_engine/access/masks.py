"""Masked fields: values that a user may work with but not see.

A field with `mask` shows its value to roles that have the right "mask" at the field's level; everybody else but
Administrator sees that there is one. Source: the documented behaviour of data masking in version 16.

Invariant: what stands for a hidden value is never stored in its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from frappe_engine.access.decisions import accessible_levels

HIDDEN = "XXXXXXXX"
HIDDEN_DATE, HIDDEN_TIME = "XX-XX-XXXX", "XX:XX"
TAIL = "XXXXXX"
SHOWN_OF_A_PHONE = 3


def masked_fields(meta: Any, user: str | None = None, parent: Any = None) -> Mapping[str, Any]:
    """Give the fields of a DocType whose values the user does not see; for rows, rights are those on `parent`."""
    marked = meta.fields_with_mask
    if not marked:
        return {}
    levels = accessible_levels(parent or meta, "mask", user)
    return {field.fieldname: field for field in marked if int(field.get("permlevel") or 0) not in levels}


def masked(field: Any, value: Any) -> Any:
    """Give what stands for a value; nothing stays nothing. Of a phone number its beginning is seen, of a mail address its host."""
    if value in (None, ""):
        return value
    kind = "Phone" if field.fieldtype == "Phone" else field.get("options") if field.fieldtype == "Data" else None
    if kind == "Phone":
        text = str(value)
        return text[:SHOWN_OF_A_PHONE] + TAIL if len(text) > SHOWN_OF_A_PHONE else "X" * len(text)
    if kind == "Email":
        return f"{TAIL}@{str(value).rpartition('@')[2]}"
    return {"Date": HIDDEN_DATE, "Time": HIDDEN_TIME}.get(field.fieldtype, HIDDEN)


def is_masked(value: Any) -> bool:
    """Tell whether a value is what stands for a hidden one."""
    return isinstance(value, str) and (value in (HIDDEN_DATE, HIDDEN_TIME) or TAIL in value)


def mask_document(document: Any) -> None:
    """Put what stands for them in place of the values of a document and its rows that the user does not see."""
    meta = document.meta
    for each in (document, *document.get_all_children()):
        own = each.__dict__
        for name, field in masked_fields(each.meta, parent=meta if each.meta.istable else None).items():
            if own.get(name) is not None:
                own[name] = masked(field, own[name])


def keep_masked_values(document: Any, before: Any, user_sees_all: bool) -> None:
    """Give a document about to be stored the stored values of its masked fields (`before`: None when it is new).

    Who sees a value may change it; what stands for a hidden value is nobody's new one.
    """
    stored = {row.name: row for row in before.get_all_children()} if before is not None else {}
    for each in (document, *document.get_all_children()):
        marked = each.meta.fields_with_mask
        if not marked:
            continue
        kept = before if each is document else stored.get(each.__dict__.get("name"))
        hidden = {} if user_sees_all else masked_fields(each.meta, parent=document.meta if each.meta.istable else None)
        for field in marked:
            name, own = field.fieldname, each.__dict__
            if is_masked(own.get(name)) or (kept is not None and name in hidden):
                own[name] = kept.get(name) if kept is not None else field.get("default")
