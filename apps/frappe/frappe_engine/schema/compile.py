"""From a DocType's rows, the custom fields and the property setters to one `Meta`.

Invariant: pure; neither argument is changed. Order of application: standard fields, custom fields where they belong,
field order, property setters, custom permissions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from frappe_engine.schema.meta import DocField, Meta, Row

Rows = Sequence[Mapping[str, Any]]
NUMBER_PROPERTIES = frozenset({"Check", "Int"})
ROW_LISTS = ("actions", "links", "states")
NOT_FIELD_ATTRIBUTES = frozenset(
    {"parent", "parentfield", "parenttype", "doctype", "owner", "creation", "modified", "modified_by"}
)


def compile_meta(
    doctype: Mapping[str, Any],
    fields: Rows,
    permissions: Rows = (),
    actions: Rows = (),
    links: Rows = (),
    states: Rows = (),
    custom_fields: Rows = (),
    property_setters: Rows = (),
    custom_permissions: Rows = (),
) -> Meta:
    """Give the `Meta` of a DocType; rows are dicts as the tables hold them."""
    own = dict(doctype)
    rows = {
        "fields": with_custom_fields([_own_field(row) for row in fields], custom_fields),
        "actions": [dict(row) for row in actions],
        "links": [dict(row) for row in links],
        "states": [dict(row) for row in states],
    }
    for setter in property_setters:
        _apply(setter, own, rows)
    rows["fields"] = in_order(
        rows["fields"], own.get("field_order") if _is_set(property_setters, "field_order") else None
    )
    granted = custom_permissions or permissions
    return Meta(
        own,
        [DocField(row) for row in rows["fields"]],
        [Row(row) for row in granted],
        *([Row(row) for row in rows_in_order(rows[table], own.get(f"{table}_order"))] for table in ROW_LISTS),
    )


def rows_in_order(rows: list[dict[str, Any]], order: Any) -> list[dict[str, Any]]:
    """Give rows in the order of their names in `order` (a list, or JSON); those it does not name by their number."""
    names: list[str] = json.loads(order) if isinstance(order, str) else list(order or ())
    places = {name: place for place, name in enumerate(names)}
    numbered = sorted(rows, key=_index)
    return sorted(numbered, key=lambda row: places.get(str(row.get("name")), len(places)))


def _index(row: Mapping[str, Any]) -> int:
    return int(row.get("idx") or 0)


def _is_set(property_setters: Rows, property_name: str) -> bool:
    return any(s.get("property") == property_name and s.get("doctype_or_field") == "DocType" for s in property_setters)


def _own_field(row: Mapping[str, Any]) -> dict[str, Any]:
    field = dict(row)
    if not field.get("fieldname"):
        field["fieldname"] = f"{str(field.get('fieldtype')).lower().replace(' ', '_')}_{field.get('idx')}"
    return field


def with_custom_fields(fields: list[dict[str, Any]], custom_fields: Rows) -> list[dict[str, Any]]:
    """Give the fields with each custom one behind the field it names in `insert_after` (at the end when unknown)."""
    if not custom_fields:
        return fields
    waiting = [_custom_field(row) for row in sorted(custom_fields, key=_index)]
    placed = list(fields)
    names = {field["fieldname"] for field in placed}
    waiting = [field for field in waiting if field["fieldname"] not in names]
    while waiting:
        rest: list[dict[str, Any]] = []
        for field in waiting:
            position = _position_after(placed, field.get("insert_after"))
            if position is None:
                rest.append(field)
            else:
                placed.insert(position, field)
        if len(rest) == len(waiting):
            placed.extend(rest)
            break
        waiting = rest
    for number, field in enumerate(placed, start=1):
        field["idx"] = number
    return placed


def _custom_field(row: Mapping[str, Any]) -> dict[str, Any]:
    field = {key: value for key, value in row.items() if key not in ("dt",)}
    field["is_custom_field"] = 1
    field["parent"] = row.get("dt")
    return field


def _position_after(placed: list[dict[str, Any]], name: str | None) -> int | None:
    if name in ("", None, "append"):
        return len(placed)
    at = next((i for i, field in enumerate(placed) if field["fieldname"] == name), None)
    if at is None:
        return None
    at += 1
    while at < len(placed) and placed[at].get("is_custom_field") and placed[at].get("insert_after") == name:
        at += 1
    return at


def in_order(fields: list[dict[str, Any]], field_order: Any) -> list[dict[str, Any]]:
    """Give the fields in `field_order` (a list of names, or JSON); those it does not name follow their neighbour."""
    if not field_order:
        return fields
    names: list[str] = json.loads(field_order) if isinstance(field_order, str) else list(field_order)
    known = {field["fieldname"]: field for field in fields}
    ordered = [known[name] for name in dict.fromkeys(names) if name in known]
    placed = {field["fieldname"] for field in ordered}
    for position, field in enumerate(fields):
        if field["fieldname"] in placed:
            continue
        neighbour = fields[position - 1]["fieldname"] if position else None
        at = next((i + 1 for i, other in enumerate(ordered) if other["fieldname"] == neighbour), 0)
        ordered.insert(at, field)
        placed.add(field["fieldname"])
    return ordered


def _apply(setter: Mapping[str, Any], own: dict[str, Any], rows: dict[str, list[dict[str, Any]]]) -> None:
    """Apply one property setter."""
    value = cast_property(setter.get("property_type"), setter.get("value"))
    kind = setter.get("doctype_or_field")
    name = str(setter.get("property"))
    if kind == "DocType":
        own[name] = value
        return
    if kind == "DocField":
        for field in rows["fields"]:
            if field["fieldname"] == setter.get("field_name"):
                field[name] = value
        return
    table = {"DocType Action": "actions", "DocType Link": "links", "DocType State": "states"}.get(str(kind))
    for row in rows.get(table or "", []):
        if row.get("name") == setter.get("row_name"):
            row[name] = value


def cast_property(property_type: Any, value: Any) -> Any:
    """Give the value of a property setter as its type."""
    if property_type in NUMBER_PROPERTIES:
        try:
            return int(float(value or 0))
        except (TypeError, ValueError):
            return 0
    return value
