"""DocTypes as JSON Schemas: one per DocType, with a reference for each table of rows.

Dates and numbers have the form in which the API writes them. A field a document may lack (the API leaves out what is
null) is never `required` here; what a new document needs is said by `needed_fields`.

Invariant: pure: a `Meta` in, plain dicts out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from frappe_engine.kit.columns import LAYOUT_TYPES, TABLE_TYPES, VARCHAR_LENGTH, column_type
from frappe_engine.schema.meta import DocField, Meta

Schema = dict[str, Any]

MOMENT = r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,6})?$"
CLOCK = r"^-?\d{1,3}:\d{2}:\d{2}(\.\d{1,6})?$"
INT32, INT64 = 2**31, 2**63
_STRUCTURED = frozenset({"JSON"})
_NUMBERS: dict[str, Schema] = {
    "Check": {"type": "integer", "enum": [0, 1]},
    "Int": {"type": "integer", "minimum": -INT32, "maximum": INT32 - 1},
    "Long Int": {"type": "integer", "minimum": -INT64, "maximum": INT64 - 1},
    "Currency": {"type": "number", "x-frappe-kind": "money"},
    "Float": {"type": "number"},
    "Percent": {"type": "number"},
    "Rating": {"type": "number", "minimum": 0, "maximum": 1},
    "Duration": {"type": ["number", "null"], "description": "seconds"},
}
_TEXTS: dict[str, Schema] = {
    "Date": {"type": ["string", "null"], "format": "date"},
    "Datetime": {"type": ["string", "null"], "pattern": MOMENT, "examples": ["2026-01-31 13:45:00.000000"]},
    "Time": {"type": ["string", "null"], "pattern": CLOCK, "examples": ["13:45:00"]},
    "Password": {"type": ["string", "null"], "format": "password"},
}
STANDARD: dict[str, Schema] = {
    "doctype": {"type": "string", "readOnly": True},
    "name": {"type": ["string", "integer"], "description": "the document's key"},
    "owner": {"type": "string", "readOnly": True},
    "creation": {**_TEXTS["Datetime"], "readOnly": True},
    "modified": {
        **_TEXTS["Datetime"],
        "description": "send it back with a change: who saved in between is not overwritten",
    },
    "modified_by": {"type": "string", "readOnly": True},
    "docstatus": {"type": "integer", "enum": [0, 1, 2], "description": "0 draft, 1 submitted, 2 cancelled"},
    "idx": {"type": "integer"},
}
ROW_STANDARD: dict[str, Schema] = {
    "parent": {"type": ["string", "integer", "null"], "readOnly": True},
    "parenttype": {"type": ["string", "null"], "readOnly": True},
    "parentfield": {"type": ["string", "null"], "readOnly": True},
}  # fmt: skip


def schema_name(doctype: str) -> str:
    """Give the name of a DocType's schema: letters, digits, `_` for a blank, `-<hex>` for any other sign."""
    return re.sub(r"[^A-Za-z0-9.]", lambda found: "_" if found[0] == " " else f"-{ord(found[0]):x}", doctype)


def reference(doctype: str) -> Schema:
    """Give the reference to a DocType's schema."""
    return {"$ref": f"#/components/schemas/{schema_name(doctype)}"}


def document_schema(meta: Meta, hidden: Callable[[DocField], bool] = lambda _field: False) -> Schema:
    """Give the schema of a DocType's documents without the fields that are `hidden`."""
    properties: dict[str, Schema] = {key: dict(value) for key, value in STANDARD.items()}
    if meta.istable:
        properties.update({key: dict(value) for key, value in ROW_STANDARD.items()})
    for field in meta.fields:
        if field.fieldname and field.fieldtype not in LAYOUT_TYPES and not hidden(field):
            properties[field.fieldname] = field_schema(field)
    schema: Schema = {"type": "object", "title": meta.name, "properties": properties}
    if meta.get("description"):
        schema["description"] = str(meta.description)
    return schema


def field_schema(field: DocField) -> Schema:
    """Give the schema of one field's values."""
    schema = _value_schema(field)
    schema["title"] = str(field.get("label") or field.fieldname)
    description = "; ".join(filter(None, (schema.get("description"), str(field.get("description") or ""))))
    if description:
        schema["description"] = description
    if field.get("read_only") or field.get("is_virtual"):
        schema["readOnly"] = True
    return schema


def _value_schema(field: DocField) -> Schema:
    kind = str(field.fieldtype)
    if kind in TABLE_TYPES:
        return {"type": "array", "items": reference(str(field.options))}
    if kind in _STRUCTURED:
        return {}
    if kind in _NUMBERS:
        return _number(field, kind)
    if kind in _TEXTS:
        return dict(_TEXTS[kind])
    schema: Schema = {"type": ["string", "null"]}
    length = _longest(field, kind)
    if length:
        schema["maxLength"] = length
    if kind == "Link":
        schema["x-frappe-link"] = str(field.options)
    elif kind == "Dynamic Link":
        schema["x-frappe-link-field"] = str(field.options)
    elif kind == "Select" and field.fieldname != "naming_series":
        _add_choices(schema, str(field.options or ""))
    return schema


def _number(field: DocField, kind: str) -> Schema:
    schema = dict(_NUMBERS[kind])
    if kind == "Int" and int(field.get("length") or 0) > 11:
        schema = dict(_NUMBERS["Long Int"])
    if field.get("non_negative"):
        schema["minimum"] = 0
    return schema


def _longest(field: DocField, kind: str) -> int | None:
    """The number of characters a field holds, None for long texts."""
    stored = column_type(kind, int(field.get("length") or 0))
    if stored is None or not stored.mariadb.startswith("varchar"):
        return None
    return min(int(field.get("length") or VARCHAR_LENGTH), 1000)


def _add_choices(schema: Schema, options: str) -> None:
    choices = [line.strip() for line in options.split("\n")]
    if any(choices):
        schema["enum"] = [*dict.fromkeys((*choices, "")), None]


def needed_fields(meta: Meta) -> list[str]:
    """Give the fields a new document needs from its maker: mandatory ones that nothing else fills."""
    return [field.fieldname for field in meta.fields if _is_needed(field)]


def _is_needed(field: DocField) -> bool:
    filled = ("default", "fetch_from", "read_only", "is_virtual", "hidden")
    return bool(field.get("reqd")) and not any(field.get(key) for key in filled)


def row_doctypes(metas: Iterable[Meta]) -> list[str]:
    """Give the DocTypes of the rows in the tables of `metas`."""
    return list(dict.fromkeys(str(field.options) for meta in metas for field in meta.table_fields))
