"""Telling customisations about rows that stores write themselves: ledger entries, for which no document is saved.

Invariant: a server script, notification, webhook or hook of another app that names such a DocType is run for every row of it, as for a
document that was inserted; where nobody listens nothing is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import frappe

from ec_erp.documents.store import load_listened_doctypes

_CACHE_KEY = "ec_erp_ledger_listeners"


def announce(doctype: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run ``after_insert`` for rows that were just written, where somebody listens."""
    if rows and has_listeners(doctype):
        for row in rows:
            frappe.get_doc({"doctype": doctype, **row}).run_method("after_insert")


def has_listeners(doctype: str) -> bool:
    """Tell whether an app's hooks or an administrator's documents name the DocType."""
    hooks = frappe.get_hooks("doc_events") or {}
    by_several = any(doctype in key for key in hooks if isinstance(key, tuple))
    return doctype in hooks or by_several or doctype in _named_by_documents()


def forget(doc: Any = None, method: str | None = None) -> None:  # noqa: ARG001  the shape of a document event
    """Look again who listens, because a script, notification or webhook has changed."""
    frappe.cache.delete_value(_CACHE_KEY)


def _named_by_documents() -> Iterable[str]:
    return frappe.cache.get_value(_CACHE_KEY, load_listened_doctypes) or ()
