"""Sentences that are kept in the database and read by others: as templates with their values.

Invariant: what is kept names no language; whoever reads it is told in theirs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.errors import comparisons_text, text_of
from ec_erp.kernel.numbers import plain
from ec_erp.kernel.problems import Comparison, Comparisons, Problem, Words

Kept = Mapping[str, Any]
Note = str | Problem | Sequence[Problem]


def keep(text: str, values: Sequence[Any] = ()) -> dict[str, Any]:
    """Return a template and its values as JSON can hold them."""
    return {"text": text, "values": [_kept(value) for value in values]}


def _kept(value: Any) -> Any:
    if isinstance(value, Comparisons):
        return {"compared": [asdict(one) for one in value.parts]}
    if isinstance(value, Words):
        parts = [keep(part.message, part.values) if isinstance(part, Problem) else str(part) for part in value.parts]
        return {"words": parts, "joint": value.joint}
    return plain(value) if isinstance(value, Decimal) else str(value)


def tell(kept: Kept) -> str:
    """Return a kept sentence in the user's language; values that are words of the system are translated, too."""
    return str(frappe._(kept.get("text", ""))).format(*(_told(value) for value in kept.get("values", [])))


def _told(value: Any) -> str:
    if isinstance(value, dict) and "words" in value:
        told = (tell(part) if isinstance(part, dict) else str(frappe._(part)) for part in value["words"])
        return str(value.get("joint", ", ")).join(told)
    if isinstance(value, dict):
        return comparisons_text(Comparisons(tuple(Comparison(**one) for one in value.get("compared", ()))))
    return str(frappe._(value) if isinstance(value, str) and value else value)


def problems_of(note: Note) -> list[Problem]:
    """Return the sentences of a note; a text that somebody wrote has none."""
    if isinstance(note, str):
        return []
    return [note] if isinstance(note, Problem) else list(note)


def write_note(note: Note, length: int = 140, joint: str = "; ") -> tuple[str, str | None]:
    """Return a note as text in the user's language (cut to ``length``), and as JSON text for readers of other languages."""
    found = problems_of(note)
    if not found:
        return (note if isinstance(note, str) else "")[:length], None
    kept = {"why": [keep(one.message, one.values) for one in found]}
    return joint.join(text_of(one) for one in found)[:length], json.dumps(kept, ensure_ascii=False)


def read_note(text: str | None, details: Any, joint: str = "; ") -> str:
    """Return a note in the user's language: from its JSON where it has one, else the text as it was written."""
    kept = frappe.parse_json(details) if details else {}
    told = [tell(one) for one in kept.get("why", ())]
    return joint.join(told) or text or ""


def tell_problem(found: Problem) -> str:
    """Return a sentence in the user's language as ``tell`` does once it was kept."""
    return tell(keep(found.message, found.values))
