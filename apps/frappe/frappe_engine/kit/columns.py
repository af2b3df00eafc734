"""Column types of field types, per database, and the columns every table has.

Invariant: pure data; the one place that says how a field is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

VARCHAR_LENGTH = 140
LAYOUT_TYPES = frozenset({"Section Break", "Column Break", "Tab Break", "HTML", "Button", "Image", "Fold", "Heading"})
TABLE_TYPES = frozenset({"Table", "Table MultiSelect"})
NO_COLUMN = LAYOUT_TYPES | TABLE_TYPES


@dataclass(frozen=True, slots=True)
class ColumnType:
    """How one kind of value is stored: DDL per database, and whether it compares as text."""

    mariadb: str
    sqlite: str
    text: bool = False


def _varchar(length: int) -> ColumnType:
    return ColumnType(f"varchar({length})", f"varchar({length}) COLLATE NOCASE", text=True)


CHECK = ColumnType("int(1) NOT NULL DEFAULT 0", "INTEGER NOT NULL DEFAULT 0")
INTEGER = ColumnType("int(11) NOT NULL DEFAULT 0", "INTEGER NOT NULL DEFAULT 0")
BIGINT = ColumnType("bigint(20) NOT NULL DEFAULT 0", "INTEGER NOT NULL DEFAULT 0")
DECIMAL = ColumnType("decimal(21,9) NOT NULL DEFAULT 0", "REAL NOT NULL DEFAULT 0")
DURATION = ColumnType("decimal(21,9)", "REAL")
RATING = ColumnType("decimal(3,2)", "REAL")
DATE = ColumnType("date", "DATE")
DATETIME = ColumnType("datetime(6)", "DATETIME")
TIME = ColumnType("time(6)", "TIME")
TEXT = ColumnType("text", "TEXT COLLATE NOCASE", text=True)
LONGTEXT = ColumnType("longtext", "TEXT COLLATE NOCASE", text=True)
JSON = ColumnType("longtext", "TEXT", text=True)  # validity is checked by documents: the type json could never be left

FIXED: dict[str, ColumnType] = {
    "Check": CHECK,
    "Int": INTEGER,
    "Long Int": BIGINT,
    "Currency": DECIMAL,
    "Float": DECIMAL,
    "Percent": DECIMAL,
    "Duration": DURATION,
    "Rating": RATING,
    "Date": DATE,
    "Datetime": DATETIME,
    "Time": TIME,
    "Small Text": TEXT,
    "Text": TEXT,
    "Code": LONGTEXT,
    "Text Editor": LONGTEXT,
    "Markdown Editor": LONGTEXT,
    "HTML Editor": LONGTEXT,
    "Long Text": LONGTEXT,
    "Signature": LONGTEXT,
    "Geolocation": LONGTEXT,
    "Attach": TEXT,
    "Attach Image": TEXT,
    "Password": TEXT,
    "Barcode": LONGTEXT,
    "JSON": JSON,
}

NUMERIC_TYPES = frozenset({"Check", "Int", "Long Int", "Currency", "Float", "Percent", "Duration", "Rating"})
NEVER_NULL_TYPES = frozenset({"Check", "Int", "Long Int", "Currency", "Float", "Percent"})
INTEGER_TYPES = frozenset({"Check", "Int", "Long Int"})
FLOAT_TYPES = frozenset({"Currency", "Float", "Percent", "Duration", "Rating"})
DATE_TYPES = frozenset({"Date", "Datetime", "Time"})


@cache
def column_type(fieldtype: str, length: int = 0) -> ColumnType | None:
    """Give how `fieldtype` is stored; None when it has no column. `length` is that of text (0: the usual 140)."""
    if fieldtype in NO_COLUMN:
        return None
    if fieldtype == "Int" and length > 11:
        return BIGINT
    return FIXED.get(fieldtype) or _varchar(min(max(length or VARCHAR_LENGTH, 1), 1000))


STANDARD_COLUMNS: tuple[tuple[str, ColumnType], ...] = (
    ("creation", DATETIME),
    ("modified", DATETIME),
    ("modified_by", _varchar(VARCHAR_LENGTH)),
    ("owner", _varchar(VARCHAR_LENGTH)),
    ("docstatus", ColumnType("int(1) NOT NULL DEFAULT 0", "INTEGER NOT NULL DEFAULT 0")),
    ("idx", ColumnType("int(8) NOT NULL DEFAULT 0", "INTEGER NOT NULL DEFAULT 0")),
)
CHILD_COLUMNS: tuple[tuple[str, ColumnType], ...] = (
    ("parent", _varchar(VARCHAR_LENGTH)),
    ("parentfield", _varchar(VARCHAR_LENGTH)),
    ("parenttype", _varchar(VARCHAR_LENGTH)),
)
OPTIONAL_COLUMNS: tuple[tuple[str, ColumnType], ...] = (
    ("_user_tags", TEXT),
    ("_comments", TEXT),
    ("_assign", TEXT),
    ("_liked_by", TEXT),
)
SEEN_COLUMN: tuple[str, ColumnType] = ("_seen", TEXT)
