"""Writing documents and their rows: one by one, a table's rows together, many documents at once.

Invariant: what the plan names as columns is written, passwords only in their hidden form.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from frappe_engine.context.clock import now_datetime
from frappe_engine.context.errors import DuplicateEntryError, UniqueValidationError
from frappe_engine.context.local import current, providers
from frappe_engine.context.messages import msgprint
from frappe_engine.context.translate import _
from frappe_engine.database.database import single_text
from frappe_engine.documents import passwords
from frappe_engine.documents.base import session_user, stored_value
from frappe_engine.documents.life.checking import Checks
from frappe_engine.documents.life.loading import load_rows
from frappe_engine.documents.life.rows import fill_row_stamps, name_row, row_changed, row_values
from frappe_engine.documents.listeners import listeners_of
from frappe_engine.documents.naming import hash_name, set_new_name
from frappe_engine.documents.plans import Plan, get_plan


class Writing(Checks):
    """A document that can be written."""

    # its own row

    def db_insert(self, ignore_if_duplicate: bool = False) -> None:
        """Write this document's own row. Raises `DuplicateEntryError` or `UniqueValidationError`."""
        plan = get_plan(self.doctype)
        own = self.__dict__
        if not own.get("name"):
            set_new_name(self)
        if not own.get("creation"):
            own["creation"] = own["modified"] = now_datetime()
            own["owner"] = own["modified_by"] = session_user()
        if plan.passwords:
            passwords.hide(self, plan)
        database = current().db
        try:
            database.write(plan.insert_sql, row_values(self, plan))
        except Exception as error:
            if not database.is_duplicate_entry(error):
                raise
            self._refuse_duplicate(error, ignore_if_duplicate)
            return
        own["__islocal"] = False

    def row_to_insert(self) -> tuple[tuple[str, ...], tuple[Any, ...]]:
        """Give columns and values of the row that `db_insert` would write, named and stamped, for who writes many at once."""
        plan = get_plan(self.doctype)
        if not self.__dict__.get("name"):
            set_new_name(self)
        if plan.passwords:
            passwords.hide(self, plan)
        fill_row_stamps(self)
        return plan.columns, row_values(self, plan)

    def _refuse_duplicate(self, error: Exception, ignore_if_duplicate: bool) -> None:
        if self._name_is_taken(error):
            if ignore_if_duplicate:
                return
            msgprint(
                _("{0} {1} already exists").format(_(self.doctype), self.name),
                title=_("Duplicate Name"),
                indicator="red",
            )
            raise DuplicateEntryError(self.doctype, self.name, error) from error
        self.show_unique_validation_message(error)

    def _name_is_taken(self, error: Exception) -> bool:
        """A name made from a unique field breaks two keys at once; databases name either of them."""
        database = current().db
        return database.is_primary_key_violation(error) or bool(
            database.is_sqlite and database.get_value_by_name(self.doctype, self.name, "name")
        )

    def show_unique_validation_message(self, error: Exception) -> None:
        """Raise `UniqueValidationError` naming the field whose value is taken."""
        names = current().db.driver.duplicate_columns(error)
        labels = [_(self.meta.get_label(name)) if self.meta.has_field(name) else name for name in names]
        msgprint(_("{0} must be unique").format(", ".join(labels)), title=_("Message"), indicator="red")
        raise UniqueValidationError(self.doctype, self.name, error) from error

    def db_update(self) -> None:
        """Write this document's own row again."""
        own = self.__dict__
        if own.get("__islocal") or not own.get("name"):
            self.db_insert()
            return
        plan = get_plan(self.doctype)
        if plan.passwords:
            passwords.hide(self, plan)
        values = row_values(self, plan, plan.update_columns)
        database = current().db
        try:
            database.write(plan.update_sql, (*values, own["name"]))
        except Exception as error:
            if database.is_duplicate_entry(error):
                self.show_unique_validation_message(error)
            raise

    def update_single(self, d: Mapping[str, Any]) -> None:
        """Write the values of a Single."""
        plan = get_plan(self.doctype)
        if plan.passwords:
            passwords.hide(self, plan)
            d = {**d, **{field.fieldname: self.__dict__.get(field.fieldname) for field in plan.passwords}}
        database = current().db
        database.write("DELETE FROM `tabSingles` WHERE `doctype` = ?", (self.doctype,))
        rows = [
            (self.doctype, key, single_text(stored_value(value, key, self.doctype)))
            for key, value in d.items()
            if key != "doctype"
        ]
        database.write_many("INSERT INTO `tabSingles` (`doctype`, `field`, `value`) VALUES (?, ?, ?)", rows)
        providers("documents_changed", self.doctype, [self.doctype])

    def db_set(
        self,
        fieldname: Any,
        value: Any = None,
        update_modified: bool = True,
        notify: bool = False,
        commit: bool = False,
    ) -> None:
        """Write fields at once, without checks or events other than `on_change`."""
        values = dict(fieldname) if isinstance(fieldname, Mapping) else {fieldname: value}
        if update_modified and (self.doctype, self.name) not in (current().flags.get("currently_saving") or []):
            self.__dict__["modified"], self.__dict__["modified_by"] = now_datetime(), session_user()
        for key, item in values.items():
            self.set(key, item)
        if (
            not self.is_new()
            and self.__dict__.get("_doc_before_save") is None
            and (get_plan(self.doctype).wants(type(self), "on_change") or "on_change" in listeners_of(self.doctype))
        ):
            self.load_doc_before_save()
        current().db.set_value(
            self.doctype,
            self.name,
            {key: stored_value(self.get(key), key, self.doctype) for key in values},
            modified=self.modified,
            modified_by=self.modified_by,
            update_modified=update_modified,
        )
        self.run_method("on_change")
        if notify:
            self.notify_update()
        if commit:
            current().db.commit()

    # the rows of its tables

    def _insert_rows(self) -> None:
        for child in get_plan(self.doctype).children:
            insert_rows(self.__dict__.get(child.fieldname) or [])

    def update_children(self) -> None:
        """Write the rows: new ones are added, changed ones written, those no longer there deleted."""
        for child in get_plan(self.doctype).children:
            self.update_child_table(child.fieldname, child.field)

    def update_child_table(self, fieldname: str, df: Any = None) -> None:
        """Write the rows of one table."""
        field: Any = df or self.meta.get_field(fieldname)
        rows = self.__dict__.get(fieldname) or []
        before = self.get_doc_before_save()
        stored = {row.name: row for row in (before.get(fieldname) or [])} if before is not None else None
        if stored is None:
            stored = {
                row.name: row
                for row in load_rows(self.doctype, self.name, {field.options: [fieldname]}).get(fieldname, [])
            }
        kept = {row.__dict__.get("name") for row in rows}
        _delete_rows(field.options, [name for name in stored if name not in kept])
        new: list[Any] = []
        for row in rows:
            if row.__dict__.get("name") not in stored or row.is_new():
                new.append(row)
            elif type(row).db_update is not Writing.db_update or row_changed(row, stored[row.name]):
                row.db_update()
        insert_rows(new)

    def db_update_all(self) -> None:
        """Write this document's row and all rows of its tables as they are, without checks."""
        self.db_update()
        for row in self.get_all_children():
            row.db_update()


