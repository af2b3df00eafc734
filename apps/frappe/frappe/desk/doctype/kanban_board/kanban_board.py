"""Controller of the DocType Kanban Board: documents of a list as cards, in columns by the values of one field.

Invariant: a card is moved by saving its document as the user who moves it; who may not write it moves nothing.
"""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe import _
from frappe._parameters import dict_parameter, list_parameter
from frappe.model.document import Document

ACTIVE, ARCHIVED = "Active", "Archived"
INDICATORS = (
    "Blue", "Cyan", "Gray", "Green", "Light Blue", "Orange", "Pink", "Purple", "Red", "Yellow",
)  # fmt: skip


class KanbanBoard(Document):
    """Documents as cards in columns of one field."""

    def validate(self) -> None:
        """Refuse boards whose field or columns mean nothing."""
        field = frappe.get_meta(self.reference_doctype).get_field(self.field_name)
        if field is None or field.fieldtype not in ("Select", "Link", "Data"):
            frappe.throw(
                _("{0} has no field {1} to make columns of").format(_(self.reference_doctype), self.field_name)
            )
        names = [row.column_name for row in self.columns]
        if not all(names):
            frappe.throw(_("Column Name cannot be empty"))
        if len(set(names)) < len(names):
            frappe.throw(_("A board has each column once"))

    def column(self, name: str) -> Any:
        """Give a column by its name. Raises `DoesNotExistError`."""
        for row in self.columns:
            if row.column_name == name:
                return row
        frappe.throw(_("{0} {1} not found").format(_("Column"), name), frappe.DoesNotExistError)

    def put_order(self, column: str, names: list[str]) -> None:
        """Keep the order of a column's cards."""
        self.column(column).order = json.dumps(names)

    def order_of(self, column: str) -> list[str]:
        """Give the order of a column's cards, as far as one was kept."""
        found = frappe.parse_json(self.column(column).order or "[]")
        return [str(name) for name in found] if isinstance(found, list) else []


def has_permission(doc: Any, ptype: str = "read", user: str | None = None) -> bool:
    """Tell whether a user may use a board: private ones are their owners' alone."""
    who = user or frappe.session.user
    return not doc.private or who in ("Administrator", doc.owner)


def get_permission_query_conditions(user: str | None = None) -> str:
    """Give the SQL condition of the boards a user sees in lists."""
    who = user or frappe.session.user
    if who == "Administrator":
        return ""
    return f"(`tabKanban Board`.private = 0 or `tabKanban Board`.owner = {frappe.db.escape(who)})"


def _board(name: str, right: str = "write") -> Any:
    board = frappe.get_doc("Kanban Board", name)
    board.check_permission(right)
    return board


@frappe.whitelist()
def get_kanban_boards(doctype: str) -> list[Any]:
    """Give the boards of a DocType that the user may see."""
    return frappe.get_list(
        "Kanban Board",
        fields=["name", "filters", "reference_doctype", "private"],
        filters={"reference_doctype": doctype},
        limit_page_length=0,
    )


@frappe.whitelist(methods=["POST", "PUT"])
def quick_kanban_board(doctype: str, board_name: str, field_name: str, project: str | None = None) -> Any:
    """Make a board of a field: a column for each of its values. Gives the board."""
    meta = frappe.get_meta(doctype)
    board = frappe.new_doc("Kanban Board")
    board.update({"kanban_board_name": board_name, "reference_doctype": doctype, "field_name": field_name})
    if project and meta.has_field("project"):
        board.filters = json.dumps([[doctype, "project", "=", project]])
    for name in _values_of(meta, field_name):
        board.append("columns", {"column_name": name, "indicator": _colour_of(meta, name)})
    return board.insert()


def _values_of(meta: Any, field_name: str) -> list[str]:
    if field_name == "kanban_column" and meta.has_field("kanban_column"):
        return [_("Backlog")]
    field = meta.get_field(field_name)
    if field is None:
        return []
    if field.fieldtype == "Select":
        return [line for line in str(field.options or "").splitlines() if line]
    used = frappe.get_list(meta.name, fields=[field_name], distinct=True, limit_page_length=20, as_list=True)
    return [str(row[0]) for row in used if row[0]]


def _colour_of(meta: Any, value: str) -> str:
    for state in meta.get("states") or ():
        if state.title == value and state.color in INDICATORS:
            return str(state.color)
    return "Gray"


