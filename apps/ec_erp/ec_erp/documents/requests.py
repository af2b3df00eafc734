"""What callers send to the product's functions: names, figures and moments, as values or as their JSON.

Invariant: anything else is refused with ``frappe.ValidationError`` before a document is touched.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import frappe
from frappe import _

from ec_erp.documents.errors import NotANumberError, refuse_with
from ec_erp.kernel.numbers import decimal_of, is_number
from ec_erp.kernel.problems import N_, problem, words
from ec_erp.kernel.times import moment_of


def names_in(value: Any) -> list[str]:
    """Return the different names in ``value``: a list, its JSON, or one name; none for nothing."""
    found = _read(value, "[") if isinstance(value, str) else value
    if found is None or found == "":
        return []
    if isinstance(found, (str, int)) and not isinstance(found, bool):
        return [str(found)]
    if isinstance(found, (list, tuple)) and all(isinstance(name, (str, int)) for name in found):
        return list(dict.fromkeys(str(name) for name in found))
    frappe.throw(_("Expected a list of names"))


def figures_in(value: Any) -> dict[str, Any]:
    """Return the object ``value`` is, or is the JSON of; an empty one for nothing."""
    found = _read(value, "{") if isinstance(value, str) else value
    if found is None or found == "":
        return {}
    if isinstance(found, dict):
        return dict(found)
    frappe.throw(_("Expected an object of names and values"))


def number_in(value: Any, name: str) -> Decimal:
    """Return a figure exactly, zero for nothing. Raises ``NotANumberError`` with the ``name`` of what must be a number."""
    if not is_number(value):
        refuse_with([problem(N_("{0} must be a number, not {1}"), words(name), value)], NotANumberError)
    return decimal_of(value)


def numbers_in(value: Any, name: str) -> dict[str, Decimal]:
    """Return the figures by their keys, as ``figures_in`` reads them and ``number_in`` each one."""
    return {key: number_in(figure, name) for key, figure in figures_in(value).items()}


def moment_in(value: Any, name: str) -> datetime:
    """Return a moment from a date, a datetime or text. Raises ``frappe.ValidationError`` with the ``name`` of what must be one."""
    try:
        return moment_of(frappe.utils.get_datetime(value))
    except (ValueError, TypeError, OverflowError):
        frappe.throw(_("{0} must be a date, not {1}").format(_(name), str(value)[:140]))


def day_in(value: Any, name: str) -> date:
    """Return a day; see ``moment_in``."""
    return moment_in(value, name).date()


def rows_in(value: Any) -> list[dict[str, Any]]:
    """Return the rows ``value`` is, or is the JSON of; none for nothing."""
    found = _read(value, "[") if isinstance(value, str) else value
    if found is None or found == "":
        return []
    if isinstance(found, (list, tuple)) and all(isinstance(row, dict) for row in found):
        return list(found)
    frappe.throw(_("Expected a list of rows"))


def _read(text: str, opening: str) -> Any:
    if not text.strip().startswith(opening):
        return text
    try:
        return frappe.parse_json(text)
    except ValueError:
        frappe.throw(_("This is not valid JSON: {0}").format(text[:140]))
