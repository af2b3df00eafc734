"""Completing a document before it has a name: who takes a number keeps all others of its series waiting until the commit.

Invariant: nobody can tell. Where an app's hook, a script or a class of another app might look at the document on the way to its
validation, where its name follows from more than its series, where a field holds what the user may not write, or where anything has changed
since, it is completed when it is validated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe

from ec_erp.documents.listeners import has_listeners
from ec_erp.documents.numbering import has_plain_name
from ec_erp.documents.per_meta import PerMeta

# What naming itself writes into a document and its rows.
_OF_NAMING = dict.fromkeys(("name", "naming_series", "parent", "parenttype", "parentfield", "idx", "flags"))
_ON_THE_WAY = ("before_insert", "before_naming", "autoname", "before_validate")

Values = list[dict[str, Any]]


def may_complete(doc: Any) -> bool:
    """Tell whether a new document may be completed before it is named: its own class asks for it and nobody else looks."""
    if not vars(type(doc)).get("completes_beforehand") or doc.flags.ignore_validate or has_listeners(doc.doctype):
        return False
    if not has_plain_name(doc) or _holds_restricted(doc):
        return False
    for_all = (frappe.get_hooks("doc_events") or {}).get("*") or {}
    return not any(event in for_all for event in _ON_THE_WAY)


def values_of(doc: Any) -> Values:
    """Return what a document and its rows hold, nothing in place of their names."""
    return [vars(part) | _OF_NAMING for part in _parts(doc)]


def _holds_restricted(doc: Any) -> bool:
    """Tell whether a field that is not everybody's holds anything: the framework may yet take it away."""
    return any(part.get(field) for part in _parts(doc) for field in _restricted.of(part.doctype))


def _parts(doc: Any) -> Sequence[Any]:
    return (doc, *doc.get_all_children())


_restricted = PerMeta(lambda meta: [field.fieldname for field in meta.fields if field.permlevel])
