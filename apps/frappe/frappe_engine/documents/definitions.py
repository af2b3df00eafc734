"""Changing DocTypes on a site: what is checked before, what follows after, renaming and deleting them.

Invariant: the table of a DocType is in line with its definition when the save returns, and no stored value is lost by
it: a change that would lose one is refused before anything is written.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

from frappe_engine.access.summary import forget_summaries
from frappe_engine.context import errors
from frappe_engine.context.errors import DoesNotExistError, ValidationError
from frappe_engine.context.hooks import get_app_path
from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.database.database import process_cache_of
from frappe_engine.documents.controllers import load_doctype_module, module_app
from frappe_engine.documents.metas import forget_meta, get_meta, update_table
from frappe_engine.documents.passwords import forget_passwords, rename_password_field
from frappe_engine.kit.columns import NO_COLUMN, TABLE_TYPES
from frappe_engine.kit.text import scrub
from frappe_engine.schema.checks import Problem, Surroundings, Target, problems_of

KINDS = {"issingle": "single", "istable": "child table"}
LINKING_TYPES = ("Link", "Table", "Table MultiSelect")


class InvalidFieldNameError(ValidationError):
    """A field can't be called so, or is named that is not there."""


class UniqueFieldnameError(ValidationError):
    """Two fields of a DocType have the same name."""


class IllegalMandatoryError(ValidationError):
    """A field is mandatory that can't be filled."""


class DoctypeLinkError(ValidationError):
    """A link or table has no DocType."""


class WrongOptionsDoctypeLinkError(ValidationError):
    """A link or table names a DocType that is not there."""


class HiddenAndMandatoryWithoutDefaultError(ValidationError):
    """Nobody could fill a mandatory field."""


class NonUniqueError(ValidationError):
    """A field can't be unique."""


class CannotIndexedError(ValidationError):
    """A field can't be indexed."""


class CannotCreateStandardDoctypeError(ValidationError):
    """DocTypes of apps are changed in developer mode alone."""


_OWN_ERRORS: dict[str, type[ValidationError]] = {
    error.__name__: error
    for error in (
        InvalidFieldNameError,
        UniqueFieldnameError,
        IllegalMandatoryError,
        DoctypeLinkError,
        WrongOptionsDoctypeLinkError,
        HiddenAndMandatoryWithoutDefaultError,
        NonUniqueError,
        CannotIndexedError,
    )
}


# checking


def surroundings_of(doctype: str, *, is_new: bool = False, stored_autoname: str | None = None) -> Surroundings:
    """Give what the rules need to know beyond the definition of a DocType."""
    return Surroundings(
        target=find_target,
        has_rows=lambda: has_rows(doctype),
        has_duplicates=lambda fieldname: _has_duplicates(doctype, fieldname),
        series_of_others=_series_of_others(doctype),
        stored_autoname=stored_autoname,
        is_new=is_new,
    )


def find_target(name: str) -> Target | None:
    """Give what fields have to know of a DocType, None when there is none of that name."""
    if not name or len(name) > 140:
        return None
    row = current().db.row("SELECT `name` FROM `tabDocType` WHERE `name` = ?", (name,))
    if row is None:
        return None
    meta = get_meta(str(row[0]))
    return Target(meta.name, bool(meta.istable), bool(meta.issingle), frozenset(meta.by_name))


def has_rows(doctype: str) -> bool:
    """Tell whether documents of a DocType are stored (for a single: whether it was ever stored)."""
    database = current().db
    if database.row("SELECT 1 FROM `tabSingles` WHERE `doctype` = ? LIMIT 1", (doctype,)) is not None:
        return True
    return bool(database.table_exists(doctype, cached=False) and database.a_row_exists(doctype))


def _has_duplicates(doctype: str, fieldname: str) -> bool:
    database = current().db
    if not database.table_exists(doctype, cached=False) or not database.has_column(doctype, fieldname):
        return False
    query = (
        f"SELECT 1 FROM `tab{doctype}` WHERE `{fieldname}` IS NOT NULL AND `{fieldname}` <> ''"
        f" GROUP BY `{fieldname}` HAVING count(*) > 1 LIMIT 1"
    )
    return database.row(query) is not None


def _series_of_others(doctype: str) -> dict[str, str]:
    rows = current().db.rows(
        "SELECT `name`, `autoname` FROM `tabDocType` WHERE `autoname` LIKE '%.#%' AND `name` <> ?", (doctype,)
    )
    return {autoname.partition(".")[0]: name for name, autoname in rows if ":" not in autoname}


