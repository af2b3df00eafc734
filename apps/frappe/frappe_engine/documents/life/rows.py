"""The values of a document's own row, and the naming and comparing of rows.

Invariant: values are in the order of the plan's columns; nothing here writes.
"""

from __future__ import annotations

from operator import itemgetter
from typing import Any

from frappe_engine.context.clock import now_datetime
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.documents.base import session_user, stored_value
from frappe_engine.documents.naming import hash_name, set_new_name
from frappe_engine.documents.plans import Plan, get_plan
from frappe_engine.documents.validation import same_value

_STRUCTURES = frozenset({list, dict, tuple})


def row_values(document: Any, plan: Plan, columns: tuple[str, ...] | None = None) -> tuple[Any, ...]:
    """Give the values of the document's own row in the order of the columns."""
    names = plan.columns if columns is None else columns
    own = document.__dict__
    if None in map(own.get, plan.number_blanks):
        own.update({name: blank for name, blank in plan.number_blanks.items() if own.get(name) is None})
    for name in plan.uniques:
        if own.get(name) == "":
            own[name] = None  # many may have no value, only one the empty text
    values: tuple[Any, ...] = itemgetter(*names)(own)
    if not _STRUCTURES.isdisjoint(map(type, values)):
        return tuple(
            _storable(value, name, document, plan) if type(value) in _STRUCTURES else value
            for name, value in zip(names, values, strict=True)
        )
    return values


def _storable(value: Any, name: str, document: Any, plan: Plan) -> Any:
    if name in plan.json_fields or plan.meta.column_types.get(name) in ("Code", "Long Text", "Text", "Small Text"):
        return stored_value(value, name, document.doctype)
    throw(_("Value for {0} cannot be a list").format(_(document.meta.get_label(name))))


def name_row(row: Any) -> None:
    plan = get_plan(row.doctype)
    if (
        plan.wants(type(row), "before_naming")
        or plan.wants(type(row), "autoname")
        or plan.meta.autoname not in (None, "", "hash")
    ):
        set_new_name(row)
    else:
        row.__dict__["name"] = hash_name()


def fill_row_stamps(row: Any) -> None:
    own = row.__dict__
    if not own.get("creation"):
        own["creation"] = own["modified"] = now_datetime()
        own["owner"] = own["modified_by"] = session_user()
    for name in ("parent", "parentfield", "parenttype"):
        own.setdefault(name, None)


def row_changed(row: Any, stored: Any) -> bool:
    plan = get_plan(row.doctype)
    own, old = row.__dict__, stored.__dict__
    return any(
        own.get(name) != old.get(name) and not same_value(own.get(name), old.get(name))
        for name in plan.update_columns
        if name not in ("modified", "modified_by")
    )
