"""What listens to events of documents beyond controllers and `doc_events`: scripts, notifications, rules of the site.

An app names functions in its hook `document_listeners`; each is asked once per DocType for `{event: [function]}`, and
the functions are called with (document, event). Answers are kept until `forget_listeners`, which those call who change
what they listen for. The hook `engine_providers` names functions that answer questions of lower layers (scripts that are
called over HTTP, conditions of lists, links to reset passwords, values and templates as text).

Invariant: an event nobody listens to costs one look-up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from frappe_engine.context.hooks import get_hooks, hook_function
from frappe_engine.context.local import current, providers
from frappe_engine.database.database import process_cache_of
from frappe_engine.documents.plans import EVENTS_OF_OTHERS

KIND = "listeners"
Listener = Callable[[Any, str], Any]
# question: what is answered where no app answers it
QUESTIONS: Mapping[str, Any] = {
    "build_search_index": 0,
    "submit_in_background": False,
    "second_factor_given": False,
    "second_factor_wanted": False,
    "api_script": None,
    "permission_query_script": None,
    "run_scheduled_script": None,
    "report_script": ((), ()),
    "password_reset_url": "/login",
    "workflow_docs": (),
    "format_value": "",
    "render_template": "",
}


def tell(document: Any, event: str) -> None:
    """Tell whoever listens to this event of documents of this DocType."""
    found = listeners_of(document.__dict__["doctype"]).get(event)
    if not found:
        return
    for listener in found:
        listener(document, event)


def listeners_of(doctype: str) -> Mapping[str, tuple[Listener, ...]]:
    """Give who listens to documents of a DocType, per event; nobody while a site is being made."""
    context = current()
    own = context.__dict__
    if own.get("doctype_files") or (own.get("flags") or {}).get("new_site"):
        return {}
    try:  # nearly always: asked for at every event of a document
        return own["definitions"].listeners[doctype]  # type: ignore[no-any-return]
    except (KeyError, AttributeError):
        pass
    cache = process_cache_of(context)
    generation = cache.generation
    known: Mapping[str, tuple[Listener, ...]] = cache.get_or_load(f"{KIND}|{doctype}", lambda: _ask(doctype))
    if generation == cache.generation and "definitions_changed" not in own:
        cache.definitions.listeners[doctype] = known
    return known


def _ask(doctype: str) -> dict[str, tuple[Listener, ...]]:
    found: dict[str, list[Listener]] = {}
    for path in get_hooks("document_listeners"):
        for event, listeners in hook_function(path)(doctype).items():
            found.setdefault(event, []).extend(listeners)
    return {event: tuple(listeners) for event, listeners in found.items()}


def forget_listeners(doctype: str | None = None) -> None:
    """Ask anew who listens to documents of a DocType (of all, when none is named), in every process."""
    cache = process_cache_of(current())
    if doctype:
        cache.forget(f"{KIND}|{doctype}")
    else:
        cache.forget_kind(KIND)


def _answer(question: str, default: Any) -> Callable[..., Any]:
    def answer(*given: Any, **options: Any) -> Any:
        paths = get_hooks("engine_providers", {}).get(question)
        return hook_function(paths[-1])(*given, **options) if paths else default

    return answer


providers.register(EVENTS_OF_OTHERS, tell)
for _question, _default in QUESTIONS.items():
    providers.register(_question, _answer(_question, _default))