def check_definition(definition: Mapping[str, Any], *, is_new: bool, stored_autoname: str | None = None) -> None:
    """Raise the error of the first rule that a definition breaks, with a message for each of them."""
    around = surroundings_of(str(definition["name"]), is_new=is_new, stored_autoname=stored_autoname)
    raise_problems(problems_of(definition, around))


def check_permissions_of(doctype: str) -> None:
    """Raise `ValidationError` when the rules of rights that count on this site are impossible."""
    from frappe_engine.schema.checks import check_permissions  # the one rule that is asked for by itself

    meta = get_meta(doctype, cached=False)
    definition = {
        "name": doctype,
        "istable": meta.istable,
        "is_submittable": meta.is_submittable,
        "allow_import": meta.allow_import,
        "permissions": [row.as_dict() for row in meta.permissions],
    }
    raise_problems(list(check_permissions(definition, surroundings_of(doctype))))


def raise_problems(problems: Sequence[Problem]) -> None:
    """Raise the error of the first problem, with a message for each of them."""
    if problems:
        _raise(problems)


def _raise(problems: Sequence[Problem]) -> NoReturn:
    first = problems[0].kind
    error: type[Exception] = _OWN_ERRORS[first] if first in _OWN_ERRORS else getattr(errors, first, ValidationError)
    texts = list(dict.fromkeys(_(problem.text).format(*problem.values) for problem in problems))
    throw(texts[0] if len(texts) == 1 else texts, error, as_list=len(texts) > 1, title=_("This DocType can't be saved"))


