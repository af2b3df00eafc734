"""What stands in the way of disabling a warehouse, a bin, a zone or a SKU: stock, open documents, and settings that name it.

Invariant: which documents count is said once, by the hooks ``ec_erp_open_documents`` (DocType → field → values of open ones, and
under ``only_for`` what they keep where that is not everything they name, under ``not_by`` the fields that keep nothing),
``ec_erp_done_of_rows`` (table → what of a row's ``qty`` is done) and ``ec_erp_held_figures`` (DocType → figures that must be zero);
which of their fields name the document follows from their definitions, custom fields included.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import frappe

from ec_erp.documents import store
from ec_erp.documents.errors import DocumentRefused, refuse
from ec_erp.kernel.problems import N_, Linked, Problem, problem, words

MOST_NAMED = 50  # documents that a link can list
_NO_CONDITIONS = ("only_for", "not_by")
_FEW = 5  # documents that a sentence can name


class StillInUse(DocumentRefused):
    """Somebody disables what holds stock, what documents still need or what settings name."""


@dataclass(frozen=True, slots=True)
class Use:
    """Documents of a kind that need another one: the newest names, at most one more than ``MOST_NAMED``."""

    doctype: str
    names: tuple[str, ...]
    message: str
    named: bool = False

    def told(self) -> Problem:
        """Return one sentence with a link to the documents."""
        shown = self.names[:MOST_NAMED]
        link = Linked(
            words(self.doctype), self.doctype, (("name", json.dumps(["in", list(shown)], ensure_ascii=False)),)
        )
        more = "+" if len(self.names) > len(shown) else ""
        few = self.named and len(self.names) <= _FEW
        return problem(self.message, link, ", ".join(shown) if few else f"{len(shown)}{more}")


def refuse_disabling(doc: Any) -> None:
    """Raise ``StillInUse`` where a document that was enabled is saved as disabled and something still needs it."""
    if is_switched_off(doc):
        refuse(problems_of_disabling(doc.doctype, doc.name), StillInUse)


def is_switched_off(doc: Any) -> bool:
    """Tell whether a stored document is disabled by this save."""
    before = doc.get_doc_before_save()
    return bool(doc.disabled and before and not before.disabled)


def problems_of_disabling(doctype: str, name: str) -> list[Problem]:
    """Return what stands in the way, each with a link, under a sentence that says what to do; nothing where nothing does."""
    found = [use.told() for use in _uses(doctype, name)]
    return under_heading(doctype, name, found)


def under_heading(doctype: str, name: str, found: Sequence[Problem]) -> list[Problem]:
    """Return sentences under one that says what they stand in the way of; nothing where there are none."""
    heading = N_("{0} {1} can't be disabled while it is needed. Finish, move or change first:")
    return [problem(heading, words(doctype), name), *found] if found else []


def _uses(doctype: str, name: str) -> Iterator[Use]:
    for holder, figures in _hook("ec_erp_held_figures").items():
        yield from _holding(holder, tuple(figures), doctype, name)
    done = _hook("ec_erp_done_of_rows")
    for other, said in _hook("ec_erp_open_documents").items():
        conditions = {field: values for field, values in said.items() if field not in _NO_CONDITIONS}
        wanted = doctype in said.get("only_for", [doctype])
        links = _links(other, doctype, said.get("not_by", ())) if wanted else {}
        names = store.load_open(other, conditions, links, name, done, MOST_NAMED + 1) if links else []
        if names:
            passing = any(field in ("status", "docstatus") for field in conditions)
            message = N_("Not finished – {0}: {1}") if passing else N_("Named by – {0}: {1}")
            yield Use(other, tuple(names), message, named=not passing)


def _holding(holder: str, figures: Sequence[str], doctype: str, name: str) -> Iterator[Use]:
    for field in _links(holder, doctype).get(holder, ()):
        names = store.load_holding(holder, field, name, figures, MOST_NAMED + 1)
        if names:
            yield Use(holder, tuple(names), N_("Goods there, promised or on the way – {0}: {1}"))


def _hook(name: str) -> Mapping[str, Any]:
    return dict(frappe.get_hooks(name) or {})


def _links(doctype: str, target: str, besides: Sequence[str] = ()) -> dict[str, list[str]]:
    """Return by which fields a DocType names another: those of its tables, or its own where no table does."""
    meta = frappe.get_meta(doctype)
    tables = [field.options for field in meta.get_table_fields()]
    found = {table: _fields_to(table, target, besides) for table in tables}
    rows = {table: fields for table, fields in found.items() if fields}
    own = _fields_to(doctype, target, besides)
    return rows or ({doctype: own} if own else {})


def _fields_to(doctype: str, target: str, besides: Sequence[str]) -> list[str]:
    fields = [field for field in frappe.get_meta(doctype).get_link_fields() if field.options == target]
    return [field.fieldname for field in fields if not field.get("is_virtual") and field.fieldname not in besides]
