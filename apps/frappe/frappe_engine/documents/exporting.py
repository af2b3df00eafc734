"""From the site to the files of apps: standard documents written where `sync` reads them.

Invariant: files are written in developer mode alone; a file that somebody wrote by hand is never replaced, except the
JSON of the document itself.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from typing import Any

from frappe_engine.context.hooks import get_app_path
from frappe_engine.context.local import current
from frappe_engine.documents.controllers import module_app
from frappe_engine.kit.text import scrub

BOOKKEEPING = frozenset(
    {"owner", "creation", "modified", "modified_by", "docstatus", "parent", "parentfield", "parenttype", "idx", "name"}
)
LEFT_OUT = frozenset({"migration_hash", "docstatus", "_user_tags", "_comments", "_assign", "_liked_by", "_seen"})
CONTROLLER = '''"""Controller of the DocType {doctype}."""

from frappe.model.document import Document


class {class_name}(Document):
    """{description}"""
'''
SCRIPT = """// frappe.ui.form.on("{doctype}", {{
//     refresh(frm) {{}},
// }});
"""
TEST = '''"""Tests of the DocType {doctype}."""

from frappe.tests.utils import FrappeTestCase


class Test{class_name}(FrappeTestCase):
    """What {doctype} does."""
'''


def writes_files() -> bool:
    """Tell whether saved standard documents are written into the files of their apps."""
    context = current()
    flags = context.get("flags") or {}
    busy = any(
        flags.get(name) for name in ("in_import", "in_migrate", "in_install", "in_patch", "in_uninstall", "in_test")
    )
    return bool((context.get("conf") or {}).get("developer_mode")) and not busy


def as_file(document: Any) -> dict[str, Any]:
    """Give a document as its file holds it: no empty values, no bookkeeping of rows."""
    values = document.as_dict(no_nulls=True, convert_dates_to_str=True, no_private_properties=True)
    content: dict[str, Any] = {}
    for key, value in values.items():
        if key in LEFT_OUT or key.startswith("__"):
            continue
        content[key] = [_row(row) for row in value] if isinstance(value, list) else value
    if document.doctype == "DocType":
        content["field_order"] = [row["fieldname"] for row in content.get("fields", [])]
        content = {
            key: value
            for key, value in content.items()
            if value not in (None, "", 0) or key == "index_web_pages_for_search"
        }
    return content


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value
        for key, value in row.items()
        if key not in BOOKKEEPING and key != "doctype" and value not in (None, "", 0)
    }


def document_folder(document: Any, module: str | None = None) -> str:
    """Give the folder in an app where a standard document's files lie."""
    owner = module or str(document.module)
    return os.path.join(
        get_app_path(module_app(owner), scrub(owner)), scrub(document.doctype), scrub(str(document.name))
    )


def make_folder(module: str, kind: str, name: str, packages: bool = True) -> str:
    """Make the folder of a standard document in its app, with `packages` as Python packages; give its path."""
    folder = os.path.join(get_app_path(module_app(module), scrub(module)), scrub(kind), scrub(name))
    os.makedirs(folder, exist_ok=True)
    if packages:
        _touch(os.path.join(os.path.dirname(folder), "__init__.py"))
        _touch(os.path.join(folder, "__init__.py"))
    return folder


def remove_folder(module: str, kind: str, name: str) -> None:
    """Remove the folder of a standard document from its app; nothing happens where it is not there."""
    if not scrub(kind) or not scrub(name):
        raise ValueError("Both the kind and the name of a document make its folder")
    folder = os.path.join(get_app_path(module_app(module), scrub(module)), scrub(kind), scrub(name))
    shutil.rmtree(folder, ignore_errors=not os.path.isdir(folder))


def export_document(document: Any, module: str | None = None, packages: bool = True, folder_name: str = "") -> str:
    """Write a document's JSON into its app and give its path; raises `OSError` where that is not possible.

    `packages` makes the folders Python packages; `folder_name` stands for the document's name in the path.
    """
    name = folder_name or str(document.name)
    folder = make_folder(module or str(document.module), document.doctype, name, packages)
    path = os.path.join(folder, f"{scrub(name)}.json")
    text = json.dumps(as_file(document), indent=1, sort_keys=True, ensure_ascii=False, default=str)
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{text}\n")
    return path


def make_boilerplate(document: Any) -> None:
    """Write the controller, form script and test of a DocType, where there are none."""
    folder = document_folder(document)
    name = scrub(str(document.name))
    description = str(document.get("description") or document.name).strip().split("\n")[0].replace('"', "'")
    words = {
        "doctype": document.name,
        "class_name": str(document.name).replace(" ", "").replace("-", ""),
        "description": description if description.endswith(".") else f"{description}.",
    }
    _write_new(os.path.join(folder, f"{name}.py"), CONTROLLER.format(**words))
    if not document.get("istable"):
        _write_new(os.path.join(folder, f"{name}.js"), SCRIPT.format(**words))
        _write_new(os.path.join(folder, f"test_{name}.py"), TEST.format(**words))


def _touch(path: str) -> None:
    _write_new(path, "")


def _write_new(path: str, text: str) -> None:
    if not os.path.exists(path):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
