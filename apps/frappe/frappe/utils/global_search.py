"""Search across documents."""

from __future__ import annotations

from typing import Any

from frappe_engine.desk.global_search import (
    forget_entry,
    keep_entry,
    rebuild,
    rebuild_for_doctype,
    search,
    search_pages,
)

import frappe
from frappe.utils import cint

__all__ = ["delete_for_document", "rebuild", "rebuild_for_doctype", "search", "update_global_search", "web_search"]


def update_global_search(doc: Any) -> None:
    """Bring a document's entry up to date."""
    keep_entry(doc)


def delete_for_document(doc: Any) -> None:
    """Remove a document's entry."""
    forget_entry(doc.doctype, doc.name)


def reset() -> None:
    """Remove all entries."""
    frappe.db.delete("__global_search")


@frappe.whitelist(allow_guest=True)
def web_search(text: str, scope: str | None = None, start: int = 0, limit: int = 20) -> list[Any]:
    """Give published pages (those below the path `scope`) that hold a text."""
    if not isinstance(text, str):
        return []
    return search_pages(text, max(cint(start), 0), min(cint(limit) or 20, 100), str(scope or "").strip("/"))
