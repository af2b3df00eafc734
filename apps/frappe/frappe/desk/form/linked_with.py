"""Documents that link to a document."""

from __future__ import annotations

from typing import Any

from frappe_engine.desk.connections import cancel_all_linked_docs, get_linked_doctypes, get_submitted_linked_docs
from frappe_engine.desk.connections import get_linked_docs as get
from frappe_engine.desk.connections import get_linked_docs as get_linked_docs

__all__ = [
    "cancel_all_linked_docs",
    "get",
    "get_linked_docs",
    "get_linked_doctypes",
    "get_linked_fields",
    "get_submitted_linked_docs",
]


def get_linked_fields(doctype: str, without_ignore_user_permissions_enabled: bool = False) -> dict[str, Any]:
    """Give the DocTypes with links to a DocType: `fieldname` (a list), `child_doctype` for links in rows."""
    found: dict[str, Any] = get_linked_doctypes(doctype)
    return found
