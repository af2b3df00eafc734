"""Loading DocTypes: from the site's tables, or from the apps' JSON files while the tables are being made.

Invariant: `get_meta` gives the same object until the DocType changes; the change is seen by every process at its
next request.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

from frappe_engine.context.errors import DoesNotExistError, ValidationError
from frappe_engine.context.local import _current, current, providers
from frappe_engine.context.translate import _
from frappe_engine.database.database import process_cache_of
from frappe_engine.kit.attrdict import _dict
from frappe_engine.schema import Meta, compile_meta
from frappe_engine.schema.plan import SchemaError, as_table, plan_changes, rebuild_statements, rename_columns

META_KINDS = ("meta", "plan", "controller", "rights", "levels", "user_rights")
OF_DOCTYPES = "`parent` = ? AND `parenttype` IN ('DocType', 'Customize Form')"
ROW_TABLES = {
    "fields": "DocField",
    "permissions": "DocPerm",
    "actions": "DocType Action",
    "links": "DocType Link",
    "states": "DocType State",
}


def get_meta(doctype: Any, cached: bool = True) -> Meta:
    """Give the compiled DocType. Raises `DoesNotExistError` when there is none of that name."""
    if cached:
        try:  # a plan is of the definition as it is now
            return _current.get().definitions.plans[doctype].meta  # type: ignore[no-any-return]
        except (LookupError, AttributeError, TypeError):
            pass
    if isinstance(doctype, Meta):
        return doctype
    name = doctype if isinstance(doctype, str) else str(getattr(doctype, "name", doctype or ""))
    if not cached:
        return load_meta(name)
    meta: Meta = process_cache_of(current()).get_or_load(f"meta|{name}", lambda: load_meta(name))
    return meta


def load_meta(doctype: str) -> Meta:
    """Read and compile a DocType."""
    files = current().get("doctype_files")
    if files is not None and doctype in files:
        return meta_of_file(files[doctype])
    stored = _read_rows(doctype)
    if stored is None:
        raise DoesNotExistError(_("DocType {0} not found").format(doctype))
    return compile_meta(*stored)


def meta_of_file(definition: Mapping[str, Any]) -> Meta:
    """Compile a DocType's JSON definition."""
    own = {key: value for key, value in definition.items() if not isinstance(value, list) or key == "field_order"}
    own.pop("field_order", None)
    return compile_meta(own, *(numbered(definition.get(table, ())) for table in ROW_TABLES))