@frappe.whitelist(methods=["POST", "PUT"])
def add_column(board_name: str, column_title: str) -> Any:
    """Add a column; gives all columns."""
    board = _board(board_name)
    board.append("columns", {"column_name": column_title})
    return board.save().columns


@frappe.whitelist(methods=["POST", "PUT"])
def archive_restore_column(board_name: str, column_title: str, status: str) -> Any:
    """Set a column aside (`Archived`), or show it again (`Active`); gives all columns."""
    if status not in (ACTIVE, ARCHIVED):
        frappe.throw(_("Parameter {0} must be one of {1}").format("status", f"{ACTIVE}, {ARCHIVED}"))
    board = _board(board_name)
    board.column(column_title).status = status
    return board.save().columns


@frappe.whitelist(methods=["POST", "PUT"])
def update_order(board_name: str, order: Any) -> tuple[Any, list[dict[str, str]]]:
    """Keep the order of all cards (column: names) and set the field of those that changed column.

    Gives the board, and the cards that moved: `name`, `column`.
    """
    board = _board(board_name)
    wanted = {
        str(column): [str(name) for name in list_parameter(cards, "order")]
        for column, cards in dict_parameter(order, "order").items()
    }
    names = [name for cards in wanted.values() for name in cards]
    rows = frappe.get_all(
        board.reference_doctype, {"name": ["in", names or [""]]}, ["name", f"{board.field_name} as value"]
    )
    present = {str(row.name): row.value for row in rows}
    moved = []
    for column, cards in wanted.items():
        board.put_order(column, cards)
        for name in cards:
            if name in present and present[name] != column:
                _move(board, name, column)
                moved.append({"name": name, "column": column})
    return board.save(), moved


@frappe.whitelist(methods=["POST", "PUT"])
def update_order_for_single_card(
    board_name: str, docname: str, from_colname: str, to_colname: str, old_index: Any, new_index: Any
) -> Any:
    """Move one card to a place in a column; gives the board."""
    board = _board(board_name, "read")
    left = [name for name in board.order_of(from_colname) if name != docname]
    if from_colname == to_colname:
        target = left
    else:
        board.put_order(from_colname, left)
        target = [name for name in board.order_of(to_colname) if name != docname]
        _move(board, docname, to_colname)
    target.insert(max(frappe.utils.cint(new_index), 0), docname)
    board.put_order(to_colname, target)
    return board.save(ignore_permissions=True)  # who may move the card may say where


def _move(board: Any, name: str, column: str) -> None:
    document = frappe.get_doc(board.reference_doctype, name)
    document.set(board.field_name, column)
    document.save()


@frappe.whitelist(methods=["POST", "PUT"])
def add_card(board_name: str, docname: str, colname: str) -> Any:
    """Put a new card first in a column; gives the board."""
    board = _board(board_name, "read")
    board.put_order(colname, [docname, *(name for name in board.order_of(colname) if name != docname)])
    return board.save(ignore_permissions=True)


@frappe.whitelist(methods=["POST", "PUT"])
def update_column_order(board_name: str, order: Any) -> Any:
    """Put the columns in an order (a list of names; those it leaves out come last); gives the board."""
    board = _board(board_name)
    wanted = {str(name): place for place, name in enumerate(list_parameter(order, "order"))}
    rows = sorted(board.columns, key=lambda row: wanted.get(row.column_name, len(wanted)))
    for place, row in enumerate(rows, start=1):
        row.idx = place
    board.columns = rows
    return board.save()


@frappe.whitelist(methods=["POST", "PUT"])
def set_indicator(board_name: str, column_name: str, indicator: str) -> Any:
    """Set the colour of a column; gives the board."""
    board = _board(board_name)
    board.column(column_name).indicator = indicator
    return board.save()


@frappe.whitelist(methods=["POST", "PUT"])
def save_settings(board_name: str, settings: Any) -> Any:
    """Keep which `fields` cards show, and whether with labels (`show_labels`); gives the board."""
    board = _board(board_name)
    given = dict_parameter(settings, "settings")
    board.fields = json.dumps(list_parameter(given.fields, "fields"))
    board.show_labels = frappe.utils.cint(given.show_labels)
    return board.save()


@frappe.whitelist(methods=["POST", "PUT"])
def save_filters(board_name: str, filters: Any) -> None:
    """Keep the filters of a board's list."""
    board = _board(board_name)
    board.filters = json.dumps(list_parameter(filters, "filters"))
    board.save()
