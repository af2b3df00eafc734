"""Reading documents from the files of modules."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from frappe_engine.documents import sync

import frappe

calculate_hash = sync.file_hash


def import_file_by_path(
    path: str, force: bool = False, data_import: bool = False, pre_process: object = None, ignore_version: bool = True,
    reset_permissions: bool = False,
) -> bool:  # fmt: skip
    """Store the documents of a JSON file, where they are newer (or `force`); tell whether there was something to do."""
    return sync.import_file(path, force=force, ignore_version=ignore_version, reset_permissions=reset_permissions)


def get_file_path(module: str, dt: str, dn: str) -> str:
    """Give the path of a standard document's file."""
    kind, name = frappe.scrub(dt), frappe.scrub(dn)
    return os.path.join(frappe.get_module_path(module), kind, name, f"{name}.json")


def import_file(module: str, dt: str, dn: str, force: bool = False, **options: Any) -> bool:
    """Store one standard document from its file, where that is newer (or `force`); tell whether it was."""
    return import_file_by_path(get_file_path(module, dt, dn), force=force, **options)


def import_files(module: Any, dt: Any = None, dn: Any = None, force: bool = False, **options: Any) -> Any:
    """Store one standard document, or several given as triples of module, kind and name; tell what had to be done."""
    if isinstance(module, list):
        return [import_file(*triple, force=force, **options) for triple in module]
    return import_file(module, dt, dn, force=force, **options)


def read_doc_from_file(path: str) -> Any:
    """Give what a document's JSON file holds, None where it is empty. Raises `OSError` when it is not there."""
    with open(path, encoding="utf-8") as file:
        content = file.read()
    return json.loads(content) if content.strip() else None


def import_doc(docdict: Mapping[str, Any], data_import: bool = False, pre_process: Any = None, **_options: Any) -> Any:
    """Store a standard document given as a dict in place of the one that is there; give the stored one."""
    if pre_process:
        pre_process(frappe._dict(docdict))
    if docdict.get("doctype") == "DocType":
        sync.write_doctypes({str(docdict["name"]): (docdict, "")})
        sync.update_table(str(docdict["name"]))
    else:
        sync.import_document(docdict, force=True)
    return frappe.get_doc(str(docdict["doctype"]), str(docdict["name"]))


def update_modified(original_modified: Any, doc: Mapping[str, Any]) -> None:
    """Give a stored document the date that its file says."""
    doctype, name = str(doc["doctype"]), doc.get("name")
    target = None if frappe.get_meta(doctype).issingle else name
    frappe.db.set_value(doctype, target, "modified", original_modified, update_modified=False)
