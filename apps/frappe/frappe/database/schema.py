"""How fields become columns."""

from __future__ import annotations

import re
from typing import Any

from frappe_engine.kit import columns

import frappe
from frappe import _

_BAD = re.compile(r"[^a-zA-Z0-9_]")


class InvalidColumnName(frappe.ValidationError):
    """A name that no column can have."""


def validate_column_name(n: str) -> str:
    """Give a name that a column can have. Raises `InvalidColumnName`."""
    if special := _BAD.findall(n):
        frappe.throw(
            _("Fieldname {0} cannot have special characters like {1}").format(frappe.bold(n), " ".join(special)),
            InvalidColumnName,
        )
    return n


def get_definition(fieldtype: str, precision: Any = None, length: Any = None, *, options: Any = None) -> str | None:
    """Give the type of the column of a field as the site's database writes it, None for fields without a column."""
    if fieldtype in columns.NO_COLUMN:
        return None
    found = columns.column_type(fieldtype, frappe.utils.cint(length))
    if found is None:
        return None
    return found.sqlite if frappe.db.is_sqlite else found.mariadb
