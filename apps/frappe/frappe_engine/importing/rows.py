"""From the rows of a table to documents, and what is wrong with them that can be seen without the database.

Invariant: every row belongs to one document or is empty; a problem names its row as people count them (the heading is 1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from frappe_engine.importing.cells import BadCell, as_text, date_format_of, is_empty, value_of
from frappe_engine.importing.columns import Column

ERROR, WARNING, INFO = "error", "warning", "info"
DATED: Final = frozenset({"Date", "Datetime"})
Translate = Callable[[str], str]


@dataclass(frozen=True)
class Problem:
    """What is wrong: where (row and column from 1, None: not there), with which field, in which words."""

    message: str
    row: int | None = None
    column: int | None = None
    value: str | None = None
    kind: str = ERROR

    def as_dict(self) -> dict[str, Any]:
        """Give it as the desk reads it."""
        found: dict[str, Any] = {"row": self.row, "col": self.column, "message": self.message, "type": self.kind}
        if self.value:
            found |= {"field": self.value, "fieldname": self.value.rpartition(".")[2]}
        return found


@dataclass
class Record:
    """A document of the file: its rows, and its values, with lists of rows under its tables."""

    rows: list[int] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)


@dataclass
class Table:
    """A file that was read: its columns, what its dates look like, its documents and problems."""

    columns: list[Column]
    date_formats: dict[int, str | None]
    records: list[Record]
    problems: list[Problem]


def read_table(
    rows: Sequence[Sequence[Any]],
    columns: list[Column],
    *,
    date_format: str | None,
    choices: Callable[[Column], dict[str, str] | None],
    translate: Translate,
) -> Table:
    """Read the rows below the heading: cells become values, rows documents."""
    used = [column for column in columns if column.target is not None]
    formats = {column.index: _format_of(rows, column, date_format) for column in used if _is_dated(column)}
    table = Table(columns, formats, [], _unmapped(columns, translate))
    options = {column.index: choices(column) for column in used}
    for number, row in enumerate(rows, start=2):
        cells = [(column, row[column.index]) for column in used if column.index < len(row)]
        cells = [(column, cell) for column, cell in cells if not is_empty(cell)]
        if cells:
            _take(table, number, cells, options, translate)
    return table


def _is_dated(column: Column) -> bool:
    return column.target is not None and column.target.field.fieldtype in DATED


def _format_of(rows: Sequence[Sequence[Any]], column: Column, preferred: str | None) -> str | None:
    cells = (row[column.index] for row in rows if column.index < len(row))
    return date_format_of(cells, preferred)


def _unmapped(columns: list[Column], translate: Translate) -> list[Problem]:
    words = translate("Column {0} is not imported: no field is called so")
    return [
        Problem(words.format(column.heading), column=column.index + 1, kind=WARNING)
        for column in columns
        if column.target is None and not column.skipped
    ]


def _take(
    table: Table,
    number: int,
    cells: list[tuple[Column, Any]],
    options: Mapping[int, dict[str, str] | None],
    translate: Translate,
) -> None:
    own = any(column.target is not None and column.target.table is None for column, _cell in cells)
    if own or not table.records:
        table.records.append(Record())
    record = table.records[-1]
    record.rows.append(number)
    line: dict[str, dict[str, Any]] = {}
    for column, cell in cells:
        target = column.target
        assert target is not None
        try:
            value = value_of(cell, target.field, table.date_formats.get(column.index), options.get(column.index))
        except BadCell as error:
            message = translate(str(error.args[0])).format(*error.args[1:])
            table.problems.append(Problem(message, number, column.index + 1, target.value))
            continue
        into = record.values if target.table is None else line.setdefault(target.table, {})
        into[target.field.fieldname] = value
    for tablefield, values in line.items():
        record.values.setdefault(tablefield, []).append({**values, "__row": number})


def shown(rows: Sequence[Sequence[Any]], count: int, width: int) -> list[list[Any]]:
    """Give the first rows as texts, each with its number before it."""
    found = []
    for number, row in enumerate(rows[:count], start=2):
        texts = [as_text(cell) for cell in row[:width]]
        found.append([number, *texts, *[""] * (width - len(texts))])
    return found
