"""What a print shows and where: sections of columns of blocks, from a DocType or from a layout that somebody drew.

Two written forms are read: the list of fields of the classic builder, and the object of sections of the newer one (the
form our own builder writes). Fields that are gone since are left out.

Invariant: pure; a layout names only fields that the DocType has and that may be printed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from frappe_engine.schema.meta import DocField, Meta

BREAKS = frozenset({"Section Break", "Column Break", "Tab Break", "Fold"})
NOT_PRINTED = frozenset({"Button", "HTML", "Password", "Heading", "Image", "Geolocation"}) | BREAKS
TABLES = frozenset({"Table"})
NUMBERS = frozenset({"Currency", "Float", "Int", "Long Int", "Percent", "Duration"})
OWN_BLOCKS = frozenset({"HTML", "Custom HTML", "Divider", "Spacer", "Barcode", "QR Code", "Field Template"})
MOST_COLUMNS = 8
HEADING = "print_heading_template"
Allowed = Callable[[Meta, DocField], bool]


@dataclass(frozen=True)
class Cell:
    """One column of a printed table; `width` in percent of the table, 0: as needed."""

    fieldname: str
    label: str
    width: float = 0.0


@dataclass(frozen=True)
class Block:
    """One thing in a column: a field, a table, or something of the layout's own.

    `kind` is "field", "table", "html", "divider", "spacer", "barcode" or "qr"; `text` is the template of an html block.
    """

    kind: str
    fieldname: str = ""
    label: str = ""
    text: str = ""
    align: str = ""
    hides_label: bool = False
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class Column:
    """Blocks below each other."""

    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Section:
    """Columns beside each other."""

    label: str = ""
    columns: tuple[Column, ...] = (Column(),)
    breaks_page: bool = False


@dataclass(frozen=True)
class Layout:
    """A whole print; `heading` is a template of its own instead of the usual title, `footer` one for every page's foot."""

    sections: tuple[Section, ...] = ()
    heading: str = ""
    header: str = ""
    footer: str = ""


@dataclass
class _Building:
    """Sections while a flat list of fields is read."""

    sections: list[list[list[Block]]] = field(default_factory=lambda: [[[]]])
    labels: list[str] = field(default_factory=lambda: [""])

    def section(self, label: str) -> None:
        self.sections.append([[]])
        self.labels.append(label)

    def column(self) -> None:
        self.sections[-1].append([])

    def add(self, block: Block) -> None:
        self.sections[-1][-1].append(block)

    def done(self) -> tuple[Section, ...]:
        made = []
        for label, columns in zip(self.labels, self.sections, strict=True):
            filled = tuple(Column(tuple(blocks)) for blocks in columns if blocks)
            if filled:
                made.append(Section(label, filled))
        return tuple(made)


def default_layout(meta: Meta, rows_of: Callable[[str], Meta], allowed: Allowed) -> Layout:
    """Give the layout that the DocType's own form suggests: every field that is not hidden from prints."""
    building = _Building()
    for item in meta.fields:
        if item.fieldtype in ("Section Break", "Tab Break"):
            building.section(_section_label(item))
        elif item.fieldtype == "Column Break":
            building.column()
        elif is_printed(meta, item) and allowed(meta, item):
            building.add(_block_of(item, rows_of, allowed))
    return Layout(building.done())


def is_printed(_meta: Meta, item: DocField) -> bool:
    """Tell whether a field is shown on prints unless a layout says otherwise."""
    return not (item.get("print_hide") or item.get("hidden") or item.fieldtype in NOT_PRINTED)


def _section_label(item: DocField) -> str:
    return str(item.label or "") if item.fieldtype == "Section Break" and not item.get("hide_border") else ""


def _block_of(item: DocField, rows_of: Callable[[str], Meta], allowed: Allowed) -> Block:
    label = str(item.label or item.fieldname)
    if item.fieldtype in TABLES:
        return Block("table", item.fieldname, label, cells=default_cells(rows_of(str(item.options)), allowed))
    if item.fieldtype == "Barcode":
        return Block("barcode", item.fieldname, label)
    return Block("field", item.fieldname, label)


def default_cells(rows: Meta, allowed: Allowed) -> tuple[Cell, ...]:
    """Give the columns of a table of rows: those shown in the form's grid, else its first fields."""
    usable = [
        item for item in rows.fields if is_printed(rows, item) and item.fieldtype not in TABLES and allowed(rows, item)
    ]
    marked = [item for item in usable if item.get("in_list_view")] or usable
    return tuple(
        Cell(item.fieldname, str(item.label or item.fieldname), _percent(item.get("print_width")))
        for item in marked[:MOST_COLUMNS]
    )


