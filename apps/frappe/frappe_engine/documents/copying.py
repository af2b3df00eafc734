"""Copies of documents, and new documents mapped from others (an order to its delivery).

Invariant: a copy has no name, no status and no field marked "no copy"; the source is never changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from frappe_engine.context.errors import MappingMismatchError
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.documents.life.loading import get_doc, new_doc
from frappe_engine.documents.metas import get_meta
from frappe_engine.kit.attrdict import _dict

NEVER_COPIED = frozenset(
    {"name", "owner", "creation", "modified", "modified_by", "docstatus", "amended_from", "amendment_date"}
)
ROW_BOOKKEEPING = frozenset(
    {"name", "parent", "parentfield", "parenttype", "idx", "docstatus", "creation", "modified", "owner", "modified_by"}
)


def copy_doc(doc: Any, ignore_no_copy: bool = True) -> Any:
    """Give an unsaved copy of a document; `ignore_no_copy=False` leaves out fields marked "no copy"."""
    source = doc if isinstance(doc, Mapping) else doc.as_dict()
    source = {key: value for key, value in source.items() if not key.startswith("__")}
    copy = get_doc(_copied(source))
    own = copy.__dict__
    own["name"] = None
    own["__islocal"] = 1
    own["docstatus"] = 0
    for name in ("owner", "creation", "modified", "modified_by"):
        own[name] = None
    for name in ("amended_from", "amendment_date"):
        if copy.meta.has_field(name):
            own[name] = None
    if not ignore_no_copy:
        _remove_not_copied(copy)
    for row in copy.get_all_children():
        state = row.__dict__
        state["name"] = state["parent"] = None
        state["__islocal"] = 1
        state["docstatus"] = 0
        for name in ("owner", "creation", "modified", "modified_by"):
            state[name] = None
        if not ignore_no_copy:
            _remove_not_copied(row)
    return copy


def _copied(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: [dict(row) for row in value] if isinstance(value, list) else value for key, value in values.items()}


def _remove_not_copied(document: Any) -> None:
    for field in document.meta.fields:
        if field.get("no_copy") and field.fieldname in document.__dict__:
            document.set(field.fieldname, [] if field.fieldtype in ("Table", "Table MultiSelect") else None)


def get_mapped_doc(
    from_doctype: str,
    from_docname: str,
    table_maps: Mapping[str, Any],
    target_doc: Any = None,
    postprocess: Callable[..., Any] | None = None,
    ignore_permissions: bool = False,
    ignore_child_tables: bool = False,
    cached: bool = False,
) -> Any:
    """Give a new document made from a stored one as `table_maps` says.

    Per source DocType (the document's and its rows'): `doctype` of the target, `field_map`, `field_no_map`,
    `validation` {field: [operator, value]}, `condition(row)`, `postprocess(source, target, parent)`, `filter`,
    `add_if_empty`, `ignore`, `reset_value`. Fields of the same name are taken over. Raises `PermissionError`,
    `MappingMismatchError`.
    """
    source = get_doc(from_doctype, from_docname)
    own_map = table_maps[from_doctype]
    target = _target(target_doc, own_map["doctype"])
    if not ignore_permissions:
        source.check_permission("read")
        if not target.has_permission("create"):
            target.raise_no_permission_to("create")
    map_doc(source, target, own_map)
    if not ignore_child_tables:
        _map_tables(source, target, table_maps, own_map)
    if postprocess:
        postprocess(source, target)
    if target.meta.has_field("naming_series") and not target.get("naming_series"):
        options = target.meta.get_naming_series_options()
        target.naming_series = options[0] if options else None
    target.set_onload("load_after_mapping", True)
    return target


def _target(target_doc: Any, doctype: str) -> Any:
    if target_doc is None:
        return new_doc(doctype)
    if isinstance(target_doc, str):
        import json

        return get_doc(json.loads(target_doc))
    return target_doc if not isinstance(target_doc, dict) else get_doc(target_doc)


def _map_tables(source: Any, target: Any, table_maps: Mapping[str, Any], own_map: Mapping[str, Any]) -> None:
    skipped = {field.fieldname for field in source.meta.get_table_fields() if field.get("no_copy")}
    skipped |= set(own_map.get("field_no_map") or ())
    for field in source.meta.get_table_fields():
        row_map = table_maps.get(field.options)
        if row_map is None:
            row_map = _same_table(field, target, skipped)
        if not row_map or row_map.get("ignore"):
            continue
        _map_rows(source, target, field, row_map)


def _same_table(field: Any, target: Any, skipped: set[str]) -> dict[str, Any] | None:
    """A table of the same name and kind in the target is copied without being asked for."""
    other = target.meta.get_field(field.fieldname)
    if other is None or other.options != field.options or field.fieldname in skipped or other.get("no_copy"):
        return None
    return {"doctype": field.options}


def _map_rows(source: Any, target: Any, field: Any, row_map: Mapping[str, Any]) -> None:
    fieldname = _target_table(field, target, row_map)
    if fieldname is None:
        return
    if row_map.get("reset_value"):
        target.set(fieldname, [])
    if row_map.get("add_if_empty") and target.get(fieldname):
        return
    for row in source.get(field.fieldname) or ():
        if "condition" in row_map and not row_map["condition"](row):
            continue
        if row_map.get("filter") and row_map["filter"](row):
            continue
        mapped = target.append(fieldname, {})
        map_doc(row, mapped, row_map, source)


def _target_table(field: Any, target: Any, row_map: Mapping[str, Any]) -> str | None:
    own = target.meta.get_field(field.fieldname)
    if own is not None and own.options == row_map["doctype"]:
        return str(own.fieldname)
    found = [other.fieldname for other in target.meta.get_table_fields() if other.options == row_map["doctype"]]
    return found[0] if found else None


def map_doc(source_doc: Any, target_doc: Any, table_map: Mapping[str, Any], source_parent: Any = None) -> None:
    """Take the values of one document or row over into another, as its map says."""
    for fieldname, (operator, wanted) in (table_map.get("validation") or {}).items():
        _check(source_doc, fieldname, operator, wanted)
    map_fields(source_doc, target_doc, table_map, source_parent)
    if "postprocess" in table_map:
        table_map["postprocess"](source_doc, target_doc, source_parent)


def _check(source: Any, fieldname: str, operator: str, wanted: Any) -> None:
    value = source.get(fieldname)
    fits = (
        value == wanted
        if operator == "="
        else value not in wanted
        if operator == "not in"
        else value in wanted
        if operator == "in"
        else value != wanted
    )
    if not fits:
        throw(
            _("Cannot map because following condition fails: {0} {1} {2}").format(
                _(source.meta.get_label(fieldname)), operator, wanted
            ),
            MappingMismatchError,
        )


def map_fields(source_doc: Any, target_doc: Any, table_map: Mapping[str, Any], source_parent: Any) -> None:
    """Take over fields of the same name, then those that `field_map` renames."""
    left_out = {
        f.fieldname for f in source_doc.meta.fields if f.get("no_copy") or f.fieldtype in ("Table", "Table MultiSelect")
    }
    left_out |= {
        f.fieldname for f in target_doc.meta.fields if f.get("no_copy") or f.fieldtype in ("Table", "Table MultiSelect")
    }
    left_out |= set(table_map.get("field_no_map") or ()) | NEVER_COPIED | ROW_BOOKKEEPING
    for field in target_doc.meta.data_fields:
        name = field.fieldname
        if name not in left_out:
            value = source_doc.get(name)
            if value not in (None, ""):
                target_doc.set(name, value)
    for source_key, target_key in _pairs(table_map.get("field_map")):
        value = source_doc.get(source_key)
        if value not in (None, ""):
            target_doc.set(target_key, value)


def _pairs(field_map: Any) -> list[tuple[str, str]]:
    if not field_map:
        return []
    return list(field_map.items()) if isinstance(field_map, Mapping) else [(pair[0], pair[1]) for pair in field_map]


def as_new(values: Mapping[str, Any]) -> Any:
    """Give a dict as an unsaved document of its `doctype`."""
    get_meta(str(values["doctype"]))
    return get_doc(_dict(values, __islocal=1))
