"""Small sets of rows that hardly ever change and that every posting asks for, kept between transactions for all processes.

For what cached documents do not answer: which rows of a DocType there are. Kinds are DocType names; the hooks of the app name those that
are kept here.

Invariants: the transaction that changes such a row reads its own change; transactions that begin after it is committed see it, and
whatever happens (plain SQL, a reader who was slower than the change) others do within ``LONGEST_S`` seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar, cast

import frappe

Facts = TypeVar("Facts")
LONGEST_S = 60
_CHANGED = "ec_erp_kept_changed"
_SEEN, _SINCE = "ec_erp_kept_seen", " since"


def keep(kind: str, load: Callable[[], Facts]) -> Facts:
    """Return what ``load`` gives (never None), from memory where nothing of the kind has changed."""
    if kind in frappe.flags.get(_CHANGED, ()):
        return load()
    seen = _seen()
    known = seen.get(kind)
    if known is None:
        known = seen[kind] = _from_all_processes(kind, load)
    return cast(Facts, known)


def _from_all_processes(kind: str, load: Callable[[], Any]) -> Any:
    known = frappe.cache.get_value(_key(kind), expires=True)
    if known is None:
        known = load()
        frappe.cache.set_value(_key(kind), known, expires_in_sec=LONGEST_S)
    return known


def _seen() -> dict[str, Any]:
    """Return what this transaction has looked up: it asks for the same several times, and goes by one answer."""
    seen: dict[str, Any] | None = frappe.flags.get(_SEEN)
    if seen is None or seen[_SINCE] < monotonic() - LONGEST_S:
        seen = frappe.flags[_SEEN] = {_SINCE: monotonic()}
        frappe.db.after_commit.add(_look_again)
        frappe.db.after_rollback.add(_look_again)
    return seen


def _look_again() -> None:
    frappe.flags.pop(_SEEN, None)


def forget(doc: Any, method: str | None = None, *_args: Any, **_kwargs: Any) -> None:  # noqa: ARG001  the shape of a document event
    """Read a document's kind anew: in this transaction at once, elsewhere when it is committed."""
    kind = doc.doctype
    changed = frappe.flags.setdefault(_CHANGED, set())
    if kind in changed:
        return
    changed.add(kind)

    def drop() -> None:
        frappe.cache.delete_value(_key(kind))
        changed.discard(kind)

    frappe.db.after_commit.add(drop)
    frappe.db.after_rollback.add(drop)


def _key(kind: str) -> str:
    return f"ec_erp_kept|{kind}"
