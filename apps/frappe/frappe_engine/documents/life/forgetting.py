"""Letting every process read a document anew after it changed.

Invariant: what is remembered of a document (itself, its links, its settings as a Single) is forgotten together.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from frappe_engine.context.local import current, providers
from frappe_engine.database.database import process_cache_of

# Documents that other facts rest on, which the provider `document_forgotten` reads anew.
FACTS_REST_ON = frozenset({"System Settings", "User", "Role", "Has Role", "Translation"})


def forget_document(doctype: str, name: Any) -> None:
    """Let every process read a document anew; also what depends on it as settings, links and DocTypes."""
    context = current()
    text = str(name)
    known = context.__dict__.get("document_cache")
    if known:
        known.pop((doctype, text), None)
    keys = f"doc|{doctype}|{text}", f"link|{doctype}|{text.lower()}"
    process_cache_of(context).forget_exactly([*keys, f"single|{doctype}"] if text == doctype else keys)
    if context.db.value_cache:
        context.db.value_cache.clear()
    if doctype in FACTS_REST_ON and providers.has("document_forgotten"):
        providers("document_forgotten", doctype, name)


def begin_with_document(doctype: str, name: str) -> None:
    """Let this transaction alone read a document that it has just made under a name that no document ever had.

    No other process can remember it, so none has to hear of it; what rests on such documents is read anew all the same.
    """
    if doctype in FACTS_REST_ON:
        forget_document(doctype, name)
        return
    context = current()
    known = context.__dict__.get("document_cache")
    if known:
        known.pop((doctype, name), None)
    process_cache_of(context).begin_with(f"doc|{doctype}|{name}", f"link|{doctype}|{name.lower()}")
    if context.db.value_cache:
        context.db.value_cache.clear()


def forget_documents(doctype: str, names: list[Any], fields: Iterable[str] | None = None) -> None:
    """Let every process read several documents anew; `fields` are those that changed, None when any may have.

    What this transaction knows of a document as the target of links stays where no field of it changed.
    """
    context = current()
    cache = process_cache_of(context)
    if len(names) > 200:
        context.document_cache = {}
        cache.forget_kind(f"doc|{doctype}")
        cache.forget_kind(f"link|{doctype}")
        return
    known = context.__dict__.get("document_cache")
    document, link = f"doc|{doctype}|", f"link|{doctype}|"
    keys = [f"single|{doctype}"]
    for name in map(str, names):
        if known:
            known.pop((doctype, name), None)
        keys += (document + name, link + name.lower())
    own = {} if fields is None else cache.own(keys)
    unchanged = _without(fields or (), own) if own else own
    cache.forget_exactly(keys)
    if unchanged:
        cache.keep_own(unchanged)
    context.db.value_cache.clear()
    if doctype in FACTS_REST_ON and providers.has("document_forgotten"):
        for name in names:
            providers("document_forgotten", doctype, name)


def _without(fields: Iterable[str], kept: dict[str, Any]) -> dict[str, Any]:
    """Give the link targets among what is kept that hold none of the fields."""
    changed = frozenset(fields)
    return {key: facts for key, facts in kept.items() if key.startswith("link|") and changed.isdisjoint(facts)}


providers.register("documents_changed", forget_documents)
