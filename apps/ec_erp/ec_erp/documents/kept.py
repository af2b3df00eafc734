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
_STATE, _SEEN = "ec_erp_kept_state", "ec_erp_kept_seen"
_known: dict[tuple[str, str], tuple[str, Any]] = {}  # by site and kind: the state at which it was loaded, and what was


def keep(kind: str, load: Callable[[], Facts]) -> Facts:
    """Return what ``load`` gives, from memory where nothing of the kinds kept here has changed."""
    if kind in frappe.flags.get(_CHANGED, ()):
        return load()
    state, place = _state(), (frappe.local.site, kind)
    known = _known.get(place)
    if known is None or known[0] != state:
        known = _known[place] = (state, load())
    return cast(Facts, known[1])


def _state() -> str:
    """Return the word for how the rows of all kinds are, which all processes share: one look for each transaction."""
    seen: tuple[str, float] | None = frappe.flags.get(_SEEN)
    if seen is None or seen[1] < monotonic() - LONGEST_S:
        seen = frappe.flags[_SEEN] = (frappe.cache.get_value(_STATE, expires=True) or _new_state(), monotonic())
        frappe.db.after_commit.add(_look_again)
        frappe.db.after_rollback.add(_look_again)
    return seen[0]


def _new_state() -> str:
    word = str(frappe.generate_hash(length=12))
    frappe.cache.set_value(_STATE, word, expires_in_sec=LONGEST_S)
    return word


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
        frappe.cache.delete_value(_STATE)
        changed.discard(kind)

    frappe.db.after_commit.add(drop)
    frappe.db.after_rollback.add(drop)
