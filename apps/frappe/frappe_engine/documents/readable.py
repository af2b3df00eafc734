"""Which fields of a list a user may read, in whatever form they were asked for.

Invariant: an expression is kept only when every column in it may be read; what may not be read is left out silently,
as the public API does. Paths behind links are held to the linked DocType's own rights.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from frappe_engine.access.decisions import has_permission, permitted_fields
from frappe_engine.access.masks import masked, masked_fields
from frappe_engine.context.errors import DataError, PermissionError
from frappe_engine.context.translate import _
from frappe_engine.database.fields import (
    Call,
    Column,
    Literal,
    Node,
    Operation,
    Selected,
    Star,
    read_list,
    read_selected,
    read_sorting,
)
from frappe_engine.database.filters import Filter, read_filters
from frappe_engine.database.query import field_entries, selected_entry, table_of_rows_with
from frappe_engine.documents.metas import get_meta
from frappe_engine.schema.fieldtypes import OPTIONAL_FIELDS


@dataclass(slots=True)
class FieldRights:
    """What one user may read of one DocType; `parent` is the parent's DocType when the list is one of rows."""

    meta: Any
    user: str
    parent: Any = None
    everything: bool = field(init=False)
    own: set[str] | None = field(init=False)
    selectable: set[str] | None = field(init=False)
    masked: dict[Any, Any] = field(
        init=False, default_factory=dict
    )  # what was kept and is not shown, by its name in the result

    def __post_init__(self) -> None:
        self.everything = self.user == "Administrator"
        self.own = None if self.everything else permitted_fields(self.meta, self.user, parent=self.parent)
        self.selectable = None if self.everything or self._may_read() else _selectable(self.meta)

    def _may_read(self) -> bool:
        """Tell whether "read" is granted; with "select" alone only some fields are."""
        parent = self.parent.name if self.parent else None
        return _has(self.meta.name, "read", self.user, parent) or not _has(self.meta.name, "select", self.user, parent)

    def kept(self, entry: Any) -> list[Any]:
        """Give what remains of one entry of a field list: itself, nothing, or what `*` stands for."""
        table = self._table_of(entry)
        if table is not None:
            return self._kept_table(entry, table)
        selected = selected_entry(entry)[0]
        node = selected.node
        if isinstance(node, Star):
            return [kept for each in self._star(node) for kept in self.kept(each)]
        columns = columns_of(node)
        if len(columns) == 1 and columns[0].table is None and columns[0].name not in self.meta.column_types:
            return []
        return [entry] if all(map(self.may_read, columns)) and self._note_masks(selected, columns) else []

    def _note_masks(self, selected: Selected, columns: list[Column]) -> bool:
        """Note a masked field; tell whether the entry may be kept: what is computed from one would tell its value."""
        if self.everything:
            return True
        hidden = [field for column in columns if (field := self._masked_field(column)) is not None]
        if hidden and isinstance(selected.node, Column):
            self.masked[selected.alias or selected.node.name] = hidden[0]
            return True
        return not hidden or (isinstance(selected.node, Call) and selected.node.name.lower() == "count")

    def _masked_field(self, column: Column) -> Any:
        table = _doctype_of(column.table)
        if table in (None, self.meta.name):
            return masked_fields(self.meta, self.user, self.parent).get(column.name)
        link = self.meta.get_field(str(table))
        child = table if table in self.meta.table_doctypes.values() else self.meta.table_doctypes.get(str(table))
        if child is not None:
            return masked_fields(get_meta(str(child)), self.user, self.meta).get(column.name)
        if link is None or not link.options:
            return None
        hidden_link = masked_fields(self.meta, self.user, self.parent).get(
            link.fieldname
        )  # what is behind would tell it
        return hidden_link or masked_fields(get_meta(link.options), self.user).get(column.name)

    def _table_of(self, entry: Any) -> Any:
        if not isinstance(entry, Mapping) or len(entry) != 1:
            return None
        (key,) = entry
        return self.meta.get_field(key) if key in self.meta.table_doctypes else None

    def _kept_table(self, entry: Mapping[str, Any], table: Any) -> list[Any]:
        if not self._may_read_table(table):
            return []
        ((key, wanted),) = entry.items()
        rows = FieldRights(get_meta(table.options), self.user, self.meta)
        names = [name for item in ([wanted] if isinstance(wanted, str) else wanted) for name in rows.kept(item)]
        self.masked.update({(key, name): field for name, field in rows.masked.items()})
        return [{key: names}] if names else []

    def _star(self, star: Star) -> list[Any]:
        if star.table in (None, f"tab{self.meta.name}"):
            return [name for name in self.meta.column_types if name not in OPTIONAL_FIELDS and self._may_read_own(name)]
        child = str(star.table).removeprefix("tab")
        if child not in self.meta.table_doctypes.values():
            raise DataError(f"Table not permitted in query: {star.table}")
        columns = [Column(name, star.table) for name in get_meta(child).column_types]
        return [f"`{star.table}`.`{column.name}`" for column in columns if self.may_read(column)]

    def may_read(self, column: Column) -> bool:
        """Tell whether the user may read a column: an own one, one of rows, or one behind a link."""
        if self.everything:
            return True
        table = _doctype_of(column.table)
        if table in (None, self.meta.name):
            return self._may_read_own(column.name)
        if table in self.meta.table_doctypes.values():
            fields = [self.meta.get_field(name) for name in self.meta.table_fields_of(str(table))]
            return any(map(self._may_read_table, fields)) and self._of_row(str(table), column.name)
        link = self.meta.get_field(str(table))
        if link is None or not link.options:
            return True  # no such column: the query refuses it
        if link.fieldname in self.meta.table_doctypes:
            return self._may_read_table(link) and self._of_row(link.options, column.name)
        return self._may_read_own(link.fieldname) and _may_read_linked(link.options, column.name, self.user)

    def _may_read_own(self, name: str) -> bool:
        if self.selectable is not None and name not in self.selectable:
            return False
        return self.own is None or name in self.own or name not in self.meta.by_name

    def _may_read_table(self, table: Any) -> bool:
        return self.selectable is None and (self.own is None or table.fieldname in self.own)

    def _of_row(self, doctype: str, name: str) -> bool:
        allowed = None if self.everything else permitted_fields(get_meta(doctype), self.user, parent=self.meta)
        return allowed is None or name in allowed


