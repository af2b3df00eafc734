"""An import: a file read as documents of a DocType, what is wrong with it, a trial, and the documents themselves.

Invariant: a document is imported whole in its own transaction or not at all, and its rows are in the log either way; a
trial leaves nothing behind.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from frappe_engine.context.messages import clear_messages, get_message_log, plain_text
from frappe_engine.importing.columns import Column, as_field, find_columns, targets_of
from frappe_engine.importing.rows import ERROR, WARNING, Problem, Record, Table, read_table, shown
from frappe_engine.kit.dateformats import STRFTIME_OF
from frappe_engine.kit.tables import ENCODINGS, UnreadableTable, read_csv, read_xlsx

import frappe
from frappe import _
from frappe.core.doctype.version.version import get_diff  # noqa: F401 - apps take it from here
from frappe.utils import cint

INSERT, UPDATE = "Insert New Records", "Update Existing Records"
ROWS_IN_PREVIEW = 50
MOST_PROBLEMS = 2_000
CHUNK = 200


def read_file(content: bytes, name: str, *, encoding: str = "", delimiters: str = "") -> tuple[list[list[Any]], str]:
    """Give the rows of a file (xlsx or csv) without empty ones at its end, and the encoding it was read in.

    Raises `frappe.ValidationError` when it is neither.
    """
    try:
        if name.lower().endswith((".xlsx", ".xlsm")):
            return _trimmed(read_xlsx(content)), ""
        text, used = _decoded(content, encoding)
        return _trimmed(read_csv(text, _delimiter(text, delimiters))), used
    except (UnreadableTable, UnicodeDecodeError) as error:
        frappe.throw(_("The file can't be read: {0}").format(error))


def _decoded(content: bytes, encoding: str) -> tuple[str, str]:
    if encoding:
        return content.decode("utf-8-sig" if encoding == "utf-8" else encoding), encoding
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16"), "utf-16"
    for one in ENCODINGS:
        try:
            return content.decode(one), one.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise UnreadableTable(_("Unknown file encoding"))


def _delimiter(text: str, wanted: str) -> str:
    """Of the delimiters that were named, the one that stands most often in the first line."""
    choices = [{"\\t": "\t"}.get(one, one) for one in (wanted.replace("\\t", "\t") if wanted else ",;\t|")]
    first = text.split("\n", 1)[0]
    return max(choices, key=first.count) if any(one in first for one in choices) else ","


def _trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    while rows and all(cell is None or str(cell).strip() == "" for cell in rows[-1]):
        rows.pop()
    return rows


class Importer:
    """The file of one Data Import."""

    def __init__(self, data_import: Any, *, import_file: str | None = None) -> None:
        self.document = data_import
        self.doctype: str = data_import.reference_doctype
        self.updates = data_import.import_type == UPDATE
        self.meta = frappe.get_meta(self.doctype)
        self.file_url = import_file or data_import.import_file

    # reading

    @cached_property
    def children(self) -> dict[str, Any]:
        """The definitions of the DocType's tables."""
        return {str(field.options): frappe.get_meta(field.options) for field in self.meta.table_fields}

    @cached_property
    def targets(self) -> list[Any]:
        """What may be imported, the ids first."""
        return targets_of(self.meta, self.children)

    @cached_property
    def content(self) -> bytes:
        """The bytes of the file."""
        if not self.file_url:
            frappe.throw(_("Attach a file to import first"), frappe.MandatoryError)
        name = frappe.db.get_value("File", {"file_url": self.file_url})
        if not name:
            frappe.throw(_("{0} is no file of this site").format(self.file_url), frappe.DoesNotExistError)
        file = frappe.get_doc("File", name)
        file.check_permission("read")
        content = file.get_content()
        return content.encode() if isinstance(content, str) else content

    @cached_property
    def source(self) -> tuple[list[list[Any]], str]:
        """The rows of the file, the heading among them, and its encoding."""
        given = self.document
        delimiters = given.delimiter_options if given.custom_delimiters else ""
        rows, encoding = read_file(
            self.content, str(self.file_url), encoding=given.encoding or "", delimiters=delimiters or ""
        )
        if not rows:
            frappe.throw(_("The file is empty"))
        return rows, encoding

    @cached_property
    def mapping(self) -> dict[str, str]:
        """Which columns were mapped by hand, and to what."""
        options = json.loads(self.document.template_options or "{}")
        return {str(key): str(value) for key, value in (options.get("column_to_field_map") or {}).items()}

    @cached_property
    def table(self) -> Table:
        """The documents of the file."""
        rows = self.source[0]
        columns = find_columns(rows[0], self.targets, self.mapping, _)
        preferred = STRFTIME_OF.get(str(frappe.db.get_single_value("System Settings", "date_format")))
        return read_table(rows[1:], columns, date_format=preferred, choices=_choices, translate=_)

    def fingerprint(self) -> str:
        """Give what changes when the file or what is made of it changes."""
        kept = json.dumps([self.mapping, self.document.import_type, self.document.encoding], sort_keys=True)
        return hashlib.sha256(self.content + kept.encode()).hexdigest()[:16]

    # what is wrong

    @cached_property
    def problems(self) -> list[Problem]:
        """What is wrong with the file, in all its rows, as far as it can be seen without trying."""
        found = list(self.table.problems)
        if not self.table.records:
            found.append(Problem(_("The file holds no rows that could be imported")))
        else:
            found += [*self._columns_missing(), *self._cells_missing(), *self._ids(), *self._doubled(), *self._links()]
        return sorted(found, key=lambda problem: (problem.row or 0, problem.column or 0))[:MOST_PROBLEMS]

    def _used(self, table: str | None = None) -> dict[str, Column]:
        return {
            column.target.field.fieldname: column
            for column in self.table.columns
            if column.target is not None and column.target.table == table
        }

    def _tables_used(self) -> list[tuple[str | None, Any]]:
        named = {column.target.table for column in self.table.columns if column.target is not None}
        tables = [(field.fieldname, self.children[field.options]) for field in self.meta.table_fields]
        return [(None, self.meta), *((name, meta) for name, meta in tables if name in named)]

    def _columns_missing(self) -> Iterator[Problem]:
        """Columns without which nothing can be saved; what has a default, or what controllers fill, may be left out."""
        used = self._used()
        if self.updates:
            if "name" not in used:
                yield Problem(_("Column {0} is needed to update documents").format("ID"))
            return
        for table, meta in self._tables_used():
            blank = frappe.new_doc(meta.name)
            for field in meta.fields:
                missing = field.reqd and field.fieldname not in self._used(table) and field.fieldtype not in ("Table",)
                if missing and not blank.get(field.fieldname) and not field.get("fetch_from"):
                    words = _("{0} must be filled and has no column").format(_(field.label or field.fieldname))
                    yield Problem(words, value=f"{table}.{field.fieldname}" if table else field.fieldname, kind=WARNING)

    def _cells_missing(self) -> Iterator[Problem]:
        for table, meta in self._tables_used():
            used = self._used(table)
            wanted = [field for field in meta.fields if field.reqd and field.fieldname in used]
            if not wanted or (self.updates and table is None):
                continue
            blank = frappe.new_doc(meta.name)
            for number, values in self._lines(table):
                for field in wanted:
                    column = used[field.fieldname]
                    if values.get(field.fieldname) in (None, "") and not blank.get(field.fieldname):
                        if self._is_bad(number, column):
                            continue
                        words = _("{0} is required").format(_(field.label or field.fieldname))
                        yield Problem(words, number, column.index + 1, column.target.value)

    def _is_bad(self, row: int, column: Column) -> bool:
        return (row, column.index + 1) in self._bad_cells

    @cached_property
    def _bad_cells(self) -> set[tuple[int | None, int | None]]:
        return {(problem.row, problem.column) for problem in self.table.problems}

    def _lines(self, table: str | None) -> Iterator[tuple[int, dict[str, Any]]]:
        for record in self.table.records:
            if table is None:
                yield record.rows[0], record.values
            else:
                for line in record.values.get(table, []):
                    yield line["__row"], line

    def _ids(self) -> Iterator[Problem]:
        column = self._used().get("name")
        if column is None:
            return
        names = [str(record.values["name"]) for record in self.table.records if record.values.get("name")]
        there = _existing(self.doctype, set(names))
        for record in self.table.records:
            name = record.values.get("name")
            if self.updates and not name:
                yield Problem(_("{0} is required").format("ID"), record.rows[0], column.index + 1, "name")
            elif name and self.updates and str(name).lower() not in there:
                words = _("{0} {1} does not exist").format(_(self.doctype), name)
                yield Problem(words, record.rows[0], column.index + 1, "name")
            elif name and not self.updates and str(name).lower() in there:
                words = _("{0} {1} already exists").format(_(self.doctype), name)
                yield Problem(words, record.rows[0], column.index + 1, "name")

    def _doubled(self) -> Iterator[Problem]:
        """Ids and values that may stand once, and stand in several documents of the file."""
        unique = {"name"} | {field.fieldname for field in self.meta.fields if field.get("unique")}
        if (self.meta.autoname or "").startswith("field:") and not self.updates:
            unique.add(str(self.meta.autoname)[6:])
        for fieldname, column in self._used().items():
            if fieldname not in unique:
                continue
            first: dict[str, int] = {}
            for record in self.table.records:
                value = str(record.values.get(fieldname) or "").lower()
                if value and first.setdefault(value, record.rows[0]) != record.rows[0]:
                    words = _("{0} stands in row {1} too").format(record.values[fieldname], first[value])
                    yield Problem(words, record.rows[0], column.index + 1, fieldname)

    def _links(self) -> Iterator[Problem]:
        for table, _meta in self._tables_used():
            for fieldname, column in self._used(table).items():
                field = column.target.field
                if field.fieldtype != "Link" or not field.options or frappe.get_meta(field.options).issingle:
                    continue
                lines = [(number, str(line[fieldname])) for number, line in self._lines(table) if line.get(fieldname)]
                there = _existing(field.options, {value for _number, value in lines})
                own = self._own_names() if field.options == self.doctype else set()
                for number, value in lines:
                    if value.lower() not in there and value.lower() not in own:
                        words = _("{0} {1} does not exist").format(_(field.options), value)
                        yield Problem(words, number, column.index + 1, column.target.value)

    def _own_names(self) -> set[str]:
        """Documents of the file may link to each other."""
        autoname = str(self.meta.autoname or "")
        fieldname = autoname[6:] if autoname.startswith("field:") else "name"
        return {str(record.values.get(fieldname) or "").lower() for record in self.table.records}

    def errors_of(self, record: Record) -> list[str]:
        """Give why a document can't even be tried: cells that could not be read."""
        rows = set(record.rows)
        return [
            _("Row {0}: {1}").format(problem.row, problem.message) if len(rows) > 1 else problem.message
            for problem in self.table.problems
            if problem.row in rows and problem.kind == ERROR
        ]

    # the preview

    def preview(self) -> dict[str, Any]:
        """Give the file as the desk shows it before anything is written; the shape is upstream's, and more."""
        rows, encoding = self.source
        width = len(rows[0])
        problems = self.problems
        errors = [problem for problem in problems if problem.kind == ERROR]
        return {
            "data": shown(rows[1:], ROWS_IN_PREVIEW, width),
            "columns": [_SERIAL, *(self._shown_column(column, problems) for column in self.table.columns)],
            "warnings": [problem.as_dict() for problem in problems],
            "import_log": None,
            "max_rows_exceeded": len(rows) - 1 > ROWS_IN_PREVIEW,
            "max_rows_in_preview": ROWS_IN_PREVIEW,
            "total_number_of_rows": len(rows) - 1,
            "total_documents": len(self.table.records),
            "encoding": encoding,
            "rows_with_errors": len({problem.row for problem in errors if problem.row}),
            "can_import": bool(self.table.records) and not any(problem.row is None for problem in errors),
        }

    def _shown_column(self, column: Column, problems: list[Problem]) -> dict[str, Any]:
        found: dict[str, Any] = {
            "header_title": column.heading,
            "index": column.index,
            "column_number": column.index + 1,
            "skip_import": column.target is None,
            "map_to_field": column.target.value if column.target else None,
            "df": as_field(column.target) if column.target else None,
            "warnings": sum(problem.column == column.index + 1 for problem in problems),
        }
        pattern = self.table.date_formats.get(column.index)
        if pattern:
            found["date_format"] = _words_of(pattern)
        return found

    # trying and doing

    def check(self, progress: Callable[..., None] | None = None) -> dict[str, Any]:
        """Really make every document, note what is wrong, and undo all of it; see `trial`."""
        problems: list[Problem] = []
        records = self.table.records
        with trial(), silence(self.document, trying=True):
            for number, record in enumerate(records, start=1):
                problems += self._try(record)
                if number % CHUNK == 0:
                    forget_everything()
                if progress:
                    progress(number, len(records), record=record)
        failed = {problem.row for problem in problems}
        return {
            "total": len(records),
            "ok": len(records) - sum(record.rows[0] in failed for record in records),
            "failed": sum(record.rows[0] in failed for record in records),
            "problems": [problem.as_dict() for problem in problems[:MOST_PROBLEMS]],
            "warnings": [problem.as_dict() for problem in self.problems if problem.kind != ERROR],
        }

    def _try(self, record: Record) -> list[Problem]:
        known = [one for one in self.problems if one.row in record.rows and one.kind == ERROR]
        if known:
            first = record.rows[0]
            return known if any(one.row == first for one in known) else [*known, Problem(known[0].message, first)]
        frappe.db.savepoint("trial")
        try:
            self.write(record)
            frappe.db.release_savepoint("trial")
        except Exception as error:  # noqa: BLE001 - whatever controllers raise is what the trial is for
            messages = messages_of(error)
            frappe.db.rollback(save_point="trial")
            return [Problem(text, record.rows[0]) for text in messages]
        finally:
            clear_messages()
        return []

    def write(self, record: Record) -> Any:
        """Insert or change the document of a record; give it."""
        values = {key: _without_rows(value) for key, value in record.values.items()}
        if self.updates:
            document = frappe.get_doc(self.doctype, values.pop("name"))
            document.check_permission("write")
            _change(document, values)
            document.save()
            return document
        name = values.pop("name", None)
        document = frappe.new_doc(self.doctype)
        document.update(values)
        if name:
            document.name = str(name)
            document.flags.name_set = True
        document.insert(set_name=str(name) if name else None)
        if self.document.submit_after_import and self.meta.is_submittable:
            document.submit()
        return document

    def previous_values(self, record: Record) -> str | None:
        """Give what a document that is changed held before, for undoing."""
        if not self.updates or not record.values.get("name"):
            return None
        stored = frappe.get_doc(self.doctype, record.values["name"])
        kept = stored.as_dict(convert_dates_to_str=True)
        return frappe.as_json({key: kept.get(key) for key in record.values if key != "name"})


