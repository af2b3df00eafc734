"""Templates of imports: a heading to fill rows under, with documents to change or without.

Invariant: what is exported is read again by an import as the same documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from frappe_engine.importing.cells import as_text
from frappe_engine.importing.columns import Target, as_field, targets_of
from frappe_engine.kit.tables import write_csv

import frappe
from frappe import _
from frappe.utils.xlsxutils import build_xlsx_response

FIVE = 5


class Template:
    """The columns of a template for a DocType: chosen fields, or all that may be imported.

    `chosen` names fields by DocType (its own) and by table field (those of rows).
    """

    def __init__(self, doctype: str, chosen: Mapping[str, list[str]] | None = None) -> None:
        self.doctype = doctype
        self.meta = frappe.get_meta(doctype)
        children = {str(field.options): frappe.get_meta(field.options) for field in self.meta.table_fields}
        targets = targets_of(self.meta, children)
        self.all_targets = targets
        self.targets = [target for target in targets if self._is_wanted(target, chosen)]

    def _is_wanted(self, target: Target, chosen: Mapping[str, list[str]] | None) -> bool:
        if chosen is None:
            return target.value != "name" and not (target.table and target.field.fieldname == "name")
        names = chosen.get(target.table or self.doctype)
        if target.table and names is None:
            names = chosen.get(target.doctype)
        return names is not None and target.field.fieldname in names

    def fields(self) -> list[dict[str, Any]]:
        """Give all fields that may be imported, as the column mapping offers them."""
        headings = self.headings(self.all_targets)
        return [
            as_field(target)
            | {"value": target.value, "heading": heading, "table": target.table, "label": _label(target)}
            for target, heading in zip(self.all_targets, headings, strict=True)
        ]

    def headings(self, targets: list[Target] | None = None) -> list[str]:
        """Give the headings of columns in the language of who asks; where two fields are called alike, their names."""
        wanted = self.targets if targets is None else targets
        every = [target.heading(_).casefold() for target in self.all_targets]
        found = []
        for target in wanted:
            heading = target.heading(_)
            found.append(heading if every.count(heading.casefold()) == 1 else target.value)
        return found

    def rows(self, which: str, filters: Any = None) -> list[list[Any]]:
        """Give the heading, and the documents to change: none, all, five, or those that filters choose."""
        rows: list[list[Any]] = [self.headings()]
        if which == "blank_template":
            return rows
        for document in self._documents(which, filters):
            rows += self._rows_of(document)
        return rows

    def _documents(self, which: str, filters: Any) -> list[Any]:
        own = ["name", *(t.field.fieldname for t in self.targets if not t.table and t.field.fieldname != "name")]
        limit = FIVE if which == "5_records" else 0
        chosen = filters if which == "by_filter" else None
        documents = frappe.get_list(
            self.doctype, fields=own, filters=chosen, limit_page_length=limit, order_by="creation asc"
        )
        names = [document.name for document in documents]
        for table in dict.fromkeys(target.table for target in self.targets if target.table):
            by_parent = self._lines(table, names)
            for document in documents:
                document[table] = by_parent.get(document.name, [])
        return documents

    def _lines(self, table: str, names: list[Any]) -> dict[Any, list[Any]]:
        columns = [target.field.fieldname for target in self.targets if target.table == table]
        rows = frappe.get_list(
            self.meta.get_field(table).options,
            parent_doctype=self.doctype,
            limit_page_length=0,
            filters={"parent": ["in", names or [""]], "parenttype": self.doctype, "parentfield": table},
            fields=list(dict.fromkeys(["parent", *columns])),
            order_by="parent, idx",
        )
        found: dict[Any, list[Any]] = {}
        for row in rows:
            found.setdefault(row.parent, []).append(row)
        return found

    def _rows_of(self, document: Any) -> list[list[Any]]:
        tables = [target.table for target in self.targets if target.table]
        height = max([1, *(len(document.get(table) or []) for table in tables)])
        return [[self._cell(document, target, index) for target in self.targets] for index in range(height)]

    def _cell(self, document: Any, target: Target, index: int) -> Any:
        if target.table is None:
            return document.get(target.field.fieldname) if index == 0 else None
        lines = document.get(target.table) or []
        return lines[index].get(target.field.fieldname) if index < len(lines) else None

    def respond(self, rows: list[list[Any]], file_type: str, encoding: str = "") -> None:
        """Answer the present request with rows as a file; CSV in UTF-8 with a mark that Excel knows, or in GB18030."""
        name = _(self.doctype)
        if file_type == "Excel":
            build_xlsx_response(rows, name)
            return
        text = write_csv([[as_text(cell) for cell in row] for row in rows])
        content = text.encode(encoding if encoding not in ("", "utf-8") else "utf-8-sig", "replace")
        frappe.response.update(filename=f"{name}.csv", filecontent=content, type="binary")


def _label(target: Target) -> str:
    return "ID" if target.field.fieldname == "name" else _(target.field.label or target.field.fieldname)