def readable_fields(
    meta: Any, fields: Any, user: str, parent_doctype: str | None = None
) -> tuple[Any, Mapping[Any, Any]]:
    """Give the entries of a field list that a user may read, and which of them are masked, by their names in the result.

    Columns that do not exist are left out, too. A field of rows is called (name of the table, name of the field).
    """
    if not fields:
        return fields, {}
    rights = FieldRights(meta, user, get_meta(parent_doctype) if meta.istable and parent_doctype else None)
    return [kept for entry in field_entries(fields) for kept in rights.kept(entry)], rights.masked


def with_masks(read: tuple[list[str], list[Any]], hidden: Mapping[Any, Any]) -> tuple[list[str], list[Any]]:
    """Give names and rows of a result with what stands for them in place of the values of masked fields."""
    if not hidden:
        return read
    names, rows = read
    places = {place: hidden[name] for place, name in enumerate(names) if name in hidden}
    inner = [(names.index(key[0]), key[1], hidden[key]) for key in hidden if isinstance(key, tuple)]
    found: list[tuple[Any, ...]] = []
    for row in rows:
        for place, name, masked_field in inner:
            for line in row[place] or ():
                line[name] = masked(masked_field, line.get(name))
        cells = enumerate(row)
        found.append(tuple([masked(places[at], cell) if at in places else cell for at, cell in cells]))
    return names, found


def check_paths(meta: Any, user: str, filters: Iterable[Any], order_by: Any, group_by: Any) -> None:
    """Raise `PermissionError` when filters, sorting or grouping look behind a link at what the user may not read."""
    if user == "Administrator":
        return
    rights = FieldRights(meta, user)
    nodes = [_node_of(entry, meta) for shape in filters for entry in read_filters(shape, meta.name)]
    nodes += [item.node for item in read_sorting(str(order_by).strip())] if order_by else []
    nodes += (
        read_list(", ".join(group_by) if isinstance(group_by, (list, tuple)) else str(group_by)) if group_by else ()
    )
    for column in (column for node in nodes for column in columns_of(node)):
        if column.table and _doctype_of(column.table) != meta.name and not rights.may_read(column):
            raise PermissionError(_("You may not filter by {0}").format(f"{column.table}.{column.name}"))


def _node_of(entry: Filter, meta: Any) -> Node:
    if not isinstance(entry.field, str):
        return Literal(0)
    if entry.doctype:
        return Column(entry.field, f"tab{entry.doctype}")
    node = read_selected(entry.field)[0].node
    if isinstance(node, Column) and not node.table:
        return Column(node.name, table_of_rows_with(node.name, meta, get_meta))
    return node


def unknown_fields(doctype: str, fields: Any) -> list[str]:
    """Give the entries of a field list that name no column of the DocType; for callers that refuse instead."""
    meta = get_meta(doctype)
    rights = FieldRights(meta, "Administrator")
    return [str(entry) for entry in field_entries(fields) if not rights.kept(entry)]


def columns_of(node: Node) -> list[Column]:
    """Give the columns an expression reads."""
    if isinstance(node, Column):
        return [node]
    if isinstance(node, Call):
        return [column for argument in node.arguments for column in columns_of(argument)]
    if isinstance(node, Operation):
        return [*columns_of(node.left), *columns_of(node.right)]
    return []


def _selectable(meta: Any) -> set[str]:
    """With the right "select" alone: the name, and what a link field shows and searches."""
    title = meta.title_field
    return {"name", *meta.get_search_fields(), *([title] if title else [])}


def _doctype_of(table: str | None) -> str | None:
    return table.removeprefix("tab") if table and table.startswith("tab") else table


def _has(doctype: str, right: str, user: str, parent_doctype: str | None = None) -> bool:
    return has_permission(doctype, right, user=user, parent_doctype=parent_doctype, raise_exception=False)


def _may_read_linked(doctype: str, name: str, user: str) -> bool:
    allowed = permitted_fields(get_meta(doctype), user)
    return _has(doctype, "read", user) and (allowed is None or name in allowed)
