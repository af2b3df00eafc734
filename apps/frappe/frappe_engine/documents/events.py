"""Running the events of a document: controller first, then what apps and the site hook to it.

Order for each event: the controller's method; `doc_events` of apps for this DocType, then for "*"; server scripts,
notifications, webhooks and the like, which higher layers register as the provider `document_event`.

Invariant: an event nobody listens to costs one dictionary look-up.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.context.local import providers
from frappe_engine.documents.plans import EVENTS_OF_OTHERS, get_plan
from frappe_engine.kit.attrdict import _dict


def run_event(document: Any, event: str, *args: Any, **kwargs: Any) -> Any:
    """Run an event and give what its listeners returned (dicts merged, the first value otherwise)."""
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
    return result


def _merge(result: Any, answer: Any) -> Any:
    if isinstance(answer, dict):
        merged = _dict(result) if isinstance(result, dict) else _dict()
        merged.update(answer)
        return merged
    return answer if result is None else result
