"""Letting every process read a document anew after it changed.

Invariant: what is remembered of a document (itself, its links, its settings as a Single) is forgotten together.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.context.local import current, providers
from frappe_engine.database.database import process_cache_of


def forget_document(doctype: str, name: Any) -> None:
    """Let every process read a document anew; also what depends on it as settings, links and DocTypes."""
    context = current()
    known = context.get("document_cache")
    if known:
        known.pop((doctype, str(name)), None)
    process_cache_of(context).forget(
        f"doc|{doctype}|{name}", f"link|{doctype}|{str(name).lower()}", f"single|{doctype}"
    )
    if context.db.value_cache:
        context.db.value_cache.clear()
    if providers.has("document_forgotten"):
        providers("document_forgotten", doctype, name)


def forget_documents(doctype: str, names: list[Any]) -> None:
    """Let every process read several documents anew."""
    context = current()
    if len(names) > 200:
        context.document_cache = {}
        process_cache_of(context).forget_kind(f"doc|{doctype}")
        process_cache_of(context).forget_kind(f"link|{doctype}")
        return
    known = context.get("document_cache") or {}
    keys = [f"single|{doctype}"]
    for name in names:
        known.pop((doctype, str(name)), None)
        keys += (f"doc|{doctype}|{name}", f"link|{doctype}|{str(name).lower()}")
    process_cache_of(context).forget(*keys)
    context.db.value_cache.clear()
    if providers.has("document_forgotten"):
        for name in names:
            providers("document_forgotten", doctype, name)


providers.register("documents_changed", forget_documents)
