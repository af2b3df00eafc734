"""DocTypes made for a test, without files: on `own_site`, or on a site that a module of tests shares.

Invariant: what is made is an ordinary custom DocType with its table; on MariaDB making one commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from frappe_engine.documents.metas import get_meta, update_table
from frappe_engine.documents.sync import write_doctypes
from frappe_engine.schema.meta import Meta

EVERYTHING = dict.fromkeys(
    ("read", "write", "create", "delete", "submit", "cancel", "amend", "print", "email", "report", "import", "export", "share"),
    1,
)  # fmt: skip


def field(fieldname: str, fieldtype: str = "Data", options: str | None = None, **attributes: Any) -> dict[str, Any]:
    """Give a field of a DocType; its label is its name with capitals unless `attributes` say otherwise."""
    label = fieldname.replace("_", " ").title()
    return {"fieldname": fieldname, "fieldtype": fieldtype, "options": options, "label": label, **attributes}


def make_doctype(
    name: str,
    fields: Iterable[Mapping[str, Any]] = (),
    *,
    permissions: Iterable[Mapping[str, Any]] | None = None,
    **attributes: Any,
) -> Meta:
    """Make (or change) a DocType on the present site and give it compiled.

    `permissions` are rows like {"role": …, "read": 1}; without them System Manager may do everything.
    """
    rows = [{"role": "System Manager", **EVERYTHING}] if permissions is None else list(permissions)
    definition = {
        "name": name,
        "module": "Core",
        "custom": 1,
        "sort_field": "modified",
        "sort_order": "DESC",
        **attributes,
        "fields": [dict(row) for row in fields],
        "permissions": rows,
    }
    write_doctypes({name: (definition, "")})
    update_table(name)
    return get_meta(name)
