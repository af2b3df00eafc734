"""Search across documents."""

from __future__ import annotations

from typing import Any

from frappe_engine.desk.global_search import all_searched, forget_entry, keep_entry, rebuild_for_doctype, search

import frappe

__all__ = ["delete_for_document", "rebuild", "rebuild_for_doctype", "search", "update_global_search", "web_search"]


def update_global_search(doc: Any) -> None:
    """Bring a document's entry up to date."""
    keep_entry(doc)


def delete_for_document(doc: Any) -> None:
    """Remove a document's entry."""
    forget_entry(doc.doctype, doc.name)


def rebuild() -> None:
    """Make all entries anew."""
    for doctype in all_searched():
        rebuild_for_doctype(doctype)


def reset() -> None:
    """Remove all entries."""
    frappe.db.delete("__global_search")


@frappe.whitelist(allow_guest=True)
def web_search(text: str, scope: str | None = None, start: int = 0, limit: int = 20) -> list[Any]:
    """Give published pages that hold a text; nothing is published through this search here."""
    return []
