"""Names of documents."""

from __future__ import annotations

import re
from typing import Any

from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.documents.naming import (
    InvalidNamingSeriesError,
    append_number_if_name_exists,
    current_number,
    from_format,
    get_series,
    make_autoname,
    name_from_autoname,
    parse_series,
    revert_series_if_last,
    set_new_name,
    validate_name,
)

getseries = get_series
parse_naming_series = parse_series
ALLOWED = re.compile(r"[\w\-/.#{}\s]+\Z")
DEFAULT_NUMBER = ".#####"


def set_name_by_naming_series(doc: Any) -> None:
    """Name a document by its field `naming_series`, the DocType's first series when it is empty.

    Raises `ValidationError` when there is no series at all.
    """
    doc.name = name_from_autoname(doc, "naming_series:")


def set_name_from_naming_options(autoname: str, doc: Any) -> None:
    """Name a document by a rule such as `field:title`, `format:A-{##}`, `naming_series:`, `Prompt`, `T-.####`.

    A rule that makes no name (`hash`) leaves the document as it was.
    """
    name = name_from_autoname(doc, autoname)
    if name:
        doc.name = name


def get_default_naming_series(doctype: str) -> str | None:
    """Give the first series that a DocType offers; None when it has none."""
    import frappe  # names are needed before the package is whole

    options = frappe.get_meta(doctype).get_naming_series_options()
    return options[0].strip() if options else None


class NamingSeries:
    """A series, e.g. `INV-.YYYY.-.####`: its prefix, its counter, its next names."""

    def __init__(self, series: str) -> None:
        self.series = series if "#" in series else f"{series}{DEFAULT_NUMBER}"

    def validate(self) -> None:
        """Raise `InvalidNamingSeriesError` for what is no series."""
        if "#" in self.series and ".#" not in self.series:
            throw(_("Invalid naming series {0}: dot (.) missing").format(self.series), InvalidNamingSeriesError)
        if not ALLOWED.match(self.series):
            words = _(
                "Characters other than letters, digits, '-', '#', '.', '/' and braces are not allowed in series {0}"
            )
            throw(words.format(self.series), InvalidNamingSeriesError)

    def generate_next_name(self, doc: Any, *, ignore_validate: bool = False) -> str:
        """Take the next number, and give the name it makes."""
        if not ignore_validate:
            self.validate()
        return parse_series(self.series.split("."), doc=doc)

    def get_prefix(self, doc: Any = "") -> str:
        """Give what stands before the number: the key under which it is counted."""
        found: list[str] = []
        parse_series(self.series, doc=doc, number_generator=lambda prefix, _digits: found.append(prefix) or "")
        return found[0] if found else ""

    def get_preview(self, doc: Any = None, count: int = 3) -> list[str]:
        """Give the next names without taking numbers."""
        self.validate()
        last = self.get_current_value(doc)
        return [
            parse_series(self.series, doc=doc, number_generator=lambda _prefix, digits, n=n: f"{last + n:0{digits}d}")
            for n in range(1, count + 1)
        ]

    def get_current_value(self, doc: Any = None) -> int:
        """Give the last number that was given out, 0 when none was."""
        return current_number(self.get_prefix(doc or ""))

    def update_counter(self, new_count: int) -> None:
        """Set the last number that was given out."""
        prefix, database = self.get_prefix(), current().db
        if database.row("SELECT `name` FROM `tabSeries` WHERE `name` = ?", (prefix,)) is None:
            database.write("INSERT INTO `tabSeries` (`name`, `current`) VALUES (?, ?)", (prefix, new_count))
        else:
            database.write("UPDATE `tabSeries` SET `current` = ? WHERE `name` = ?", (new_count, prefix))


__all__ = [
    "InvalidNamingSeriesError",
    "NamingSeries",
    "append_number_if_name_exists",
    "from_format",
    "get_default_naming_series",
    "getseries",
    "make_autoname",
    "parse_naming_series",
    "revert_series_if_last",
    "set_name_by_naming_series",
    "set_name_from_naming_options",
    "set_new_name",
    "validate_name",
]
