"""Checks that every document of ours goes through before its own rules: nothing missing, numbers are numbers.

Invariant: rules that come after may read every mandatory field and every number without guarding.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe

from ec_erp.documents.errors import NotANumberError, refuse
from ec_erp.documents.per_meta import PerMeta
from ec_erp.kernel.numbers import NotANumber, is_number
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.kernel.quantity import quantity_of

NUMBER_FIELDS = ("Currency", "Float", "Percent", "Int")
_PLAIN = {int, float, type(None)}
_SAFE = 1e15  # whole numbers below it have no more digits than are kept


def refuse_missing(doc: Any) -> None:
    """Raise ``frappe.MandatoryError`` naming every mandatory field that is empty, rows of child tables included."""
    if not doc.flags.ignore_mandatory:
        refuse(list(_missing(doc)), frappe.MandatoryError)


def refuse_text_in_numbers(doc: Any) -> None:
    """Raise ``NotANumberError`` naming every number field that holds something else."""
    refuse(list(_not_numbers(doc)), NotANumberError)


def _missing(doc: Any) -> Iterator[Problem]:
    for part in (doc, *doc.get_all_children()):
        values = vars(part)
        for name, field in _mandatory.of(part.doctype):
            value = values.get(name)
            value = part.get(name) if value is None else value
            if value is None or value == [] or not str(value).strip():
                yield _about(part, field, N_("{0} is missing"), N_("Row {0}: {1} is missing"))


def _not_numbers(doc: Any) -> Iterator[Problem]:
    for part in (doc, *doc.get_all_children()):
        values = vars(part)  # where documents keep their values: a hundred of them are looked at per order
        numbers = _numbers.of(part.doctype)
        given = [*map(values.get, numbers)]
        if {*map(type, given)} <= _PLAIN and not any(
            [value % 1 or abs(value) >= _SAFE for value in filter(None, given)]
        ):
            continue  # whole numbers that are kept as they are, and nothing
        for field, value in zip(numbers.values(), given, strict=True):
            if value is not None and value != 0:
                yield from _number_problems(part, field, value)


def _number_problems(part: Any, field: Any, value: object) -> Iterator[Problem]:
    if not is_number(value):
        message = N_("{0} must be a number, not {1}"), N_("Row {0}: {1} must be a number, not {2}")
        yield _about(part, field, *message, value)
    elif field.fieldtype == "Float" and not _is_quantity(value):
        message = (
            N_("{0} has more digits than can be kept: {1}"),
            N_("Row {0}: {1} has more digits than can be kept: {2}"),
        )
        yield _about(part, field, *message, value)


def _mandatory_fields(meta: Any) -> list[tuple[str, Any]]:
    return [(field.fieldname, field) for field in meta.fields if field.reqd and field.fieldtype not in NUMBER_FIELDS]


def _number_fields(meta: Any) -> dict[str, Any]:
    return {field.fieldname: field for field in meta.fields if field.fieldtype in NUMBER_FIELDS}


_mandatory, _numbers = PerMeta(_mandatory_fields), PerMeta(_number_fields)


def _about(part: Any, field: Any, message: str, message_in_row: str, *values: object) -> Problem:
    label = frappe._(field.label or field.fieldname)
    if part.get("parentfield"):
        return problem(message_in_row, part.idx, label, *values)
    return problem(message, label, *values)


def _is_quantity(value: object) -> bool:
    try:
        quantity_of(value)
    except NotANumber:
        return False
    return True
