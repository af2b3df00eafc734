"""Names of documents."""

from __future__ import annotations

from typing import Any

from frappe_engine.documents.naming import (
    InvalidNamingSeriesError,
    append_number_if_name_exists,
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


__all__ = [
    "InvalidNamingSeriesError",
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
