"""Small helpers around documents."""

from __future__ import annotations

import json
import re
from typing import Any

import frappe

STANDARD_FIELD_CONVERSION_MAP = {
    "name": "Link",
    "owner": "Data",
    "idx": "Int",
    "creation": "Datetime",
    "modified": "Datetime",
    "modified_by": "Data",
    "_user_tags": "Data",
    "_liked_by": "Data",
    "_comments": "Text",
    "_assign": "Text",
    "docstatus": "Int",
}
INCLUDE = re.compile(r"""\{%\s*include\s+['"]([^'"]+)['"]\s*%\}""")


def get_fetch_values(doctype: str, fieldname: str, value: Any) -> dict[str, Any]:
    """Give what a document fetches through a link field when it holds `value`."""
    meta = frappe.get_meta(doctype)
    field = meta.get_field(fieldname)
    sources = {
        item.fieldname: item.fetch_from.split(".", 1)[-1].strip() for item in meta.get_fields_to_fetch(fieldname)
    }
    if field is None or not value:
        return dict.fromkeys(sources)
    wanted = list(dict.fromkeys(sources.values()))
    found = frappe.db.get_value(field.options, value, wanted, as_dict=True) if wanted else None
    return {name: (found or {}).get(source) for name, source in sources.items()}


def is_virtual_doctype(doctype: str) -> bool:
    """Tell whether a DocType keeps its documents elsewhere."""
    return bool(frappe.get_meta(doctype).is_virtual)


def set_default(doc: Any, key: str) -> None:
    """Let a document be the only default of those with the same `key`."""
    if doc.get("is_default"):
        frappe.db.set_value(doc.doctype, {key: doc.get(key), "name": ["!=", doc.name]}, "is_default", 0)


def set_field_property(filters: Any, key: str, value: Any) -> None:
    """Set a property of the fields that fit `filters`, in their DocTypes' definitions."""
    docs = {row.parent for row in frappe.get_all("DocField", filters=filters, fields=["parent"])}
    for doctype in docs:
        definition = frappe.get_doc("DocType", doctype)
        for field in definition.get("fields", filters):
            field.set(key, value)
        definition.save()


def simple_singularize(word: str) -> str:
    """Give a word without the "s" of its plural."""
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def render_include(content: str) -> str:
    """Replace `{% include "app/path" %}` in scripts by the files' content."""

    def read(match: re.Match[str]) -> str:
        app, _separator, path = match.group(1).partition("/")
        return frappe.read_file(frappe.get_app_path(app, *path.split("/"))) or ""

    for _depth in range(5):
        replaced = INCLUDE.sub(read, content)
        if replaced == content:
            break
        content = replaced
    return content


def parse_filters(filters: Any) -> Any:
    """Give filters that may be JSON text as what they stand for."""
    return json.loads(filters) if isinstance(filters, str) and filters[:1] in "[{" else filters
