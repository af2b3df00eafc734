"""Running the events of a document: controller first, then what apps and the site hook to it.

Order for each event: the controller's method; `doc_events` of apps for this DocType, then for "*"; server scripts,
notifications, webhooks and the like, which higher layers register as the provider `document_event`.

Invariant: an event nobody listens to costs one look-up, once that is known.
"""

from __future__ import annotations

from typing import Any

from collections.abc import Mapping

from frappe_engine.context.local import _current, current, providers
from frappe_engine.documents.plans import EVENTS_OF_OTHERS, get_plan
from frappe_engine.kit.attrdict import _dict


def run_event(document: Any, event: str, *args: Any, **kwargs: Any) -> Any:
    """Run an event and give what its listeners returned (dicts merged, the first value otherwise)."""
    own = document.__dict__
    try:
        if (own["doctype"], type(document), event) in _current.get().definitions.quiet and event not in own:
            return None
    except (LookupError, AttributeError):  # nothing is known here yet
        pass
    return _run(document, event, args, kwargs)


def _run(document: Any, event: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    result = None
    plan = get_plan(document.doctype)
    wanted = plan.event_handlers.get((type(document), event))
    if wanted is None:
        wanted = plan.wants(type(document), event)
    if wanted or event in document.__dict__:
        own = getattr(document, event, None)
        if own is not None and callable(own):
            result = own(*args, **kwargs)
        for handler in plan.doc_events.get(event, ()):
            answer = handler(document, event, *args, **kwargs)
            result = _merge(result, answer)
    others = providers._providers.get(EVENTS_OF_OTHERS)
    if others is not None:
        others(document, event)
    if not wanted:
        _note_quiet(document, event)
    return result


def _note_quiet(document: Any, event: str) -> None:
    """Note that no listener is known for an event that the DocType's own class and apps leave alone."""
    definitions, doctype = current().get("definitions"), document.__dict__["doctype"]
    if definitions is None or doctype not in definitions.plans:
        return
    known = definitions.listeners.get(doctype)
    if known is not None and not known.get(event):
        definitions.quiet.add((doctype, type(document), event))


def _merge(result: Any, answer: Any) -> Any:
    if isinstance(answer, dict):
        merged = _dict(result) if isinstance(result, dict) else _dict()
        merged.update(answer)
        return merged
    return answer if result is None else result
