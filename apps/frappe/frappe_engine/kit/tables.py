"""Tables in files: CSV in the encodings people have, and Excel workbooks.

Invariant: a table is a list of rows, a row a list of cells; what is written and read again is the same table (CSV:
as text). No text of a cell becomes a formula in the spreadsheet program that opens the file.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from frappe_engine.kit.dates import format_timedelta

if TYPE_CHECKING:
    from openpyxl import Workbook

# Tried in this order: files of Chinese Windows programs are GB18030, those of western ones cp1252.
ENCODINGS: Final = ("utf-8-sig", "gb18030", "cp1252")
ILLEGAL_CHARACTERS_RE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")  # a worksheet can't hold them
INVALID_TITLE_REGEX: Final = re.compile(r"[\\*?:/\[\]]")
# Spreadsheet programs calculate texts of CSV that begin so; an apostrophe before them says that they are texts.
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
_ONLY_A_NUMBER: Final = re.compile(r"[-+\d\s().,:/%]*\Z")  # telephone numbers too
_BLOCK_ENDS: Final = re.compile(r"</(?:p|div|li|tr|h[1-6])>|<br\s*/?>", re.IGNORECASE)


class UnreadableTable(ValueError):
    """A file is no table, or not in an encoding that is known."""


# --- CSV -----------------------------------------------------------------------------------------------------------


def decode_text(content: bytes) -> str:
    """Read bytes in the first encoding of `ENCODINGS` that fits. Raises `UnreadableTable`."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableTable("Unknown file encoding. Tried " + ", ".join(ENCODINGS))


def read_csv(content: str | bytes, delimiter: str = ",") -> list[list[str]]:
    """Read CSV; bytes in any of the known encodings, a byte order mark is dropped. Raises `UnreadableTable`."""
    text = decode_text(content) if isinstance(content, bytes) else content.removeprefix("\ufeff")
    try:
        return [_unmarked(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error as error:
        raise UnreadableTable(str(error)) from error


def _is_formula(text: str) -> bool:
    return _FORMULA.match(text) is not None and not _ONLY_A_NUMBER.match(text)


def _unmarked(row: list[str]) -> list[str]:
    """Take the apostrophes off again that were written before texts that look like formulas."""
    return [cell[1:] if cell.startswith("'") and _is_formula(cell) else cell for cell in row]


def write_csv(rows: Iterable[Sequence[Any]], quoting: int = csv.QUOTE_NONNUMERIC, delimiter: str = ",") -> str:
    """Write rows as CSV with CRLF line ends; texts are quoted, None is an empty text, "=1+1" becomes "'=1+1"."""
    writer = CsvWriter(quoting=quoting, delimiter=delimiter)
    for row in rows:
        writer.writerow(row)
    return writer.getvalue()


class CsvWriter:
    """Collects rows as CSV text."""

    def __init__(self, encoding: str = "utf-8", quoting: int = csv.QUOTE_NONNUMERIC, delimiter: str = ",") -> None:
        self.encoding = encoding
        self.queue = io.StringIO()
        self.writer = csv.writer(self.queue, quoting=quoting, delimiter=delimiter)  # type: ignore[arg-type]

    def writerow(self, row: Sequence[Any]) -> None:
        """Add a row."""
        self.writer.writerow(["" if cell is None else _plain(cell) for cell in row])

    def getvalue(self) -> str:
        """Give all rows so far."""
        return self.queue.getvalue()


def _plain(cell: Any) -> Any:
    if isinstance(cell, str):
        return f"'{cell}" if _is_formula(cell) else cell
    if isinstance(cell, timedelta):
        return format_timedelta(cell)
    return str(cell) if isinstance(cell, (date, time)) else cell


# --- Excel ---------------------------------------------------------------------------------------------------------


def read_xlsx(content: bytes | str) -> list[list[Any]]:
    """Read the active sheet of a workbook, given its bytes or its path; cells are values, not formulas.

    Raises `UnreadableTable`.
    """
    from openpyxl import load_workbook  # slow to load, wanted by few requests

    source: Any = io.BytesIO(content) if isinstance(content, bytes) else content
    try:
        workbook = load_workbook(source, data_only=True, read_only=True)
    except Exception as error:
        raise UnreadableTable(f"This is no Excel workbook: {error}") from error
    try:
        sheet = workbook.active
        return [] if sheet is None else [list(row) for row in sheet.iter_rows(values_only=True)]
    finally:
        workbook.close()


def write_xlsx(
    rows: Iterable[Sequence[Any]],
    sheet_name: str,
    workbook: Workbook | None = None,
    column_widths: Sequence[float | None] | None = None,
) -> io.BytesIO:
    """Write rows as a sheet of a (new) workbook, the first row bold, and give the file.

    Characters that a sheet can't hold are dropped, and those of HTML cells become text.
    """
    from openpyxl import Workbook as NewWorkbook  # slow to load, wanted by few requests
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = workbook or NewWorkbook(write_only=True)
    sheet = book.create_sheet(INVALID_TITLE_REGEX.sub(" ", sheet_name)[:31] or "Sheet", 0)
    for index, width in enumerate(column_widths or (), start=1):
        if width:
            sheet.column_dimensions[get_column_letter(index)].width = width
    bold = Font(name="Calibri", bold=True)
    for number, row in enumerate(rows):
        cells = [_sheet_value(cell) for cell in row]
        if number == 0 and book.write_only:
            for index, value in enumerate(cells):
                head = WriteOnlyCell(sheet, value=value)
                head.font = bold
                cells[index] = head
        sheet.append([_text_cell(sheet, cell) for cell in cells])
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def _text_cell(sheet: Any, value: Any) -> Any:
    """What the library would take for a formula or an error stays the text it is."""
    from openpyxl.cell import WriteOnlyCell  # slow to load, wanted by few requests

    held = getattr(value, "value", value)
    if not isinstance(held, str) or held[:1] not in ("=", "#"):
        return value
    cell = value if held is not value else WriteOnlyCell(sheet, value=held)
    cell.data_type = "s"
    return cell


def _sheet_value(cell: Any) -> Any:
    if isinstance(cell, str):
        text = cell_text(cell) if "<" in cell else cell
        return ILLEGAL_CHARACTERS_RE.sub("", text)[:32767]
    if isinstance(cell, datetime) and cell.tzinfo is not None:
        return cell.replace(tzinfo=None)
    if cell is None or isinstance(cell, (int, float, date, time, timedelta)):
        return cell
    return str(cell)


def cell_text(text: str) -> str:
    """Write a cell that holds HTML as one line of text, line breaks as ", "; other text comes back unchanged."""
    if "<" not in text or not _looks_like_html(text):
        return text
    from frappe_engine.kit.html import strip_html, unescape_html

    lines = strip_html(_BLOCK_ENDS.sub("\n", text)).split("\n")
    return unescape_html(", ".join(line.strip() for line in lines if line.strip()))


def _looks_like_html(text: str) -> bool:
    return re.search(r"</?[a-zA-Z][^<>]*>", text) is not None
