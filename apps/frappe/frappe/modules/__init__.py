"""Modules of apps and their files."""

from frappe.modules.utils import (
    export_doc,
    get_doctype_module,
    get_module_path,
    load_doctype_module,
    reload_doc,
    scrub,
)

__all__ = ["export_doc", "get_doctype_module", "get_module_path", "load_doctype_module", "reload_doc", "scrub"]
