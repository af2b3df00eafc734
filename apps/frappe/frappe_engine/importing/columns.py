"""Which field a column of a file fills.

A field of the document is named by its `value` ("customer"), one of its rows by table and field ("items.sku"); "name" and
"items.name" are the ids. Headings are labels (in any language they were written in), "Label (Table)", or such values.

Invariant: a field is filled by one column; a heading that two fields have is not guessed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from frappe_engine.kit.columns import LAYOUT_TYPES, TABLE_TYPES
from frappe_engine.schema.meta import DocField, Meta

SKIP: Final = "Don't Import"
ID: Final = "ID"
NAME_FIELD: Final = DocField({"fieldname": "name", "fieldtype": "Data", "label": ID, "options": None, "reqd": 0})
NOT_IMPORTED: Final = LAYOUT_TYPES | TABLE_TYPES | {"Read Only", "Icon", "Signature"}
Translate = Callable[[str], str]


@dataclass(frozen=True)
class Target:
    """A field that a column may fill; `table` is that of rows, None for the document itself."""

    field: DocField
    doctype: str
    table: str | None = None
    table_label: str = ""

    @property
    def value(self) -> str:
        """How mappings name it."""
        return f"{self.table}.{self.field.fieldname}" if self.table else self.field.fieldname

    def heading(self, translate: Translate) -> str:
        """Give the heading of its column in templates."""
        label = ID if self.field.fieldname == "name" else translate(self.field.label or self.field.fieldname)
        return f"{label} ({translate(self.table_label)})" if self.table else label


@dataclass(frozen=True)
class Column:
    """A column of a file: its place from 0, its heading, what it fills (None: nothing), and whether that was chosen."""

    index: int
    heading: str
    target: Target | None
    skipped: bool = False


def targets_of(meta: Meta, children: Mapping[str, Meta]) -> list[Target]:
    """Give what may be imported into a DocType: its id and fields, then those of its tables (`children` by DocType)."""
    found = [Target(NAME_FIELD, meta.name)]
    found += [Target(field, meta.name) for field in _importable(meta)]
    for table in meta.table_fields:
        child = children[str(table.options)]
        label = str(table.label or table.fieldname)
        fields = [NAME_FIELD, *_importable(child)]
        found += [Target(field, child.name, table.fieldname, label) for field in fields]
    return found


def _importable(meta: Meta) -> Iterable[DocField]:
    for field in meta.fields:
        if field.fieldtype in NOT_IMPORTED or field.get("is_virtual") or not field.get("fieldname"):
            continue
        if field.get("hidden") and not field.get("reqd"):
            continue
        if field.get("read_only") and not field.get("reqd"):
            continue
        yield field


def find_columns(
    headings: Sequence[Any],
    targets: Sequence[Target],
    chosen: Mapping[str, str],
    translate: Translate,
) -> list[Column]:
    """Give the columns of a file: by the mapping that was chosen, else by their headings.

    A second column for the same field is left unmapped.
    """
    by_value = {target.value: target for target in targets}
    by_heading = _headings(targets, translate)
    columns, taken = [], set()
    for index, cell in enumerate(headings):
        heading = str(cell if cell is not None else "").strip()
        wanted = chosen.get(str(index))
        target = by_value.get(wanted) if wanted and wanted != SKIP else None
        if wanted is None:
            target = by_heading.get(_key(heading))
        if target is not None and target.value in taken:
            target = None
        if target is not None:
            taken.add(target.value)
        columns.append(Column(index, heading, target, skipped=wanted == SKIP or not heading))
    return columns


def _key(heading: str) -> str:
    """What two ways to write a heading have in common: letters of full width, capitals, spaces and a star say nothing."""
    return "".join(unicodedata.normalize("NFKC", heading).casefold().removesuffix("*").split())


def _headings(targets: Sequence[Target], translate: Translate) -> dict[str, Target | None]:
    """Labels that two fields have stand for neither; names of fields win over labels."""
    found: dict[str, Target | None] = {}
    for target in targets:
        label = str(target.field.label or target.field.fieldname)
        texts = {
            target.heading(translate),
            target.heading(str),
            f"{label} ({target.doctype})" if target.table else label,
        }
        for text in texts:
            key = _key(text)
            found[key] = None if key in found and found[key] is not target else target
    found.update({_key(target.value): target for target in targets})
    return found


def as_field(target: Target) -> dict[str, Any]:
    """Give a target as the desk shows it."""
    field = target.field
    return {
        "fieldname": field.fieldname,
        "label": field.label or field.fieldname,
        "fieldtype": field.fieldtype,
        "options": field.options,
        "reqd": int(field.get("reqd") or 0),
        "parent": target.doctype,
        "parentfield": target.table,
    }