_SERIAL = {"header_title": "Sr. No", "skip_import": True}


def _choices(column: Column) -> dict[str, str] | None:
    """The ways to write the options of a Select: as they are, and in the language of who imports."""
    field = column.target.field if column.target else None
    if field is None or field.fieldtype != "Select" or not field.options:
        return None
    options = [option for option in str(field.options).split("\n") if option]
    spoken = {_(option, context=column.target.doctype).lower(): option for option in options} if column.target else {}
    return spoken | {_(option).lower(): option for option in options} | {option.lower(): option for option in options}


def _words_of(pattern: str) -> str:
    words = {
        "%Y": "YYYY",
        "%m": "MM",
        "%d": "DD",
        "%H": "HH",
        "%M": "mm",
        "%S": "ss",
        "%b": "MMM",
        "%f": "SSS",
        "%y": "YY",
    }
    for code, text in words.items():
        pattern = pattern.replace(code, text)
    return pattern


def _existing(doctype: str, names: set[str]) -> set[str]:
    """Give those of the names that documents have, in lower case, asked in a few statements."""
    found: set[str] = set()
    wanted = sorted(names)
    for start in range(0, len(wanted), 500):
        rows = frappe.get_all(doctype, {"name": ["in", wanted[start : start + 500]]}, pluck="name", order_by="")
        found |= {str(name).lower() for name in rows}
    return found