def refuse_change_of_kind(before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Raise `ValidationError` when stored documents would no longer be what they are: a single, rows, submitted."""
    name = str(after["name"])
    for kind, words in KINDS.items():
        if bool(before.get(kind)) != bool(after.get(kind)) and has_rows(name):
            throw(_("{0} has documents: whether it is a {1} can't be changed any more").format(_(name), _(words)))
    if before.get("is_submittable") and not after.get("is_submittable") and _has_submitted(name):
        throw(_("{0} has submitted documents: it must stay submittable").format(_(name)))


def _has_submitted(doctype: str) -> bool:
    database = current().db
    if not database.table_exists(doctype, cached=False):
        return False
    return database.row(f"SELECT 1 FROM `tab{doctype}` WHERE `docstatus` > 0 LIMIT 1") is not None


# after a DocType was stored


def follow_definition(
    doctype: str, before: Mapping[str, Any] | None = None, renamed: Mapping[str, str] | None = None
) -> None:
    """Let the table and every cache follow the stored definition; `renamed` fields ({old: new}) keep their values.

    Raises `ValidationError` when stored values would not fit; nothing is changed in the table then.
    """
    forget_definition(doctype)
    if before is not None:
        _make_anew_if_name_changes_type(doctype, before)
    update_table(doctype, renamed)
    run_module_method(doctype, "on_doctype_update")


def forget_definition(doctype: str) -> None:
    """Let every process read a DocType anew, and who links to what."""
    forget_meta(doctype)
    cache = process_cache_of(current())
    cache.forget_kind("linked_from")
    cache.forget("dynamic_links|")
    current().db.forget_structure()


def _make_anew_if_name_changes_type(doctype: str, before: Mapping[str, Any]) -> None:
    """An empty table is made anew when names become numbers, or numbers names, and when its kind changes."""
    meta = get_meta(doctype)
    numbers = [definition.get("autoname") == "autoincrement" for definition in (before, vars(meta))]
    kinds = [tuple(bool(definition.get(kind)) for kind in KINDS) for definition in (before, vars(meta))]
    if numbers[0] == numbers[1] and kinds[0] == kinds[1]:
        return
    database = current().db
    if database.table_exists(doctype, cached=False) and not database.a_row_exists(doctype):
        if not database.is_sqlite:
            database.commit()
        database.define([f"DROP TABLE `tab{doctype}`"])
        database.forget_structure()


def run_module_method(doctype: str, method: str) -> None:
    """Call a function of a DocType's controller module, where an app ships one."""
    meta = get_meta(doctype)
    if meta.custom or not meta.module:
        return
    try:
        module = load_doctype_module(doctype, meta.module)
    except ImportError:
        return
    function = getattr(module, method, None)
    if function is not None:
        function()


# fields


def rename_field_data(doctype: str, old: str, new: str) -> bool:
    """Take the stored values of a field over to a new name of it; tell whether there was anything to take.

    A value under the new name gives way to one under the old name.
    """
    meta = get_meta(doctype)
    field = meta.get_field(new)
    if field is None:
        return False
    database = current().db
    if meta.issingle:
        cursor = database.write(
            "UPDATE `tabSingles` SET `field` = ? WHERE `doctype` = ? AND `field` = ?", (new, doctype, old)
        )
        process_cache_of(current()).forget(f"single|{doctype}")
        return bool(cursor.rowcount)
    if field.fieldtype in TABLE_TYPES:
        cursor = database.write(
            f"UPDATE `tab{field.options}` SET `parentfield` = ? WHERE `parentfield` = ? AND `parenttype` = ?",
            (new, old, doctype),
        )
        return bool(cursor.rowcount)
    if field.fieldtype in NO_COLUMN:
        return False
    if field.fieldtype == "Password":
        rename_password_field(doctype, old, new)
    columns = database.get_table_columns(doctype)
    if old not in columns or new not in columns:
        return False
    cursor = database.write(f"UPDATE `tab{doctype}` SET `{new}` = `{old}` WHERE `{old}` IS NOT NULL")
    process_cache_of(current()).forget_kind(f"doc|{doctype}")
    return bool(cursor.rowcount)


def rename_field_everywhere(doctype: str, old: str, new: str) -> None:
    """Let what names a field by its name follow: property setters, links that fetch it, reports, saved lists."""
    database = current().db
    database.write(
        "UPDATE `tabProperty Setter` SET `field_name` = ? WHERE `doc_type` = ? AND `field_name` = ?",
        (new, doctype, old),
    )
    database.write(
        "UPDATE `tabCustom Field` SET `insert_after` = ? WHERE `dt` = ? AND `insert_after` = ?", (new, doctype, old)
    )
    _rename_in_reports(doctype, old, new)
    _rename_in_lists(doctype, old, new)
    _rename_in_fetches(doctype, old, new)
    forget_definition(doctype)


def _rename_in_reports(doctype: str, old: str, new: str) -> None:
    database = current().db
    query = "SELECT `name`, `json` FROM `tabReport` WHERE `ref_doctype` = ? AND `json` LIKE ?"
    for name, text in database.rows(query, (doctype, f'%"{old}"%')):
        changed = str(text).replace(f'"{old}"', f'"{new}"')
        database.write("UPDATE `tabReport` SET `json` = ? WHERE `name` = ?", (changed, name))


def _rename_in_lists(doctype: str, old: str, new: str) -> None:
    database = current().db
    query = "SELECT `name`, `filters` FROM `tabList Filter` WHERE `reference_doctype` = ? AND `filters` LIKE ?"
    for name, text in database.rows(query, (doctype, f'%"{old}"%')):
        changed = str(text).replace(f'"{old}"', f'"{new}"')
        database.write("UPDATE `tabList Filter` SET `filters` = ? WHERE `name` = ?", (changed, name))


def _rename_in_fetches(doctype: str, old: str, new: str) -> None:
    """Fields of the site that fetch this one through a link fetch it under its new name."""
    database = current().db
    query = "SELECT c.`name`, c.`dt`, c.`fetch_from` FROM `tabCustom Field` c WHERE c.`fetch_from` LIKE ?"
    for name, owner, path in database.rows(query, (f"%.{old}",)):
        link = get_meta(owner).get_field(str(path).partition(".")[0])
        if link is not None and link.options == doctype and str(path).partition(".")[2] == old:
            changed = f"{link.fieldname}.{new}"
            database.write("UPDATE `tabCustom Field` SET `fetch_from` = ? WHERE `name` = ?", (changed, name))
            forget_meta(owner)


# renaming and deleting DocTypes


def rename_definition(old: str, new: str) -> None:
    """Let everything that knows a DocType by its name follow a rename: table, rows, fields, settings, counters."""
    database = current().db
    _rename_rows_of_tables(old, new)
    for table in ("DocField", "Custom Field", "Customize Form Field"):
        if database.table_exists(table):
            marks = ", ".join("?" * len(LINKING_TYPES))
            query = f"UPDATE `tab{table}` SET `options` = ? WHERE `options` = ? AND `fieldtype` IN ({marks})"
            database.write(query, (new, old, *LINKING_TYPES))
    _rename_customisations(old, new)
    for statement in (
        "UPDATE `tabSingles` SET `doctype` = ? WHERE `doctype` = ?",
        "UPDATE `__Auth` SET `doctype` = ? WHERE `doctype` = ?",
        "UPDATE `tabCustom DocPerm` SET `parent` = ? WHERE `parent` = ?",
        "UPDATE `tabList Filter` SET `reference_doctype` = ? WHERE `reference_doctype` = ?",
        "UPDATE `tabDeleted Document` SET `deleted_doctype` = ? WHERE `deleted_doctype` = ?",
        "UPDATE `tabFile` SET `attached_to_doctype` = ? WHERE `attached_to_doctype` = ?",
    ):
        database.write(statement, (new, old))
    forget_passwords()
    counter = "UPDATE `tabSeries` SET `name` = ? WHERE `name` = ?"
    database.write(counter, (f"autoincrement:{new}", f"autoincrement:{old}"))
    _rename_table(old, new)
    for name in (old, new):
        forget_definition(name)
    _forget_every_meta()


def _rename_rows_of_tables(old: str, new: str) -> None:
    """Rows of child tables know the DocType of their parent."""
    database = current().db
    query = (
        "SELECT `options` FROM `tabDocField` WHERE `parent` = ? AND `fieldtype` IN ('Table', 'Table MultiSelect')"
        " UNION SELECT `options` FROM `tabCustom Field` WHERE `dt` IN (?, ?)"
        " AND `fieldtype` IN ('Table', 'Table MultiSelect')"
    )
    for (child,) in database.rows(query, (new, old, new)):
        if database.table_exists(child):
            database.write(f"UPDATE `tab{child}` SET `parenttype` = ? WHERE `parenttype` = ?", (new, old))


def _rename_customisations(old: str, new: str) -> None:
    """Names of custom fields and property setters begin with the DocType's."""
    database = current().db
    for table in ("DocType Action", "DocType Link", "DocType State"):
        query = f"UPDATE `tab{table}` SET `parent` = ? WHERE `parent` = ? AND `parenttype` = 'Customize Form'"
        database.write(query, (new, old))
    for table, column in (("Custom Field", "dt"), ("Property Setter", "doc_type")):
        for (name,) in database.rows(f"SELECT `name` FROM `tab{table}` WHERE `{column}` IN (?, ?)", (old, new)):
            if str(name).startswith(f"{old}-"):
                renamed = f"{new}{str(name).removeprefix(old)}"
                database.write(
                    f"UPDATE `tab{table}` SET `name` = ?, `{column}` = ? WHERE `name` = ?", (renamed, new, name)
                )


def _rename_table(old: str, new: str) -> None:
    database = current().db
    if not database.table_exists(old, cached=False):
        return
    if not database.is_sqlite:
        database.commit()
        database.rename_table(old, new)
        return
    indexes = database.get_indexes(f"tab{old}")
    database.rename_table(old, new)
    for name, (unique, columns) in indexes.items():
        if not name.startswith(f"tab{old}."):
            continue
        kind = "UNIQUE INDEX" if unique else "INDEX"
        listed = ", ".join(f"`{column}`" for column in columns)
        renamed = f"tab{new}{name.removeprefix(f'tab{old}')}"
        database.define([f"DROP INDEX `{name}`", f"CREATE {kind} `{renamed}` ON `tab{new}` ({listed})"])


def _forget_every_meta() -> None:
    from frappe_engine.documents.metas import forget_all_metas  # a rename touches links everywhere

    forget_all_metas()
    forget_summaries()


def fields_that_point_at(doctype: str) -> list[tuple[str, str]]:
    """Give (DocType, field) of every link and table of other DocTypes that names this one."""
    marks = ", ".join("?" * len(LINKING_TYPES))
    query = (
        f"SELECT `parent`, `fieldname` FROM `tabDocField` WHERE `options` = ? AND `parent` <> ? AND `fieldtype` IN ({marks})"
        f" UNION SELECT `dt`, `fieldname` FROM `tabCustom Field` WHERE `options` = ? AND `dt` <> ? AND `fieldtype` IN ({marks})"
    )
    given = (doctype, doctype, *LINKING_TYPES)
    return [(str(row[0]), str(row[1])) for row in current().db.rows(query, (*given, *given))]


# files of apps


def definition_path(doctype: str, module: str) -> str:
    """Give the path of the JSON file of an app's DocType."""
    name = scrub(doctype)
    return os.path.join(get_app_path(module_app(module), scrub(module)), "doctype", name, f"{name}.json")


def definition_of(doctype: str) -> dict[str, Any]:
    """Give an app's DocType as its file defines it. Raises `DoesNotExistError` when there is no file."""
    path = definition_path(doctype, str(get_meta(doctype).module))
    try:
        with open(path, encoding="utf-8") as file:
            content: dict[str, Any] = json.load(file)
    except FileNotFoundError as error:
        raise DoesNotExistError(_("{0} has no file").format(_(doctype))) from error
    return content


def names_of(rows: Iterable[Any]) -> dict[str, str]:
    """Give fieldnames by the names of their rows, for comparing two states of a DocType."""
    return {str(row.name): str(row.fieldname) for row in rows if row.get("name") and row.get("fieldname")}
