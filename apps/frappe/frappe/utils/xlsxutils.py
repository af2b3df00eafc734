"""Tables as Excel workbooks, under the names that apps import.

Invariant: cells are values; HTML in them becomes text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.kit import tables
from frappe_engine.kit.tables import ILLEGAL_CHARACTERS_RE, INVALID_TITLE_REGEX

__all__ = [
    "ILLEGAL_CHARACTERS_RE",
    "INVALID_TITLE_REGEX",
    "build_xlsx_response",
    "handle_html",
    "make_xlsx",
    "read_xls_file_from_attached_file",
    "read_xlsx_file_from_attached_file",
]


def make_xlsx(
    data: Iterable[Sequence[Any]],
    sheet_name: str,
    wb: Any = None,
    column_widths: Sequence[float | None] | None = None,
) -> BytesIO:
    """Write rows as a sheet of a (new) workbook, the first row bold, and give the file."""
    return tables.write_xlsx(data, sheet_name, wb, column_widths)


def handle_html(data: str) -> str:
    """Give a cell that holds HTML as one line of text; other text comes back unchanged."""
    return tables.cell_text(data)


def read_xlsx_file_from_attached_file(
    file_url: str | None = None, fcontent: bytes | None = None, filepath: str | None = None
) -> list[list[Any]]:
    """Read the first sheet of a workbook: an attached file by its URL, its bytes, or a file by its path.

    Raises `frappe.ValidationError` when it is no workbook.
    """
    source: bytes | str | None = fcontent or filepath
    if file_url:
        import frappe  # the documents' layer, above this one

        source = frappe.get_doc("File", {"file_url": file_url}).get_full_path()
    if not source:
        return []
    try:
        return tables.read_xlsx(source)
    except tables.UnreadableTable as error:
        throw(str(error))


def read_xls_file_from_attached_file(content: bytes) -> list[list[Any]]:
    """Read the first sheet of a workbook of Excel 97-2003.

    Raises `NotImplementedError` when the library for that old format (`xlrd`) is not installed.
    """
    try:
        import xlrd  # optional: hardly anybody still has such files
    except ImportError as error:
        raise NotImplementedError(
            _("Workbooks of Excel 97-2003 can't be read: save the file as .xlsx, or install xlrd")
        ) from error
    sheet = xlrd.open_workbook(file_contents=content).sheet_by_index(0)
    return [sheet.row_values(number) for number in range(sheet.nrows)]


def build_xlsx_response(data: Iterable[Sequence[Any]], filename: str) -> None:
    """Answer the present request with rows as a workbook; `filename` without its ending."""
    response = current().response
    response["filename"] = f"{filename}.xlsx"
    response["filecontent"] = make_xlsx(data, filename).getvalue()
    response["type"] = "binary"