def _percent(width: Any) -> float:
    """Read a width such as "20%", 20 or ""; pixels and others count as "as needed"."""
    text = str(width or "").strip().removesuffix("%")
    try:
        number = float(text)
    except ValueError:
        return 0.0
    return number if 0 < number <= 100 else 0.0


def drawn_layout(text: Any, meta: Meta, rows_of: Callable[[str], Meta], allowed: Allowed) -> Layout | None:
    """Read `format_data`; None when it holds no layout.

    Raises `ValueError` for text that is not JSON.
    """
    data = json.loads(text) if isinstance(text, str) and text.strip() else text
    if isinstance(data, Mapping) and isinstance(data.get("sections"), Sequence):
        return _from_object(data, meta, rows_of, allowed)
    if isinstance(data, Sequence) and not isinstance(data, str) and data:
        return _from_list([entry for entry in data if isinstance(entry, Mapping)], meta, rows_of, allowed)
    return None


def _from_list(
    entries: Iterable[Mapping[str, Any]], meta: Meta, rows_of: Callable[[str], Meta], allowed: Allowed
) -> Layout:
    building, heading = _Building(), ""
    for entry in entries:
        kind = str(entry.get("fieldtype") or "")
        if entry.get("fieldname") == HEADING:
            heading = str(entry.get("options") or "")
        elif kind == "Section Break":
            building.section(str(entry.get("label") or ""))
        elif kind == "Column Break":
            building.column()
        else:
            block = _read_block(entry, meta, rows_of, allowed)
            if block is not None:
                building.add(block)
    return Layout(building.done(), heading)


def _from_object(data: Mapping[str, Any], meta: Meta, rows_of: Callable[[str], Meta], allowed: Allowed) -> Layout:
    sections = []
    for entry in data["sections"]:
        columns = tuple(
            Column(
                tuple(block for item in _list(column, "fields") if (block := _read_block(item, meta, rows_of, allowed)))
            )
            for column in _list(entry, "columns")
        )
        if any(column.blocks for column in columns):
            breaks = bool(entry.get("page_break"))
            sections.append(Section(str(entry.get("label") or ""), columns, breaks))
    texts = {name: _template(data.get(name)) for name in ("heading", "header", "footer")}
    return Layout(tuple(sections), **texts)


def _list(entry: Any, key: str) -> list[Mapping[str, Any]]:
    found = entry.get(key) if isinstance(entry, Mapping) else None
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []


def _template(value: Any) -> str:
    """Give the text of a letter-like part: a plain string, or an object that holds it."""
    return str(value.get("html") or value.get("options") or "") if isinstance(value, Mapping) else str(value or "")


def _read_block(entry: Mapping[str, Any], meta: Meta, rows_of: Callable[[str], Meta], allowed: Allowed) -> Block | None:
    if entry.get("print_hide") or entry.get("remove"):
        return None
    kind = str(entry.get("fieldtype") or "")
    item = meta.get_field(str(entry.get("fieldname") or ""))
    if kind in OWN_BLOCKS and (item is None or kind in ("Barcode", "QR Code")):
        return _own_block(kind, entry, item, meta, allowed)
    if item is None or item.fieldtype in BREAKS or not allowed(meta, item):
        return None
    base = _block_of(item, rows_of, allowed)
    given = _cells(entry, rows_of(str(item.options)), allowed) if base.kind == "table" else ()
    return replace(
        base,
        label=str(entry.get("label") or base.label),
        align=str(entry.get("align") or ""),
        hides_label=bool(entry.get("hide_label") or entry.get("hides_label")),
        cells=given or base.cells,
    )


def _own_block(
    kind: str, entry: Mapping[str, Any], item: DocField | None, meta: Meta, allowed: Allowed
) -> Block | None:
    text = str(entry.get("html") or entry.get("options") or "")
    label = str(entry.get("label") or "")
    if kind in ("Divider", "Spacer"):
        return Block(kind.lower())
    if kind in ("Barcode", "QR Code"):
        name = item.fieldname if item is not None else "name"
        if item is not None and not allowed(meta, item):
            return None
        return Block("qr" if kind == "QR Code" else "barcode", name, label, align=str(entry.get("align") or ""))
    return Block("html", text=text, label=label) if text else None


def _cells(entry: Mapping[str, Any], rows: Meta, allowed: Allowed) -> tuple[Cell, ...]:
    cells = []
    for column in _list(entry, "visible_columns") or _list(entry, "table_columns"):
        item = rows.get_field(str(column.get("fieldname") or ""))
        if column.get("fieldname") == "idx" or item is None or column.get("print_hide") or not allowed(rows, item):
            continue
        width = _percent(column.get("width") or column.get("print_width"))
        cells.append(Cell(item.fieldname, str(column.get("label") or item.label or item.fieldname), width))
    return tuple(cells)
