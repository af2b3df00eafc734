"""Names as they may stand in SQL: tables of DocTypes, and columns named from outside.

Invariant: what passes `sanitize_column` can't end an identifier and begin another statement.
"""

from __future__ import annotations

import re
from typing import Final

_COMMENT: Final = re.compile(r"--.*|#.*|/\*.*?(?:\*/|$)", re.DOTALL)
_HARMLESS: Final = re.compile(r"[\w`.\-\u0080-\uffff ]*")
_STATEMENTS: Final = frozenset(
    {
        *("select", "create", "insert", "delete", "drop", "update", "case", "show"),
        *("union", "alter", "truncate", "grant", "into", "sleep"),
    }
)


class InvalidColumn(ValueError):
    """A column was named in a way that no column has."""


def sanitize_column(column: str) -> str:
    """Give a column name from outside without SQL comments. Raises `InvalidColumn`."""
    cleaned = " ".join(_COMMENT.sub("", column).split())
    if not _HARMLESS.fullmatch(cleaned) or _begins_a_statement(cleaned) or cleaned.count("`") % 2:
        raise InvalidColumn(f"Invalid field name {column}")
    return cleaned


def _begins_a_statement(text: str) -> bool:
    words = re.findall(r"\w+", text.lower())
    return any(word in _STATEMENTS for word in words[:-1])


def table_name(doctype: str) -> str:
    """Give the table of a DocType: "tabUser"; names that begin with __ are tables of the framework itself."""
    return doctype if doctype.startswith("__") else f"tab{doctype}"