def insert_rows(rows: list[Any]) -> None:
    """Write new rows, all of one DocType in one statement; rows with a `db_insert` of their own write themselves.

    Such a row's class may have a method `may_insert_together` that says when the common way will do.
    """
    plain: dict[str, list[Any]] = {}
    for row in rows:
        if type(row).db_insert is not Writing.db_insert and not _may_insert_together(row):
            row.db_insert()
            continue
        plain.setdefault(row.doctype, []).append(row)
    database = current().db
    for doctype, group in plain.items():
        plan = get_plan(doctype)
        for row in group:
            if not row.__dict__.get("name"):
                name_row(row)
            if plan.passwords:
                passwords.hide(row, plan)
            fill_row_stamps(row)
        try:
            if len(group) == 1:
                database.write(plan.insert_sql, row_values(group[0], plan))
            else:
                database.write_many(plan.insert_sql, [row_values(row, plan) for row in group])
        except Exception as error:
            if database.is_duplicate_entry(error):
                group[0]._refuse_duplicate(error, ignore_if_duplicate=False)
            raise
        for row in group:
            row.__dict__["__islocal"] = False


def _may_insert_together(row: Any) -> bool:
    """Whether a row that writes itself in its own way says that at present it needs none."""
    asked = getattr(type(row), "may_insert_together", None)
    return bool(asked and asked(row))


def _delete_rows(doctype: str, names: list[Any]) -> None:
    for start in range(0, len(names), 500):
        part = names[start : start + 500]
        current().db.write(f"DELETE FROM `tab{doctype}` WHERE `name` IN ({', '.join('?' * len(part))})", part)


def bulk_insert(doctype: str, documents: Any, ignore_duplicates: bool = False, chunk_size: int = 10_000) -> None:
    """Write many new documents with their rows at once, without events or checks (names and stamps are given).

    One statement per table and `chunk_size` documents.
    """
    plan = get_plan(doctype)
    database = current().db
    chunk: list[Any] = []
    for document in documents:
        chunk.append(document)
        if len(chunk) >= chunk_size:
            _insert_chunk(plan, chunk, database, ignore_duplicates)
            chunk = []
    if chunk:
        _insert_chunk(plan, chunk, database, ignore_duplicates)


def _insert_chunk(plan: Plan, documents: list[Any], database: Any, ignore_duplicates: bool) -> None:
    moment, user = now_datetime(), session_user()
    children: dict[str, list[Any]] = {}
    for document in documents:
        own = document.__dict__
        own["creation"], own["modified"] = own.get("creation") or moment, own.get("modified") or moment
        own["owner"], own["modified_by"] = own.get("owner") or user, own.get("modified_by") or user
        if not own.get("name"):
            set_new_name(document)
        document.set_parent_in_children()
        for row in document.get_all_children():
            row.__dict__.setdefault("name", None)
            row.__dict__["creation"] = row.__dict__["modified"] = own["creation"]
            row.__dict__["owner"] = row.__dict__["modified_by"] = own["owner"]
            row.__dict__["name"] = row.__dict__["name"] or hash_name()
            children.setdefault(row.doctype, []).append(row)
    database.bulk_insert(plan.meta.name, plan.columns, [row_values(d, plan) for d in documents], ignore_duplicates)
    for doctype, rows in children.items():
        child_plan = get_plan(doctype)
        database.bulk_insert(
            doctype, child_plan.columns, [row_values(row, child_plan) for row in rows], ignore_duplicates
        )
    for document in documents:
        document.__dict__["__islocal"] = False
