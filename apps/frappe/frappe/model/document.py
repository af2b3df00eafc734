"""Documents."""

from __future__ import annotations

from typing import Any

from frappe_engine.documents.base import BaseDocument
from frappe_engine.documents.controllers import get_controller
from frappe_engine.documents.document import (
    Document,
    bulk_insert,
    get_doc,
    get_lazy_doc,
    read_only_document,
)

__all__ = [
    "BaseDocument",
    "Document",
    "bulk_insert",
    "execute_action",
    "get_controller",
    "get_doc",
    "get_lazy_doc",
    "read_only_document",
    "run_webhooks",
]


def execute_action(doctype: str, name: Any, action: str, arguments: dict[str, Any] | None = None) -> None:
    """Call a method of a locked document; what a worker does for `Document.queue_action`."""
    from frappe_engine.documents.background import execute_action as execute  # only workers need it

    execute(doctype, name, action, arguments)


def run_webhooks(doc: Any, method: str) -> None:
    """Have the webhooks called that wait for an event of a document, after the commit."""
    from frappe.integrations.doctype.webhook.webhook import run_webhooks as run  # only where webhooks are asked for

    run(doc, method)
