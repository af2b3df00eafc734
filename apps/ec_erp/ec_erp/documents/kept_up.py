"""What the product itself keeps up on submitted documents: states, progress, amounts that follow from the ledgers.

Invariant: nobody changes by saving a document what only its flows may change, over REST no more than in a form.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe

from ec_erp.documents.checks import NUMBER_FIELDS
from ec_erp.documents.errors import DocumentRefused, refuse
from ec_erp.kernel.numbers import decimal_of, is_number
from ec_erp.kernel.problems import N_, problem, words

_MOMENTS = ("Date", "Datetime")
_TEXTS = ("Data", "Small Text", "Text", "Long Text", "JSON")


def refuse_kept_up(doc: Any) -> None:
    """Raise ``DocumentRefused`` where a save of a submitted document changes read-only fields, of itself or of its rows.

    Texts are put back without a word: forms show some of them in the reader's language.
    """
    before = doc.get_doc_before_save()
    if before is None:
        return
    message = N_("{0} follows from what happens and cannot be edited")
    refuse([problem(message, words(label)) for label in dict.fromkeys(_changed(doc, before))], DocumentRefused)


def _changed(doc: Any, before: Any) -> Iterator[str]:
    yield from _changed_fields(doc, before)
    for table in doc.meta.get_table_fields():
        known = {row.name: row for row in before.get(table.fieldname) or ()}
        for row in doc.get(table.fieldname) or ():
            if row.name in known:
                yield from _changed_fields(row, known[row.name])


def _changed_fields(doc: Any, before: Any) -> Iterator[str]:
    for fieldname, fieldtype, label in _fields_of(doc.doctype):
        old, new = before.get(fieldname), doc.get(fieldname)
        if fieldtype in _TEXTS:
            doc.set(fieldname, old)
        elif not is_same(fieldtype, old, new):
            yield label


def _fields_of(doctype: str) -> list[tuple[str, str, str]]:
    return [
        (field.fieldname, field.fieldtype, field.label or field.fieldname)
        for field in frappe.get_meta(doctype).fields
        if field.read_only and field.allow_on_submit and not field.get("is_custom_field")
    ]


def is_same(fieldtype: str, old: Any, new: Any) -> bool:
    """Tell whether two values of a field are the same, however they are written."""
    if fieldtype in (*NUMBER_FIELDS, "Check"):
        return is_number(new) and decimal_of(old) == decimal_of(new)
    if fieldtype in _MOMENTS and old and new:
        return bool(frappe.utils.get_datetime(old) == frappe.utils.get_datetime(new))
    return (str(old) if old else "") == (str(new) if new else "")
