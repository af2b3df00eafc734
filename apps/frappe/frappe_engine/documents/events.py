"""Running the events of a document: controller first, then what apps and the site hook to it.

Order for each event: the controller's method; `doc_events` of apps for this DocType, then for "*"; server scripts,
notifications, webhooks and the like, which higher layers register as the provider `document_event`.

Invariant: an event nobody listens to costs one look-up, once that is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from frappe_engine.context.local import _current, current, providers
from frappe_engine.documents.plans import EVENTS_OF_OTHERS, get_plan
from frappe_engine.kit.attrdict import _dict


def run_event(self: Any, method: str, *args: Any, **kwargs: Any) -> Any:
    """Run an event (or a method) of a document with everything hooked to it.

    Gives what its listeners returned: dicts merged, the first value otherwise. It is the method `run_method` of documents.
    """
    own = self.__dict__
    try:
        if (own["doctype"], type(self), method) in _current.get().definitions.quiet and method not in own:
            return None
    except (LookupError, AttributeError):  # nothing is known here yet
        pass
    return _run(self, method, args, kwargs)


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
    if _others_may_listen(document, event):
        others = providers._providers.get(EVENTS_OF_OTHERS)
        if others is not None:
            others(document, event)
    elif not wanted:
        _note_quiet(document, event)
    return result


def _others_may_listen(document: Any, event: str) -> bool:
    """Tell whether something beside the DocType's class and apps listens to an event, or nobody has asked yet."""
    definitions = current().__dict__.get("definitions")
    heard = definitions.listeners.get(document.__dict__["doctype"]) if definitions is not None else None
    return heard is None or event in heard


def _note_quiet(document: Any, event: str) -> None:
    definitions, doctype = current().__dict__.get("definitions"), document.__dict__["doctype"]
    if definitions is not None and doctype in definitions.plans:
        definitions.quiet.add((doctype, type(document), event))


def _merge(result: Any, answer: Any) -> Any:
    if isinstance(answer, dict):
        merged = _dict(result) if isinstance(result, dict) else _dict()
        merged.update(answer)
        return merged
    return answer if result is None else result
