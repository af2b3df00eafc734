"""Numbers for a set of documents taken in one block per series instead of one by one.

Invariant: the numbers are those the framework would give; a DocType whose naming an administrator has changed is left
to the framework.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe
from frappe.model.naming import parse_naming_series

from ec_erp.documents.kept import keep
from ec_erp.documents.store import load_distinct, take_numbers

BY_SERIES = "naming_series:"
_NAMING_RULE = "Document Naming Rule"
_DATE_PARTS = ("YY", "YYYY", "MM", "DD")


class NumberBlocks:
    """Names for the documents of one batch, in order, from blocks as large as the batch needs."""

    def __init__(self, docs: Sequence[Any]) -> None:
        """Plan for these documents; nothing is taken before the first name is asked for."""
        self._wanted: dict[tuple[str, str], int] = {}
        self._next: dict[str, int] = {}
        self._prefixes: dict[tuple[str, str], tuple[str, int]] = {}
        for doc in docs:
            if _is_named_by_series(doc):
                key = (doc.doctype, _series_of(doc))
                self._wanted[key] = self._wanted.get(key, 0) + 1

    def next_name(self, doc: Any) -> str | None:
        """Return the next name for the document, or None where the framework has to name it."""
        key = (doc.doctype, _series_of(doc))
        if key not in self._wanted or not _is_named_by_series(doc):
            return None
        known = self._prefixes.get(key)
        if known:
            return known[0] + self._number(*known, self._wanted[key])

        def generate(prefix: str, digits: int) -> str:
            if _is_same_for_all(key[1]):
                self._prefixes[key] = (prefix, digits)
            return self._number(prefix, digits, self._wanted[key])

        return str(parse_naming_series(key[1], doc.doctype, doc, number_generator=generate))

    def _number(self, prefix: str, digits: int, wanted: int) -> str:
        if prefix not in self._next:
            self._next[prefix] = take_numbers(prefix, wanted)
        number = self._next[prefix]
        self._next[prefix] = number + 1
        return str(number).zfill(digits)


def has_plain_name(doc: Any) -> bool:
    """Tell whether a document's name follows from its series, the date and a number alone, whatever else it holds."""
    return _is_named_by_series(doc) and _is_same_for_all(_series_of(doc)) and doc.doctype not in _named_by_rules()


def _named_by_rules() -> set[str]:
    return keep(_NAMING_RULE, lambda: load_distinct(_NAMING_RULE, "document_type", disabled=0))


def _is_same_for_all(series: str) -> bool:
    """Tell whether a series begins alike for all documents of one moment and ends with its number: text and parts of the date."""
    *parts, last = series.split(".")
    return last[:1] == "#" and all(part in _DATE_PARTS or not part.strip("{}").isidentifier() for part in parts)


def _is_named_by_series(doc: Any) -> bool:
    return bool(doc.meta.autoname == BY_SERIES and not doc.get("amended_from") and _series_of(doc))


def _series_of(doc: Any) -> str:
    """Return the document's series, else the first one that its DocType offers."""
    if doc.get("naming_series"):
        return str(doc.naming_series)
    field = frappe.get_meta(doc.doctype).get_field("naming_series")
    options = (field.default or (field.options or "").split("\n")[0]) if field else ""
    return str(options or "")
