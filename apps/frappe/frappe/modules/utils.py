"""Where modules lie, and documents that live in their files."""

from __future__ import annotations

import os
from typing import Any

from frappe_engine.documents.controllers import load_doctype_module as load
from frappe_engine.documents.controllers import module_app, module_of
from frappe_engine.documents.sync import apply_customization

import frappe
from frappe import get_module_path, reload_doc, scrub

__all__ = [
    "export_doc",
    "get_app_publisher",
    "get_doc_path",
    "get_doctype_module",
    "get_module_app",
    "get_module_path",
    "load_doctype_module",
    "reload_doc",
    "scrub",
    "sync_customizations_for_doctype",
]


def get_module_app(module: str) -> str:
    """Give the app a module belongs to."""
    return module_app(module)


def get_app_publisher(module: str) -> str:
    """Give who publishes the app of a module, as its hooks say; an empty text where they do not."""
    publishers = frappe.get_hooks("app_publisher", app_name=get_module_app(module))
    return str(publishers[0]) if publishers else ""


def get_doc_path(module: str, doctype: str, name: str) -> str:
    """Give the folder in which a standard document of a module lies."""
    return os.path.join(get_module_path(module), scrub(doctype), scrub(name))


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


def sync_customizations_for_doctype(data: Any, folder: str, filename: str = "") -> None:
    """Apply the customisations of one DocType, as its file has them: custom fields, property setters, permissions.

    `folder` and `filename` say where they come from; nothing is read there.
    """
    apply_customization(data)


def export_doc(doctype: str, name: str, module: str | None = None) -> None:
    """Write a document into its module's folder."""
    from frappe_engine.documents.exporting import export_document  # developers alone need it

    export_document(frappe.get_doc(doctype, name), module)