def _change(document: Any, values: dict[str, Any]) -> None:
    """Set fields; lines with an id change that row, others are added, and no row is removed."""
    for fieldname, value in values.items():
        if not isinstance(value, list):
            document.set(fieldname, value)
            continue
        there = {str(row.name): row for row in document.get(fieldname) or []}
        for line in value:
            row = there.get(str(line.get("name"))) if line.get("name") else None
            if row is not None:
                row.update(line)
            elif line.get("name"):
                frappe.throw(_("{0} has no row {1}").format(document.name, line["name"]))
            else:
                document.append(fieldname, line)


def _without_rows(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return [{key: cell for key, cell in line.items() if key != "__row"} for line in value]


def messages_of(error: BaseException) -> list[str]:
    """Give in plain words what an error said to the user."""
    texts = [plain_text(entry.get("message")) for entry in get_message_log()]
    texts = list(dict.fromkeys(text for text in texts if text))
    return texts or [plain_text(str(error)) or type(error).__name__]


@contextmanager
def silence(data_import: Any, *, trying: bool = False) -> Iterator[None]:
    """Say in flags that data is imported; mails stay in where that was wanted, and while only trying."""
    flags = frappe.flags
    before = (flags.in_import, flags.mute_emails, flags.via_data_import)
    flags.in_import, flags.via_data_import = True, data_import.name
    flags.mute_emails = trying or bool(cint(data_import.mute_emails)) or before[1]
    try:
        yield
    finally:
        flags.in_import, flags.mute_emails, flags.via_data_import = before


@contextmanager
def trial() -> Iterator[None]:
    """A block of which nothing stays: no row, no job, no notice."""
    try:
        yield
    finally:
        forget_everything()


def forget_everything() -> None:
    """Undo the transaction, and what would have run because of it: jobs that survive an undo too."""
    frappe.db.after_rollback.reset()
    frappe.db.rollback()
    frappe.local.document_cache = {}
