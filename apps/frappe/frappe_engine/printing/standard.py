"""The print of a document by its layout: from blocks to HTML.

Invariant: a document's own values never become mark-up; the templates in a layout are an administrator's and run in the
sandbox that all templates run in.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from frappe_engine.context.local import providers
from frappe_engine.context.settings import default_value
from frappe_engine.context.translate import _
from frappe_engine.desk.forms import titles_of
from frappe_engine.documents.metas import get_meta
from frappe_engine.kit.numbers import cint, flt
from frappe_engine.printing.codes import code_svg
from frappe_engine.printing.layout import NUMBERS, Block, Cell, Layout, Section
from frappe_engine.printing.values import is_empty, printed_value, shows_nothing
from frappe_engine.schema.meta import DocField, Meta

RATE_WORDS = ("rate", "price", "percent", "factor", "cost_per", "per_")


@dataclass(frozen=True)
class Sheet:
    """What a print is made of beside its layout; `drawn`: somebody chose the fields, so zeros are shown."""

    document: Any
    layout: Layout
    drawn: bool = False
    heading: str = ""
    marks_draft: bool = True
    context: dict[str, Any] | None = None


def standard_html(sheet: Sheet) -> str:
    """Give the HTML of a document's print, without page and letter head."""
    view = _View(sheet)
    return _template().render(
        title=sheet.heading or _(sheet.document.doctype),
        number=view.number(),
        state=view.state(),
        heading=view.template(sheet.layout.heading) if sheet.layout.heading else None,
        index_label=_("No."),
        sections=view.sections(),
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    loader = FileSystemLoader(os.path.dirname(__file__))
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("standard.html")


class _View:
    """One document's blocks as the template draws them."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.document = sheet.document
        self.meta: Meta = sheet.document.meta
        self.titles = titles_of(_linked_names(sheet.document, sheet.layout))
        self.seen_table = False

    def number(self) -> str:
        """Give what stands below the title."""
        return "" if self.meta.issingle else str(self.document.name or "")

    def state(self) -> dict[str, str] | None:
        """Give the mark beside the title: draft, cancelled, or the document's status."""
        docstatus = cint(self.document.docstatus)
        if docstatus == 2:
            return {"label": _("Cancelled"), "tone": "cancelled"}
        if self.meta.is_submittable and docstatus == 0:
            return {"label": _("Draft"), "tone": "draft"} if self.sheet.marks_draft else None
        return None

    def template(self, text: str) -> Markup:
        """Give a template of the layout's own, rendered in the sandbox."""
        context = {"doc": self.document, "meta": self.meta, **(self.sheet.context or {})}
        return Markup(providers("render_template", text, context))

    def sections(self) -> list[dict[str, Any]]:
        """Give the sections that have something to show."""
        made: list[dict[str, Any]] = []
        for section in self.sheet.layout.sections:
            made += self._section(section)
        return made

    def _section(self, section: Section) -> Iterable[dict[str, Any]]:
        """Columns of amounts below a table become a box of totals of its own, after the section's other columns."""
        totals: list[dict[str, Any]] = []
        columns: list[list[dict[str, Any]]] = []
        takes_totals = self.seen_table and not self.sheet.drawn
        for column in section.columns:
            items = [item for block in column.blocks if (item := self._item(block)) is not None]
            if takes_totals and items and self._are_amounts(column.blocks):
                totals += items
            elif items:
                columns.append(items)
        label = _(section.label) if section.label else ""
        if len(columns) == 1 and len(columns[0]) == 1 and columns[0][0]["kind"] == "table":
            label = label if self.sheet.drawn else ""
        if columns:
            yield {"label": label, "columns": columns, "totals": None, "breaks_page": section.breaks_page}
        if totals:
            yield {"label": "", "columns": [], "totals": totals, "breaks_page": False}

    def _are_amounts(self, blocks: Iterable[Block]) -> bool:
        fields = [self.meta.get_field(block.fieldname) for block in blocks]
        types = [field.fieldtype for field in fields if field is not None]
        return bool(types) and "Currency" in types and all(kind in NUMBERS for kind in types)

    def _item(self, block: Block) -> dict[str, Any] | None:
        field = self.meta.get_field(block.fieldname)
        if block.kind == "table" and field is not None:
            return self._table(block, field)
        if block.kind == "field" and field is not None:
            return self._pair(block, field)
        if block.kind in ("barcode", "qr"):
            return self._code(block)
        if block.kind == "html":
            return {"kind": "html", "value": self.template(block.text)}
        return {"kind": block.kind} if block.kind in ("divider", "spacer") else None

    def _pair(self, block: Block, field: DocField) -> dict[str, Any] | None:
        value = self.document.get(field.fieldname)
        hides_zero = field.get("print_hide_if_no_value") or (not self.sheet.drawn and not field.get("bold"))
        if is_empty(value) or (hides_zero and shows_nothing(field, value)):
            return None
        return {
            "kind": "field",
            "fieldname": field.fieldname,
            "label": "" if block.hides_label else _(block.label),
            "value": printed_value(field, self.document, self.titles),
            "is_number": field.fieldtype in NUMBERS,
            "bold": bool(field.get("bold")),
            "align": block.align if block.align in ("left", "right", "center") else "",
        }

    def _code(self, block: Block) -> dict[str, Any] | None:
        svg = code_svg(
            self.document.get(block.fieldname),
            block.kind if block.kind == "qr" else "code128",
            height_mm=22 if block.kind == "qr" else 12,
        )
        if not svg:
            return None
        return {
            "kind": "field",
            "fieldname": block.fieldname,
            "label": _(block.label) if block.label else "",
            "value": Markup(svg),
            "is_number": False,
            "bold": False,
            "align": block.align,
        }

    def _table(self, block: Block, field: DocField) -> dict[str, Any] | None:
        rows = self.document.get(field.fieldname) or []
        meta = get_meta(str(field.options))
        known = [(cell, found) for cell in block.cells if (found := meta.get_field(cell.fieldname)) is not None]
        known = [
            (cell, found)
            for cell, found in known
            if (self.sheet.drawn and not found.get("print_hide_if_no_value"))
            or any(not shows_nothing(found, row.get(found.fieldname)) for row in rows)
        ]
        if not rows or not known:
            return None
        self.seen_table = True
        return {
            "kind": "table",
            "fieldname": field.fieldname,
            "label": "" if self._is_main_table(field) or block.hides_label else _(block.label),
            "cells": [self._head(cell, found) for cell, found in known],
            "rows": [
                [printed_value(found, row, self.titles, parent=self.document, in_table=True) for _cell, found in known]
                for row in rows
            ],
            "sums": self._sums(rows, [found for _cell, found in known]),
        }

    def _is_main_table(self, field: DocField) -> bool:
        return self.meta.table_fieldnames[:1] == (field.fieldname,)

    def _head(self, cell: Cell, field: DocField) -> dict[str, Any]:
        label = _(cell.label)
        if field.fieldtype == "Currency":
            label = f"{label} ({self.document.get('currency') or default_value('currency') or ''})"
        return {"label": label, "width": cell.width, "is_number": field.fieldtype in NUMBERS}

    def _sums(self, rows: list[Any], fields: list[DocField]) -> list[str] | None:
        """Give the sums of what adds up, for two rows and more."""
        if len(rows) < 2 or not any(_adds_up(field) for field in fields):
            return None
        sums = []
        for field in fields:
            if not _adds_up(field):
                sums.append("")
                continue
            total = {field.fieldname: flt(sum(flt(row.get(field.fieldname)) for row in rows), 6)}
            sums.append(printed_value(field, total, self.titles, parent=self.document, in_table=True))
        return sums


def _adds_up(field: DocField) -> bool:
    """Amounts and quantities add up; prices, rates and shares do not."""
    if field.fieldtype not in ("Currency", "Float", "Int") or field.fieldname == "idx":
        return False
    return not any(word in field.fieldname for word in RATE_WORDS)


def _linked_names(document: Any, layout: Layout) -> dict[str, set[str]]:
    """Give which documents the print names, by DocType."""
    wanted: dict[str, set[str]] = {}
    blocks = [block for section in layout.sections for column in section.columns for block in column.blocks]
    for block in blocks:
        rows = (document.get(block.fieldname) or ()) if block.kind == "table" else ()
        places = [(document, block.fieldname), *((row, cell.fieldname) for row in rows for cell in block.cells)]
        for owner, name in places:
            doctype = _link_target(owner, name)
            if doctype:
                wanted.setdefault(doctype, set()).add(str(owner.get(name)))
    return wanted


def _link_target(owner: Any, fieldname: str) -> str | None:
    """Give the DocType a field links to, None for an empty field and one that is no link."""
    field = owner.meta.get_field(fieldname)
    if field is None or field.fieldtype not in ("Link", "Dynamic Link") or not owner.get(fieldname):
        return None
    doctype = field.options if field.fieldtype == "Link" else owner.get(field.options)
    return str(doctype) if doctype else None
