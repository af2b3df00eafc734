"""Where modules lie, and documents that live in their files."""

from __future__ import annotations

from typing import Any

from frappe_engine.documents.controllers import load_doctype_module as load
from frappe_engine.documents.controllers import module_app, module_of

import frappe
from frappe import get_module_path, reload_doc, scrub

__all__ = [
    "export_doc",
    "get_doctype_module",
    "get_module_app",
    "get_module_path",
    "load_doctype_module",
    "reload_doc",
    "scrub",
]


def get_module_app(module: str) -> str:
    """Give the app a module belongs to."""
    return module_app(module)


def get_doctype_module(doctype: str) -> str:
    """Give the module a DocType belongs to."""
    return module_of(doctype)


def load_doctype_module(doctype: str, module: str | None = None, prefix: str = "", suffix: str = "") -> Any:
    """Give the Python module of a DocType; with `prefix` and `suffix` one beside it, e.g. `suffix="_dashboard"`."""
    if not prefix and not suffix:
        return load(doctype)
    name = scrub(doctype)
    path = f"{module_app(module or module_of(doctype))}.{scrub(module or module_of(doctype))}.doctype.{name}"
    return frappe.get_module(f"{path}.{prefix}{name}{suffix}")


def export_doc(doctype: str, name: str, module: str | None = None) -> None:
    """Write a document into its module's folder."""
    from frappe_engine.documents.exporting import export_document  # developers alone need it

    export_document(frappe.get_doc(doctype, name), module)
