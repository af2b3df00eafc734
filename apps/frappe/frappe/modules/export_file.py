"""Documents written into the files of the apps they belong to.

Invariant: a row of a document's tables is written with its own fields alone; what the site keeps of it stays there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from frappe_engine.documents import exporting
from frappe_engine.documents.controllers import module_of

import frappe
from frappe.model import default_fields

PACKAGES = ("doctype", "page", "report", "dashboard_chart_source", "notification", "web_form", "print_format")


def export_doc(doc: Any) -> None:
    """Write a document into its module's folder."""
    write_document_file(doc)


def export_to_files(
    record_list: Iterable[Sequence[str]] | None = None,
    record_module: str | None = None,
    verbose: int = 0,
    create_init: bool | None = None,
) -> None:
    """Write documents, named by DocType and name, into the folder of their module or of `record_module`.

    Nothing is written while documents are imported. A third entry of a record names its folder.
    """
    if frappe.flags.in_import:
        return
    for record in record_list or ():
        folder_name = record[2] if len(record) == 3 else None
        document = frappe.get_doc(record[0], record[1])
        path = write_document_file(document, record_module, create_init=create_init, folder_name=folder_name)
        if verbose:
            print(path)  # noqa: T201 - asked for by the caller


def write_document_file(
    doc: Any, record_module: str | None = None, create_init: bool | None = True, folder_name: str | None = None
) -> str:
    """Write one document into its module's folder, or into that of `record_module`; give the file's path.

    `create_init` makes the folders Python packages; None does so for kinds of documents that have code.
    """
    packages = frappe.scrub(doc.doctype) in PACKAGES if create_init is None else bool(create_init)
    return exporting.export_document(doc, record_module or get_module_name(doc), packages, folder_name or "")


def get_module_name(doc: Any) -> str:
    """Give the module a document belongs to: its own, or that of its DocType."""
    if doc.doctype == "Module Def":
        return str(doc.name)
    return str(doc.get("module") or module_of(doc.doctype))


def create_folder(module: str, dt: str, dn: str, create_init: bool, is_custom_module: bool = False) -> str:
    """Make the folder of a standard document in its app; give its path."""
    return exporting.make_folder(module, dt, dn, create_init)


def delete_folder(module: str, dt: str, dn: str) -> None:
    """Remove the folder of a standard document from its app."""
    exporting.remove_folder(module, dt, dn)


def strip_default_fields(doc: Any, doc_export: dict[str, Any]) -> dict[str, Any]:
    """Leave what the site keeps of rows (names, parents, dates, places) out of a document as a dict; give the dict."""
    unwanted = {*default_fields, "parent", "parentfield", "parenttype"}
    for field in doc.meta.get_table_fields():
        for row in doc_export.get(field.fieldname) or ():
            for name in unwanted.intersection(row):
                del row[name]
    return doc_export
