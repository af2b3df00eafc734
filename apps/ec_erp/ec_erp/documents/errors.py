"""Turning problems (values) into errors (messages in the user's language).

Invariant: what a user typed is escaped before it becomes part of a message.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NoReturn
from urllib.parse import quote, urlencode

import frappe
from frappe import _
from frappe.utils import escape_html

from ec_erp.kernel.numbers import plain
from ec_erp.kernel.problems import Comparison, Comparisons, Linked, Problem, Words

_CARRIED = "problems"


class DocumentRefused(frappe.ValidationError):
    """A document breaks a rule of the business; the message says which and what to do."""


class WrongCurrency(DocumentRefused):
    """A document's currency is not the one of its company."""


class NotANumberError(DocumentRefused):
    """A number field holds text."""


class EventTooLate(DocumentRefused):
    """A document says that it happened in the future."""


class SubmittedOnce(DocumentRefused):
    """Somebody tries to delete or rename a document that ledgers may name."""


class SetupMissing(DocumentRefused):
    """Something that an administrator sets up once is not there yet."""


def refuse(problems: Iterable[Problem], error: type[Exception] = DocumentRefused) -> None:
    """Raise ``error`` with all problems, one per line; do nothing where there are none."""
    found = list(problems)
    if found:
        refuse_with(found, error)


def refuse_with(problems: Sequence[Problem], error: type[Exception]) -> NoReturn:
    """Raise ``error`` with the problems' messages in the user's language; ``problems_in`` finds them in it again."""
    try:
        frappe.throw("<br>".join(text_of(problem) for problem in problems), error)
    except error as refused:
        vars(refused)[_CARRIED] = tuple(problems)
        raise
    raise AssertionError("frappe.throw returned")


def problems_in(refused: Exception) -> tuple[Problem, ...]:
    """Return the problems that an error was raised with; none where the framework raised it."""
    return tuple(vars(refused).get(_CARRIED, ()))


def text_of(problem: Problem) -> str:
    """Return a problem's message in the user's language, its values escaped."""
    return str(_(problem.message).format(*(_part(value) for value in problem.values)))


def _part(value: object) -> str:
    if isinstance(value, Linked):
        address = f"/app/{frappe.scrub(value.doctype).replace('_', '-')}?{urlencode(value.filters, quote_via=quote)}"
        return f'<a href="{escape_html(address)}">{_part(value.text)}</a>'
    if isinstance(value, Words):
        told = (text_of(part) if isinstance(part, Problem) else escape_html(_(part)) for part in value.parts)
        return value.joint.join(told)
    return str(escape_html(_shown(value)))


def _shown(value: object) -> str:
    if isinstance(value, Comparisons):
        return comparisons_text(value)
    return plain(value) if isinstance(value, Decimal) else str(value)


def comparisons_text(found: Comparisons) -> str:
    """Return comparisons in the user's language: label, operator, value, and in brackets what was seen."""
    return "; ".join(_compared(one) for one in found.parts) or "–"


def _compared(one: Comparison) -> str:
    label = one.label
    if one.doctype:
        label = one.doctype if one.field == "name" else (frappe.get_meta(one.doctype).get_label(one.field) or one.field)
    said = " ".join(filter(None, (_(label), _(one.operator), _(one.value) if one.value else "")))
    return f"{said} ({_(one.actual) if one.actual else ''})"
