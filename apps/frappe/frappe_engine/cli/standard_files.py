"""Writing standard documents into the folders of apps, as developers and `export-doc` do.

Invariant: a file holds nothing that differs from one site to the next: no owners, no stamps of rows.
"""

from __future__ import annotations

import os
from typing import Any

from frappe_engine.context.errors import ValidationError
from frappe_engine.context.hooks import get_app_path
from frappe_engine.documents.controllers import module_app
from frappe_engine.kit.jsontext import as_json
from frappe_engine.kit.text import scrub

ROW_STAMPS = (
    "creation",
    "modified",
    "modified_by",
    "owner",
    "docstatus",
    "parent",
    "parentfield",
    "parenttype",
    "name",
    "idx",
)
CODE_FIELDS = {"Report": {"query": ".sql", "report_script": ".py"}, "Print Format": {"html": ".html"}}


def document_folder(module: str, doctype: str, name: str) -> str:
    """Give the folder of a standard document."""
    return os.path.join(get_app_path(module_app(module)), scrub(module), scrub(doctype), scrub(name))


def file_content(document: Any) -> dict[str, Any]:
    """Give what the file of a document holds: its values that are set, in the order of their names."""
    values = document.as_dict(no_nulls=True)
    kept = {key: _plain(value) for key, value in values.items() if not key.startswith("_") and value not in ("", [])}
    return dict(sorted(kept.items()))


def _plain(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return [
        {
            key: cell
            for key, cell in sorted(row.items())
            if key not in ROW_STAMPS and not key.startswith("_") and cell not in (None, "")
        }
        for row in value
    ]


def write_document(document: Any) -> str:
    """Write a document into the folder of its module; gives the path. Raises `ValidationError` when it has no module."""
    module = document.get("module") or (document.name if document.doctype == "Module Def" else None)
    if not module:
        raise ValidationError(f"{document.doctype} {document.name} belongs to no module")
    folder = document_folder(str(module), document.doctype, document.name)
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, f"{scrub(document.name)}.json")
    with open(path, "w", encoding="utf-8") as file:
        file.write(as_json(file_content(document), ensure_ascii=False) + "\n")
    for parent in (folder, os.path.dirname(folder)):
        open(os.path.join(parent, "__init__.py"), "a", encoding="utf-8").close()
    return path
