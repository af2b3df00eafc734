"""Definitions of DocTypes as forms get them, scripts included."""

from __future__ import annotations

from typing import Any

from frappe_engine.desk.metas import described
from frappe_engine.desk.scripts import script_text

import frappe

KINDS = {"__js": "form", "__list_js": "list", "__tree_js": "tree", "__calendar_js": "calendar"}


def get_meta(doctype: str, cached: bool = True) -> Any:
    """Give a DocType with its scripts: `__js` (form), `__list_js`, `__tree_js`, `__calendar_js`."""
    meta = frappe.get_meta(doctype)
    found = frappe._dict(described(meta))
    for key, kind in KINDS.items():
        found[key] = script_text(meta, kind)
    return found
