"""Events of a document, who is told of a change, and its locks.

Invariant: an event of a document runs with everything hooked to it; a lock is held by one process.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, NoReturn

from frappe_engine.context.errors import DocumentLockedError
from frappe_engine.context.local import current, providers
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.database.database import process_cache_of
from frappe_engine.documents.base import session_user
from frappe_engine.documents.events import run_event
from frappe_engine.documents.life.forgetting import begin_with_document, forget_document
from frappe_engine.documents.life.rights import Rights
from frappe_engine.documents.plans import get_plan
from frappe_engine.documents.versions import keep_version


class Happenings(Rights):
    """A document that runs events, tells who watches it, and can be locked."""

    # events

    run_method = run_event

    def run_trigger(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Run an event; same as `run_method`."""
        return self.run_method(method, *args, **kwargs)

    @staticmethod
    def hook(function: Callable[..., Any]) -> Callable[..., Any]:
        """Let `doc_events` of apps run after a method of that name."""

        def composed(self: Any, *args: Any, **kwargs: Any) -> Any:
            result = function(self, *args, **kwargs)
            for handler in get_plan(self.doctype).doc_events.get(function.__name__, ()):
                handler(self, function.__name__, *args, **kwargs)
            return result

        return composed

    # caches and notices

    def clear_cache(self) -> None:
        """Let every process read this document anew."""
        if self.__dict__.pop("_made_now", False):
            begin_with_document(self.doctype, self.name)
        else:
            forget_document(self.doctype, self.name)

    def notify_update(self) -> None:
        """Tell who watches this document or its list that it changed."""
        if not current().flags.get("in_migrate"):
            providers("document_saved", self)

    def save_version(self) -> None:
        """Keep what this save changed, where the DocType tracks changes."""
        if get_plan(self.doctype).meta.track_changes and not self.flags.get("ignore_version"):
            keep_version(self)

    # locks

    def get_signature(self) -> str:
        """Give a name for this document's lock."""
        return hashlib.sha224(f"{self.doctype}:{self.name}".encode(), usedforsecurity=False).hexdigest()

    def lock(self, timeout: int | None = None) -> None:
        """Lock the document for other processes. Raises `DocumentLockedError` when it is locked."""
        cache = process_cache_of(current()).shared
        if not cache.set(f"document_lock|{self.get_signature()}", session_user(), ex=timeout or 3600, nx=True):
            self._refuse_locked()
        current().__dict__.setdefault("locked_documents", []).append(self)

    def unlock(self) -> None:
        """Free the document for other processes."""
        process_cache_of(current()).shared.delete_value(f"document_lock|{self.get_signature()}")

    @property
    def is_locked(self) -> bool:
        """Tell whether a process holds the document."""
        return bool(process_cache_of(current()).shared.exists(f"document_lock|{self.get_signature()}"))

    def check_if_locked(self) -> None:
        """Raise `DocumentLockedError` when a process holds the document."""
        if self.is_locked:
            self._refuse_locked()

    def _refuse_locked(self) -> NoReturn:
        throw(
            _("{0} {1} is locked by a background job").format(_(self.doctype), self.name),
            DocumentLockedError,
            title=_("Document Queued"),
        )