def numbered(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give rows with `idx` 1, 2, 3 …"""
    return [{**row, "idx": number} for number, row in enumerate(rows, start=1)]


def _read_rows(doctype: str) -> tuple[Any, ...] | None:
    """Read a DocType's row and all that defines it besides, as `compile_meta` takes it; most DocTypes have few kinds of that."""
    database = current().db
    found = _select(database, _DOCTYPE, [doctype] * (len(_PARTS) + 1))
    if not found or found[0]["name"] != doctype:  # another spelling finds the row, but not the table
        return None
    own = found[0]
    there = [bool(own.pop(f"has {table}")) for _columns, table, _where, _order in _PARTS]
    if own.get("istable"):
        there[-1] = False  # rows are permitted as their documents are
    parts = [
        _select(database, query, [doctype]) if is_there else [] for query, is_there in zip(_READ, there, strict=True)
    ]
    return (own, *parts)


# What defines a DocType beside its own row, in the order in which `compile_meta` takes it: columns, table, which rows, order.
_PARTS = (
    *(("*", table, OF_DOCTYPES, "idx") for table in ROW_TABLES.values()),
    ("*", "Custom Field", "`dt` = ?", "idx"),
    (
        "`name`, `doctype_or_field`, `field_name`, `row_name`, `property`, `property_type`, `value`",
        "Property Setter",
        "`doc_type` = ?",
        "creation",
    ),
    ("*", "Custom DocPerm", "`parent` = ?", "creation"),
)
_READ = [
    f"SELECT {columns} FROM `tab{table}` WHERE {where} ORDER BY `{order}`" for columns, table, where, order in _PARTS
]
_DOCTYPE = (
    "SELECT `tabDocType`.*, "
    + ", ".join(
        f"EXISTS (SELECT 1 FROM `tab{table}` WHERE {where}) AS `has {table}`" for _c, table, where, _o in _PARTS
    )
    + " FROM `tabDocType` WHERE `name` = ?"
)


def _select(database: Any, query: str, values: Sequence[Any]) -> list[dict[str, Any]]:
    cursor = database.execute(query, values, streamed=True)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def is_single(doctype: str) -> bool:
    """Tell whether a DocType has one document alone; False when there is no such DocType."""
    try:
        return bool(get_meta(doctype).issingle)
    except DoesNotExistError:
        return False


def forget_meta(doctype: str) -> None:
    """Compile a DocType again at next use, in every process."""
    process_cache_of(current()).forget(*(f"{kind}|{doctype}" for kind in ("meta", "plan", "controller")))
    for kind in ("rights", "levels", "user_rights"):
        process_cache_of(current()).forget_kind(kind)


def forget_all_metas() -> None:
    """Compile every DocType again at next use, in every process."""
    for kind in META_KINDS:
        process_cache_of(current()).forget_kind(kind)


def doctype_files(app_paths: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Read the JSON definitions of all DocTypes below the given folders (app to folder), by name."""
    found: dict[str, dict[str, Any]] = {}
    for folder in app_paths.values():
        for path in doctype_paths(folder):
            with open(path, encoding="utf-8") as file:
                definition = json.load(file)
            if definition.get("doctype") == "DocType":
                found[definition["name"]] = definition
    return found


def doctype_paths(app_folder: str) -> list[str]:
    """Give the paths of the DocType definitions of an app, sorted."""
    paths: list[str] = []
    for module in sorted(os.listdir(app_folder)):
        folder = os.path.join(app_folder, module, "doctype")
        if not os.path.isdir(folder):
            continue
        for name in sorted(os.listdir(folder)):
            path = os.path.join(folder, name, f"{name}.json")
            if os.path.isfile(path):
                paths.append(path)
    return paths


def update_table(doctype: Any, renamed: Mapping[str, str] | None = None) -> bool:
    """Bring the table of a DocType in line with its definition; tell whether anything had to be done.

    `renamed` says which fields have new names ({old: new}): their columns keep the values. Raises `ValidationError`
    when stored values would not fit the new definition; nothing is changed then.
    """
    meta = get_meta(doctype)
    if meta.issingle or meta.is_virtual:
        return False
    database = current().db
    table_name = f"tab{meta.name}"
    exists = database.table_exists(meta.name, cached=False)
    table = as_table(database.get_column_types(table_name), database.get_indexes(table_name)) if exists else None
    statements: list[str] = []
    if table is not None and renamed:
        table, statements = rename_columns(meta, table, renamed, database.db_type)
    try:
        plan = plan_changes(meta, table, database.db_type)
    except SchemaError as error:
        raise ValidationError(str(error)) from error
    _refuse_loss(meta, plan, {new: old for old, new in (renamed or {}).items()} if statements else {})
    statements += _ordered(meta, plan, table)
    if not statements:
        return False
    if not database.is_sqlite:
        database.commit()
    database.define(statements)
    database.forget_structure()
    return True


def _refuse_loss(meta: Meta, plan: Any, old_names: Mapping[str, str]) -> None:
    """Raise when a stored value would be lost; columns still have their old names."""
    for column, query in plan.checks:
        found = current().db.row(f"{query.replace(f'`{column}`', f'`{old_names.get(column, column)}`')} LIMIT 1")
        if found is not None:
            raise ValidationError(
                _("{0} of {1} can't be changed that way: the stored value {2} would be lost.").format(
                    _(meta.get_label(column)), _(meta.name), repr(found[0])[:60]
                )
            )


def _ordered(meta: Meta, plan: Any, table: Any) -> list[str]:
    """Put a rebuild first, then new columns, then indexes."""
    if not plan.rebuild or table is None:
        return list(plan.statements)
    added = [statement for statement in plan.statements if " ADD COLUMN " in statement]
    rest = [statement for statement in plan.statements if statement not in added]
    return [*rebuild_statements(meta, plan, table), *added, *rest]


def as_rows(rows: Sequence[Any]) -> list[Any]:
    """Give rows of a definition as plain dicts."""
    return [_dict(row.as_dict()) if hasattr(row, "as_dict") else _dict(row) for row in rows]


providers.register("meta", get_meta)
providers.register("is_single", is_single)
providers.register("update_table", update_table)
