"""The life cycle of documents: insert, save, submit, cancel, delete, and loading them.

The order of events is the public one (observed and documented):
insert — links are checked, `before_insert`, naming, `before_validate`, `validate`, `before_save` (or `before_submit`),
checks of the DocType, rows are written, `after_insert`, `on_update`, (`on_submit`), `on_change`;
save — the stored copy is locked and compared, `before_validate` … `on_change`; submit and cancel likewise.

Invariant: a document is written with all its rows in the caller's transaction, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from operator import itemgetter
from typing import Any, NoReturn

from frappe_engine.access.decisions import accessible_levels, has_permission
from frappe_engine.context.clock import now_datetime
from frappe_engine.context.errors import (
    DocstatusTransitionError,
    DocumentLockedError,
    DoesNotExistError,
    DuplicateEntryError,
    InvalidDates,
    PermissionError,
    TimestampMismatchError,
    UniqueValidationError,
    ValidationError,
)
from frappe_engine.context.local import current, providers
from frappe_engine.context.messages import msgprint, throw
from frappe_engine.context.translate import _
from frappe_engine.database.database import cast_single, process_cache_of, single_text
from frappe_engine.documents import passwords
from frappe_engine.documents.base import BaseDocument, fill, from_row, missing, session_user, stored_value
from frappe_engine.documents.controllers import get_controller
from frappe_engine.documents.defaults import set_defaults
from frappe_engine.documents.events import run_event
from frappe_engine.documents.links import check_links, check_no_links
from frappe_engine.documents.metas import get_meta
from frappe_engine.documents.naming import hash_name, set_new_name, validate_name
from frappe_engine.documents.plans import NUMBER_CASTS, TIME_CASTS, Plan, get_plan
from frappe_engine.documents.validation import (
    check_constants,
    check_mandatory,
    check_update_after_submit,
    check_values,
    same_value,
    sanitise,
)
from frappe_engine.kit.attrdict import _dict

DRAFT, SUBMITTED, CANCELLED = 0, 1, 2
BOOKKEEPING = frozenset({"modified", "modified_by", "creation", "owner", "idx"})


class Document(BaseDocument):
    """A document: what controllers derive from."""

    # how the document was before this save (None while it is inserted), and what this save does
    _doc_before_save: Any = None
    _action: str | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        first = args[0] if args else kwargs or None
        if isinstance(first, Mapping):
            given = first
            doctype = given.get("doctype") or getattr(type(self), "doctype", None)
            if not isinstance(doctype, str):
                raise ValidationError("The DocType is missing")
            plan = get_plan(doctype)
            self.__dict__["__islocal"] = given.get("__islocal")
            fill(self, plan, given)
            return
        if not isinstance(first, str):
            raise ValueError("Document(...) takes a dict, or a DocType and a name")
        self.__dict__["doctype"] = first
        self.__dict__["name"] = args[1] if len(args) > 1 else first
        if isinstance(self.__dict__["name"], Mapping):
            self.__dict__["name"] = _name_for(first, self.__dict__["name"])
        self.__dict__.setdefault("flags", _dict())["for_update"] = kwargs.get("for_update")
        self.load_from_db()

    # loading

    def load_from_db(self) -> Document:
        """Read the stored values and rows into this document. Raises `DoesNotExistError`."""
        flags = self.__dict__.get("flags")
        stored = load(self.doctype, self.name, for_update=bool(flags and flags.get("for_update")))
        own = self.__dict__
        own.clear()
        own.update(stored.__dict__)
        if flags is not None:
            own["flags"] = flags
        for row in self.get_all_children():
            row.__dict__["_parent_doc"] = self
        return self

    def reload(self) -> Document:
        """Read the stored document again."""
        return self.load_from_db()

    def get_latest(self) -> Document:
        """Give the stored document as it is now."""
        latest = self.__dict__.get("_latest")
        if latest is None:
            latest = self.__dict__["_latest"] = get_doc(self.doctype, self.name)
        return latest  # type: ignore[no-any-return]

    def load_doc_before_save(self, *, raise_exception: bool = False) -> None:
        """Keep the stored copy, locked, for comparing. Raises `DoesNotExistError` when asked to."""
        self.__dict__["_doc_before_save"] = None
        if self.is_new():
            return
        try:
            self.__dict__["_doc_before_save"] = get_doc(self.doctype, self.name, for_update=True)
        except DoesNotExistError:
            if raise_exception:
                raise

    def get_doc_before_save(self) -> Any:
        """Give the copy that was stored before this save, None for a new document."""
        return self.__dict__.get("_doc_before_save")

    def has_value_changed(self, fieldname: str) -> bool:
        """Tell whether this save changes a field (true for new documents)."""
        before = self.get_doc_before_save()
        if before is None:
            return True
        old, new = before.get(fieldname), self.get(fieldname)
        if isinstance(new, list) or isinstance(old, list):
            return [r.as_dict() for r in old or []] != [r.as_dict() for r in new or []]
        return not same_value(old, new)

    def get_value_before_save(self, fieldname: str) -> Any:
        """Give the stored value of a field before this save."""
        before = self.get_doc_before_save()
        return before.get(fieldname) if before is not None else None

    # permissions

    def check_permission(self, permtype: str = "read", permlevel: Any = None) -> None:
        """Raise `PermissionError` unless the user has the right on this document."""
        if not self.has_permission(permtype):
            self.raise_no_permission_to(permtype)

    def has_permission(self, permtype: str = "read", *, debug: bool = False, user: str | None = None) -> bool:
        """Tell whether the user has the right on this document."""
        flags = self.__dict__.get("flags")
        if flags and flags.get("ignore_permissions"):
            return True
        return has_permission(self.doctype, permtype, self, user, print_logs=False)

    def raise_no_permission_to(self, perm_type: str) -> None:
        """Raise `PermissionError` with a message that says what is missing."""
        current().flags.error_message = _("Insufficient Permission for {0}").format(_(self.doctype))
        msgprint(
            _("You do not have the right to {0} {1} {2}. Ask an administrator for a role that has it.").format(
                _(perm_type.title()), _(self.doctype), self.__dict__.get("name") or ""
            ),
            title=_("Not permitted"),
            indicator="red",
        )
        raise PermissionError

    def get_permlevel_access(self, permission_type: str = "write") -> list[int]:
        """Give the levels at which the user has a right on this DocType."""
        return accessible_levels(self.meta, permission_type)

    def has_permlevel_access_to(self, fieldname: str, df: Any = None, permission_type: str = "read") -> bool:
        """Tell whether the user may read or write a field."""
        field = df or self.meta.get_field(fieldname)
        return int((field and field.get("permlevel")) or 0) in self.get_permlevel_access(permission_type)

    def apply_fieldlevel_read_permissions(self) -> None:
        """Take out the values of fields the user may not read."""
        if session_user() == "Administrator":
            return
        for document in (self, *self.get_all_children()):
            high = document.meta.high_permlevel_fields
            if not high:
                continue
            levels = accessible_levels(self.meta if document.meta.istable else document.meta, "read")
            for field in high:
                if int(field.permlevel) not in levels:
                    document.__dict__[field.fieldname] = (
                        [] if field.fieldtype in ("Table", "Table MultiSelect") else None
                    )

    def _reset_unwritable_fields(self) -> None:
        """Put back what the user may not write: fields above their levels keep the stored value."""
        flags = self.__dict__.get("flags") or {}
        state = current()
        if (
            flags.get("ignore_permissions")
            or state.get("flags", {}).get("in_install")
            or session_user() == "Administrator"
        ):
            return
        before = self.get_doc_before_save()
        levels = accessible_levels(self.meta, "write")
        _put_back(self, before, levels)
        stored_rows = {row.name: row for row in before.get_all_children()} if before is not None else {}
        for row in self.get_all_children():
            _put_back(row, stored_rows.get(row.__dict__.get("name")), levels)

    # insert and save

    def insert(
        self,
        ignore_permissions: bool | None = None,
        ignore_links: bool | None = None,
        ignore_if_duplicate: bool = False,
        ignore_mandatory: bool | None = None,
        set_name: str | None = None,
        set_child_names: bool = True,
    ) -> Document:
        """Store a new document with its rows and give it. Raises what its checks raise, `DuplicateEntryError`."""
        flags = self.flags
        if flags.get("in_print"):
            return self
        flags.notifications_executed = []
        _set_flags(
            flags, ignore_permissions=ignore_permissions, ignore_links=ignore_links, ignore_mandatory=ignore_mandatory
        )
        own = self.__dict__
        own["__islocal"] = True
        set_defaults(self)
        self.set_user_and_timestamp()
        self.set_docstatus()
        self.check_if_latest()
        self._validate_links()
        self.check_permission("create")
        self.run_method("before_insert")
        self._set_name(set_name, set_child_names)
        self._reset_unwritable_fields()
        flags.in_insert = True
        self.run_before_save_methods()
        self._validate()
        self.set_docstatus()
        flags.in_insert = False
        if self.meta.issingle:
            self.update_single(self.get_valid_dict(ignore_virtual=True))
        else:
            self.db_insert(ignore_if_duplicate=ignore_if_duplicate)
        self._insert_rows()
        own["__islocal"] = False
        own.pop("__unsaved", None)
        for row in self.get_all_children():
            row.__dict__["__islocal"] = False
        self.run_method("after_insert")
        flags.in_insert = True
        self.run_post_save_methods()
        flags.in_insert = False
        return self

    def _set_name(self, set_name: str | None, set_child_names: bool) -> None:
        if set_name or self.flags.get("name_set"):
            self.name = set_name or self.name
            self.flags.name_set = True
            self.__dict__["name"] = validate_name(self.doctype, self.name)
        else:
            set_new_name(self)
            self.flags.name_set = True
        self.set_parent_in_children()
        if set_child_names:
            for row in self.get_all_children():
                _name_row(row)

    def set_new_name(self, force: bool = False, set_name: str | None = None, set_child_names: bool = True) -> None:
        """Name the document unless it was named before (or `force`)."""
        if self.flags.get("name_set") and not force:
            return
        self._set_name(set_name, set_child_names)

    def set_name_in_children(self) -> None:
        """Name the rows that have no name yet."""
        for row in self.get_all_children():
            if not row.__dict__.get("name"):
                _name_row(row)

    def save(self, *args: Any, **kwargs: Any) -> Document:
        """Store the document; a new one is inserted."""
        return self._save(*args, **kwargs)

    def _save(self, ignore_permissions: bool | None = None, ignore_version: bool | None = None) -> Document:
        flags = self.flags
        if flags.get("in_print"):
            return self
        flags.notifications_executed = []
        _set_flags(flags, ignore_permissions=ignore_permissions, ignore_version=ignore_version)
        if self.__dict__.get("__islocal") or not self.__dict__.get("name"):
            return self.insert()
        self.check_if_locked()
        self._check_save_permission()
        self.set_user_and_timestamp()
        self.set_docstatus()
        self.check_if_latest()
        self.set_parent_in_children()
        self.set_name_in_children()
        self._reset_unwritable_fields()
        self._validate_links()
        self.run_before_save_methods()
        if self.__dict__.get("_action") != "cancel":
            self._validate()
        if self.__dict__.get("_action") == "update_after_submit":
            self.validate_update_after_submit()
        self.set_docstatus()
        if self.meta.issingle:
            self.update_single(self.get_valid_dict(ignore_virtual=True))
        else:
            self.db_update()
        self.update_children()
        self.__dict__.pop("__unsaved", None)
        self.run_post_save_methods()
        return self

    def _check_save_permission(self) -> None:
        flags = self.__dict__.get("flags") or {}
        if flags.get("ignore_permissions"):
            return
        right = {"cancel": "cancel", "submit": "submit"}.get(str(self.__dict__.get("_action") or ""), "write")
        self.check_permission(right if right != "submit" else "submit")

    def set_user_and_timestamp(self) -> None:
        """Stamp the document and its rows with now and the user."""
        own = self.__dict__
        own["_original_modified"] = own.get("modified")
        moment, user = now_datetime(), session_user()
        own["modified"], own["modified_by"] = moment, user
        if own.get("__islocal") and not _keeps_stamps():
            own["creation"], own["owner"] = moment, user
        else:
            own["creation"] = own.get("creation") or moment
            own["owner"] = own.get("owner") or user
        for row in self.get_all_children():
            state = row.__dict__
            state["modified"], state["modified_by"] = moment, user
            state["creation"] = state.get("creation") or moment
            state["owner"] = state.get("owner") or user
        current().__dict__.setdefault("flags", _dict()).currently_saving = [
            *(current().flags.get("currently_saving") or [])[-20:],
            (self.doctype, own.get("name")),
        ]

    def set_docstatus(self) -> None:
        """Give the rows the docstatus of the document."""
        own = self.__dict__
        status = own.get("docstatus")
        if status is None or isinstance(status, str):
            status = own["docstatus"] = _docstatus_of(status)
        for row in self.get_all_children():
            row.__dict__["docstatus"] = status

    def set_parent_in_children(self) -> None:
        """Tell the rows whose they are, and number those without a number."""
        own = self.__dict__
        for child in get_plan(self.doctype).children:
            for number, row in enumerate(own.get(child.fieldname) or (), start=1):
                state = row.__dict__
                state["parent"], state["parenttype"], state["parentfield"] = (
                    own.get("name"),
                    own["doctype"],
                    child.fieldname,
                )
                state["idx"] = number if not isinstance(state.get("idx"), int) or not state["idx"] else state["idx"]

    def check_if_latest(self) -> None:
        """Raise `TimestampMismatchError` when somebody else stored the document since it was read.

        Also determines what this save does (`_action`) and whether the docstatus may change so.
        """
        own = self.__dict__
        own["_action"] = "save"
        if own.get("__islocal"):
            self.check_docstatus_transition(DRAFT)
            return
        self.load_doc_before_save(raise_exception=not self.meta.issingle)
        before = own.get("_doc_before_save")
        if before is None:
            return
        if not self.meta.issingle or before.get("modified"):
            self._compare_stamps(before)
        if not self.meta.issingle:
            self.check_docstatus_transition(int(before.docstatus or 0))

    def _compare_stamps(self, before: Any) -> None:
        stored, known = before.get("modified"), self.__dict__.get("_original_modified")
        if known in (None, "") or (self.flags.get("ignore_timestamp") and self.meta.issingle):
            return
        if str(stored) != str(known) and _moment(stored) != _moment(known):
            throw(
                _("Error: Document has been modified after you have opened it")
                + f" ({stored}, {known}). "
                + _("Please refresh to get the latest document."),
                TimestampMismatchError,
            )

    def check_docstatus_transition(self, to_docstatus: int) -> None:
        """Set `_action` from the stored docstatus and the wanted one. Raises `DocstatusTransitionError`."""
        stored, wanted = to_docstatus, int(self.__dict__.get("docstatus") or 0)
        own = self.__dict__
        if wanted not in (DRAFT, SUBMITTED, CANCELLED):
            raise ValidationError(_("Invalid docstatus"), wanted)
        if wanted and not self.meta.is_submittable and not own.get("parentfield"):
            raise DocstatusTransitionError(_("{0} can't be submitted: it is not submittable").format(_(self.doctype)))
        if stored == DRAFT and wanted == DRAFT:
            own["_action"] = "save"
        elif stored == DRAFT and wanted == SUBMITTED:
            own["_action"] = "submit"
            self.check_permission("submit")
        elif stored == SUBMITTED and wanted == SUBMITTED:
            own["_action"] = "update_after_submit"
            self.check_permission("submit")
        elif stored == SUBMITTED and wanted == CANCELLED:
            own["_action"] = "cancel"
            self.check_permission("cancel")
        elif stored == CANCELLED:
            raise ValidationError(_("Cannot edit cancelled document"))
        elif stored == DRAFT:
            raise DocstatusTransitionError(_("Cannot change docstatus from 0 (Draft) to 2 (Cancelled)"))
        else:
            raise DocstatusTransitionError(_("Cannot change docstatus from 1 (Submitted) to 0 (Draft)"))

    def run_before_save_methods(self) -> None:
        """Run the events before the document is stored, by what this save does."""
        flags = self.flags
        if flags.get("ignore_validate"):
            return
        action = self.__dict__.get("_action")
        if action in ("save", "submit"):
            self.run_method("before_validate")
            self.run_method("validate")
            self.run_method("before_save" if action == "save" else "before_submit")
        elif action == "cancel":
            self.run_method("before_cancel")
        elif action == "update_after_submit":
            self.run_method("before_update_after_submit")
        self.set_title_field()

    def run_post_save_methods(self) -> None:
        """Run the events after the document was stored, forget caches, tell who watches, keep the version."""
        action = self.__dict__.get("_action")
        if action == "save":
            self.run_method("on_update")
        elif action == "submit":
            self.run_method("on_update")
            self.run_method("on_submit")
        elif action == "cancel":
            self.run_method("on_cancel")
            self.check_no_back_links_exist()
        elif action == "update_after_submit":
            self.run_method("on_update_after_submit")
        self.clear_cache()
        self.notify_update()
        self.save_version()
        self.run_method("on_change")
        self.__dict__.pop("_latest", None)

    def _validate(self) -> None:
        flags = self.flags
        rows = self.get_all_children()
        for document in (self, *rows):
            sanitise(document)
        if not flags.get("ignore_mandatory"):
            check_mandatory(self)
        check_values(self, rows)
        before = self.get_doc_before_save()
        if before is not None:
            check_constants(self, before, get_plan(self.doctype))

    def _validate_links(self) -> None:
        if self.flags.get("ignore_links") or self.__dict__.get("_action") == "cancel":
            return
        check_links(self)

    def validate_update_after_submit(self) -> None:
        """Raise `UpdateAfterSubmitError` when a field changed that may not change after submit."""
        if self.flags.get("ignore_validate_update_after_submit"):
            return
        before = self.get_doc_before_save()
        if before is not None:
            check_update_after_submit(self, before)

    def validate_set_only_once(self) -> None:
        """Raise when a field changed that keeps its first value."""
        before = self.get_doc_before_save()
        if before is not None:
            check_constants(self, before, get_plan(self.doctype))

    def set_title_field(self) -> None:
        """Fill the title field from its default, a template like `{customer_name}`."""
        field = self.meta.get_field("title") if self.meta.get_title_field() == "title" else None
        if field is None:
            return
        template = field.get("options") or field.get("default")
        if (
            template
            and isinstance(template, str)
            and "{" in template
            and (not self.get("title") or field.get("options"))
        ):
            values = {
                key: "" if value is None else value for key, value in self.get_valid_dict(ignore_virtual=True).items()
            }
            self.__dict__["title"] = template.format_map(_Blank(values))

    # writing

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
            elif type(row).db_update is not Document.db_update or _row_changed(row, stored[row.name]):
                row.db_update()
        insert_rows(new)

    def db_update_all(self) -> None:
        """Write this document's row and all rows of its tables as they are, without checks."""
        self.db_update()
        for row in self.get_all_children():
            row.db_update()

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
            and get_plan(self.doctype).wants(type(self), "on_change")
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

    def db_get(self, fieldname: str) -> Any:
        """Give the stored value of a field."""
        return current().db.get_value(self.doctype, self.name, fieldname)

    # submit, cancel, delete

    def submit(self) -> Document:
        """Submit the document: it is stored with docstatus 1."""
        return self._submit()

    def _submit(self) -> Document:
        self.docstatus = SUBMITTED
        return self.save()

    def cancel(self) -> Document:
        """Cancel the submitted document: it is stored with docstatus 2."""
        return self._cancel()

    def _cancel(self) -> Document:
        self.docstatus = CANCELLED
        return self.save()

    def discard(self) -> None:
        """Set a draft aside: docstatus 2 without having been submitted."""
        if int(self.docstatus or 0) != DRAFT:
            raise ValidationError(_("Only draft documents can be discarded"), self.docstatus)
        self.check_permission("write")
        run_event(self, "before_discard")
        self.db_set("docstatus", CANCELLED)
        for child in get_plan(self.doctype).children:
            current().db.write(
                f"UPDATE `tab{child.doctype}` SET `docstatus` = 2 WHERE `parent` = ? AND `parenttype` = ?",
                (self.name, self.doctype),
            )
        run_event(self, "on_discard")

    def delete(
        self,
        ignore_permissions: bool = False,
        force: bool = False,
        *,
        delete_permanently: bool = False,
    ) -> None:
        """Delete the document."""
        from frappe_engine.documents.deletion import delete_doc  # deletion knows documents

        delete_doc(
            self.doctype,
            self.name,
            ignore_permissions=ignore_permissions,
            flags=self.flags,
            force=force,
            delete_permanently=delete_permanently,
        )

    def rename(self, name: str, merge: bool = False, force: bool = False, validate_rename: bool = True) -> Document:
        """Rename the document and what points at it; give it."""
        from frappe_engine.documents.rename import rename_doc  # renaming knows documents

        self.name = rename_doc(doc=self, new=name, merge=merge, force=force, validate=validate_rename)
        return self.reload()

    def check_no_back_links_exist(self) -> None:
        """Raise `LinkExistsError` when submitted documents point at this cancelled one."""
        if self.flags.get("ignore_links") or int(self.docstatus or 0) != CANCELLED:
            return
        check_no_links(self, method="Cancel")

    # events, caches, notices

    def run_method(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Run an event (or a method) of this document with everything hooked to it."""
        result = run_event(self, method, *args, **kwargs)
        return result

    def run_trigger(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Run an event; same as `run_method`."""
        return self.run_method(method, *args, **kwargs)

    @staticmethod
    def hook(function: Callable[..., Any]) -> Callable[..., Any]:
        """Let `doc_events` of apps run after a method of that name."""

        def composed(self: Any, *args: Any, **kwargs: Any) -> Any:
            result = function(self, *args, **kwargs)
            for handler in get_plan(self.doctype).doc_events.get(function.__name__, ()):
                handler(self, function.__name__, *args, **kwargs)
            return result

        return composed

    def clear_cache(self) -> None:
        """Let every process read this document anew."""
        forget_document(self.doctype, self.name)

    def notify_update(self) -> None:
        """Tell who watches this document or its list that it changed."""
        if providers.has("document_saved") and not current().flags.get("in_migrate"):
            providers("document_saved", self)

    def save_version(self) -> None:
        """Keep what this save changed, where the DocType tracks changes."""
        if self.meta.track_changes and not self.flags.get("ignore_version"):
            from frappe_engine.documents.versions import keep_version  # versions know documents

            keep_version(self)

    def queue_action(self, action: str, **kwargs: Any) -> Any:
        """Run a method of this document in the background; the document is locked until then."""
        if hasattr(self, f"_{action}"):
            action = f"_{action}"
        self.lock()
        from frappe_engine.documents.background import enqueue_action  # it knows documents

        return enqueue_action(self, action, kwargs)

    def log_error(self, title: str | None = None, message: str | None = None) -> Any:
        """Keep an error that this document met in the Error Log; gives the log's document."""
        from frappe_engine.documents.errors import log_error  # errors are documents

        return log_error(title, message, reference_doctype=self.doctype, reference_name=self.name)

    def is_child_table_same(self, fieldname: str) -> bool:
        """Tell whether a table's rows are as they were stored, in their order; what only the engine sets is left aside."""
        before = self.get_doc_before_save()
        own, stored = self.get(fieldname) or [], (before.get(fieldname) or []) if before is not None else []
        return len(own) == len(stored) and all(_same_row(row, old) for row, old in zip(own, stored, strict=True))

    # locks

    def get_signature(self) -> str:
        """Give a name for this document's lock."""
        import hashlib

        return hashlib.sha224(f"{self.doctype}:{self.name}".encode(), usedforsecurity=False).hexdigest()

    def lock(self, timeout: int | None = None) -> None:
        """Lock the document for other processes. Raises `DocumentLockedError` when it is locked."""
        cache = process_cache_of(current()).shared
        if not cache.set(f"document_lock|{self.get_signature()}", session_user(), ex=timeout or 3600, nx=True):
            self._refuse_locked()
        current().__dict__.setdefault("locked_documents", []).append(self)

    def unlock(self) -> None:
        """Free the document for other processes."""
        process_cache_of(current()).shared.delete_value(f"document_lock|{self.get_signature()}")

    @property
    def is_locked(self) -> bool:
        """Tell whether a process holds the document."""
        return bool(process_cache_of(current()).shared.exists(f"document_lock|{self.get_signature()}"))

    def check_if_locked(self) -> None:
        """Raise `DocumentLockedError` when a process holds the document."""
        if self.is_locked:
            self._refuse_locked()

    def _refuse_locked(self) -> NoReturn:
        throw(
            _("{0} {1} is locked by a background job").format(_(self.doctype), self.name),
            DocumentLockedError,
            title=_("Document Queued"),
        )

    # small things apps call

    def set_onload(self, key: str, value: Any) -> None:
        """Give the form a value that is not stored."""
        self.__dict__.setdefault("__onload", _dict())[key] = value

    def get_onload(self, key: str | None = None) -> Any:
        """Give what was set for the form."""
        values = self.__dict__.setdefault("__onload", _dict())
        return values.get(key) if key else values

    def get_title(self) -> str:
        """Give the text people know this document by."""
        return str(self.get(self.meta.get_title_field()) or self.name or "")

    def get_url(self) -> str:
        """Give the path of this document's form."""
        return f"/app/{str(self.doctype).lower().replace(' ', '-')}/{self.name}"

    def get_password(self, fieldname: str = "password", raise_exception: bool = True) -> str | None:
        """Give a password field in plain text. Raises `AuthenticationError` when none is kept."""
        value = self.__dict__.get(fieldname)
        if value and not passwords.is_hidden(value):
            return str(value)
        return passwords.get_decrypted_password(self.doctype, self.name, fieldname, raise_exception)

    def is_dummy_password(self, pwd: Any) -> bool:
        """Tell whether a value only stands for a password that is kept elsewhere."""
        return passwords.is_hidden(pwd)

    def validate_value(
        self, fieldname: str, condition: str, val2: Any, doc: Any = None, raise_exception: Any = None
    ) -> None:
        """Raise unless a value compares to another as `condition` says."""
        from frappe_engine.documents.base import compare  # beside the other comparisons

        document = doc or self
        value = document.get_value(fieldname) if hasattr(document, "get_value") else document.get(fieldname)
        if not compare(value, condition, val2):
            label = _(document.meta.get_label(fieldname))
            words = _({"in": "one of", "not in": "none of", "^": "beginning with"}.get(condition, condition))
            throw(
                _("Incorrect value: {0} must be {1} {2}").format(label, words, val2), raise_exception or ValidationError
            )

    def validate_table_has_rows(self, parentfield: str, raise_exception: Any = None) -> None:
        """Raise `EmptyTableError` when a table has no rows."""
        from frappe_engine.context.errors import EmptyTableError  # the one place that raises it

        if not self.get(parentfield):
            throw(
                _("Table {0} cannot be empty").format(_(self.meta.get_label(parentfield))),
                raise_exception or EmptyTableError,
            )

    def validate_from_to_dates(self, from_date_field: str, to_date_field: str) -> None:
        """Raise `InvalidDates` when the second date lies before the first."""
        earlier, later = _moment(self.get(from_date_field)), _moment(self.get(to_date_field))
        if earlier and later and later < earlier:
            throw(
                _("{0} must be after {1}").format(
                    _(self.meta.get_label(to_date_field)), _(self.meta.get_label(from_date_field))
                ),
                InvalidDates,
            )

    def round_floats_in(self, doc: Any, fieldnames: Any = None, do_not_round_fields: Any = None) -> None:
        """Round the number fields of a document or row to their precision."""
        from frappe_engine.documents.precision import round_value  # settings of the site

        names = fieldnames or [f.fieldname for f in doc.meta.fields if f.fieldtype in ("Currency", "Float", "Percent")]
        for name in names:
            if not do_not_round_fields or name not in do_not_round_fields:
                doc.set(name, round_value(doc.get(name), doc.precision(name)))

    def copy_attachments_from_amended_from(self) -> None:
        """Attach the original's files to this amendment."""
        if providers.has("copy_attachments"):
            providers("copy_attachments", self.doctype, self.amended_from, self.name)

    def add_comment(
        self,
        comment_type: str = "Comment",
        text: str | None = None,
        comment_email: str | None = None,
        comment_by: str | None = None,
    ) -> Any:
        """Put a comment on the document's timeline and give it."""
        email = comment_email or session_user()
        comment = get_doc(
            {
                "doctype": "Comment",
                "comment_type": comment_type,
                "comment_email": email,
                "comment_by": comment_by,
                "reference_doctype": self.doctype,
                "reference_name": self.name,
                "content": text or comment_type,
            }
        )
        comment.flags.ignore_links = True
        return comment.insert(ignore_permissions=True)

    def add_seen(self, user: str | None = None) -> None:
        """Note that a user has seen the document."""
        if not self.meta.track_seen:
            return
        import json

        who = user or session_user()
        seen = json.loads(
            self.__dict__.get("_seen") or current().db.get_value_by_name(self.doctype, self.name, "_seen") or "[]"
        )
        if who not in seen:
            seen.append(who)
            current().db.set_value(self.doctype, self.name, "_seen", json.dumps(seen), update_modified=False)
            self.__dict__["_seen"] = json.dumps(seen)
            current().flags.commit = True

    def add_viewed(self, user: str | None = None, force: bool = False, unique_views: bool = False) -> Any:
        """Note that a user has viewed the document, where the DocType tracks views."""
        if not (self.meta.track_views or force):
            return None
        view = get_doc(
            {
                "doctype": "View Log",
                "viewed_by": user or session_user(),
                "reference_doctype": self.doctype,
                "reference_name": self.name,
            }
        )
        view.flags.ignore_links = True
        return view.insert(ignore_permissions=True)

    def add_tag(self, tag: str) -> None:
        """Put a tag on the document."""
        providers("add_tag", self, tag)

    def remove_tag(self, tag: str) -> None:
        """Take a tag off the document."""
        providers("remove_tag", self, tag)

    def get_tags(self) -> list[str]:
        """Give the tags of the document."""
        stored = current().db.get_value_by_name(self.doctype, self.name, "_user_tags")
        return [tag for tag in str(stored or "").split(",") if tag]

    def get_liked_by(self) -> list[str]:
        """Give the users who like the document."""
        import json

        return json.loads(self.__dict__.get("_liked_by") or "[]")  # type: ignore[no-any-return]

    def get_assigned_users(self) -> list[str]:
        """Give the users the document is assigned to."""
        rows = current().db.get_values(
            "ToDo",
            {
                "reference_type": self.doctype,
                "reference_name": self.name,
                "status": ["not in", ["Closed", "Cancelled"]],
            },
            "allocated_to",
        )
        return sorted({row[0] for row in rows if row[0]})

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


class _Blank(dict[str, Any]):
    """A dict for templates: what is missing is empty."""

    def __missing__(self, key: str) -> str:
        return ""


# helpers of the life cycle


def _set_flags(flags: Any, **given: Any) -> None:
    for name, value in given.items():
        if value is not None:
            flags[name] = value


def _keeps_stamps() -> bool:
    """While installing and migrating, stamps that were given are kept."""
    flags = current().get("flags") or {}
    return bool(flags.get("in_install") or flags.get("in_patch") or flags.get("in_migrate"))


def _docstatus_of(value: Any) -> int:
    if value in (None, ""):
        return DRAFT
    try:
        return int(value)
    except (TypeError, ValueError):
        throw(_("Invalid docstatus"))


def _moment(value: Any) -> Any:
    from frappe_engine.kit.dates import get_datetime  # only where stamps differ as text

    try:
        return get_datetime(str(value)) if value else None
    except ValueError:
        return None


def _name_row(row: Any) -> None:
    plan = get_plan(row.doctype)
    if (
        plan.wants(type(row), "before_naming")
        or plan.wants(type(row), "autoname")
        or plan.meta.autoname not in (None, "", "hash")
    ):
        set_new_name(row)
    else:
        row.__dict__["name"] = hash_name()


def _put_back(document: Any, stored: Any, levels: list[int]) -> None:
    for field in document.meta.high_permlevel_fields:
        if int(field.permlevel) in levels:
            continue
        if stored is not None:
            document.__dict__[field.fieldname] = stored.get(field.fieldname)
        elif field.fieldtype in ("Table", "Table MultiSelect"):
            document.__dict__[field.fieldname] = []
        else:
            document.__dict__[field.fieldname] = field.get("default")


def row_values(document: Any, plan: Plan, columns: tuple[str, ...] | None = None) -> tuple[Any, ...]:
    """Give the values of the document's own row in the order of the columns."""
    names = plan.columns if columns is None else columns
    own = document.__dict__
    for name, blank in plan.number_blanks.items():
        if own.get(name) is None:
            own[name] = blank
    for name in plan.uniques:
        if own.get(name) == "":
            own[name] = None  # many may have no value, only one the empty text
    values: tuple[Any, ...] = itemgetter(*names)(own)
    if any(type(value) in (list, dict, tuple) for value in values):
        return tuple(
            _storable(value, name, document, plan) if type(value) in (list, dict, tuple) else value
            for name, value in zip(names, values, strict=True)
        )
    return values


def _storable(value: Any, name: str, document: Any, plan: Plan) -> Any:
    if name in plan.json_fields or plan.meta.column_types.get(name) in ("Code", "Long Text", "Text", "Small Text"):
        return stored_value(value, name, document.doctype)
    throw(_("Value for {0} cannot be a list").format(_(document.meta.get_label(name))))


def _may_insert_together(row: Any) -> bool:
    """Whether a row that writes itself in its own way says that at present it needs none."""
    asked = getattr(type(row), "may_insert_together", None)
    return bool(asked and asked(row))


def insert_rows(rows: list[Any]) -> None:
    """Write new rows, all of one DocType in one statement; rows with a `db_insert` of their own write themselves.

    Such a row's class may have a method `may_insert_together` that says when the common way will do.
    """
    plain: dict[str, list[Any]] = {}
    for row in rows:
        if type(row).db_insert is not Document.db_insert and not _may_insert_together(row):
            row.db_insert()
            continue
        plain.setdefault(row.doctype, []).append(row)
    database = current().db
    for doctype, group in plain.items():
        plan = get_plan(doctype)
        for row in group:
            if not row.__dict__.get("name"):
                _name_row(row)
            if plan.passwords:
                passwords.hide(row, plan)
            _fill_row_stamps(row)
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


def _fill_row_stamps(row: Any) -> None:
    own = row.__dict__
    if not own.get("creation"):
        own["creation"] = own["modified"] = now_datetime()
        own["owner"] = own["modified_by"] = session_user()
    for name in ("parent", "parentfield", "parenttype"):
        own.setdefault(name, None)


def _row_changed(row: Any, stored: Any) -> bool:
    plan = get_plan(row.doctype)
    own, old = row.__dict__, stored.__dict__
    return any(
        own.get(name) != old.get(name) and not same_value(own.get(name), old.get(name))
        for name in plan.update_columns
        if name not in ("modified", "modified_by")
    )


def _delete_rows(doctype: str, names: list[Any]) -> None:
    for start in range(0, len(names), 500):
        part = names[start : start + 500]
        current().db.write(f"DELETE FROM `tab{doctype}` WHERE `name` IN ({', '.join('?' * len(part))})", part)


def forget_document(doctype: str, name: Any) -> None:
    """Let every process read a document anew; also what depends on it as settings, links and DocTypes."""
    context = current()
    known = context.get("document_cache")
    if known:
        known.pop((doctype, str(name)), None)
    process_cache_of(context).forget(
        f"doc|{doctype}|{name}", f"link|{doctype}|{str(name).lower()}", f"single|{doctype}"
    )
    if context.db.value_cache:
        context.db.value_cache.clear()
    if providers.has("document_forgotten"):
        providers("document_forgotten", doctype, name)


def forget_documents(doctype: str, names: list[Any]) -> None:
    """Let every process read several documents anew."""
    context = current()
    if len(names) > 200:
        context.document_cache = {}
        process_cache_of(context).forget_kind(f"doc|{doctype}")
        process_cache_of(context).forget_kind(f"link|{doctype}")
        return
    known = context.get("document_cache") or {}
    keys = [f"single|{doctype}"]
    for name in names:
        known.pop((doctype, str(name)), None)
        keys += (f"doc|{doctype}|{name}", f"link|{doctype}|{str(name).lower()}")
    process_cache_of(context).forget(*keys)
    context.db.value_cache.clear()
    if providers.has("document_forgotten"):
        for name in names:
            providers("document_forgotten", doctype, name)


# loading


def load(doctype: str, name: Any, *, for_update: bool = False) -> Any:
    """Read a stored document with its rows. Raises `DoesNotExistError`."""
    plan = get_plan(doctype)
    if plan.meta.issingle:
        return _load_single(plan, for_update)
    if plan.meta.is_virtual:  # it has no table: what its controller does not load is not there
        throw(_("{0} {1} not found").format(_(doctype), name), _not_found(doctype, name))
    database = current().db
    if for_update:
        query = plan.select_sql if database.is_sqlite else f"{plan.select_sql} FOR UPDATE"
        row = database.write(query, (name,)).fetchone()
        database.transaction_writes -= 1
    else:
        row = database.row(plan.select_sql, (name,))
    if row is None:
        throw(_("{0} {1} not found").format(_(doctype), name), _not_found(doctype, name))
    document = from_row(plan, row)
    _load_tables(document, plan)
    return document


def _not_found(doctype: str, name: Any) -> DoesNotExistError:
    return missing(doctype, name)


def _load_single(plan: Plan, for_update: bool) -> Any:
    meta = plan.meta
    stored = current().db.get_singles_dict(meta.name, for_update=for_update)
    if not stored:
        document = new_doc(meta.name)
        document.__dict__["name"] = meta.name
        document.__dict__["__islocal"] = False
    else:
        values = {
            key: _single_value(meta.column_types.get(key, "Data"), value)
            for key, value in stored.items()
            if meta.has_field(key) or key in meta.column_types
        }
        document = plan.controller({**values, "doctype": meta.name, "name": meta.name})
    _load_tables(document, plan)
    return document


def _single_value(fieldtype: str, value: Any) -> Any:
    """Numbers as numbers; dates stay text, as the public API gives them."""
    return value if fieldtype in ("Date", "Datetime", "Time", "Duration") else cast_single(fieldtype, value)


def _load_tables(document: Any, plan: Plan) -> None:
    if not plan.children:
        return
    own = document.__dict__
    fields: dict[str, list[str]] = {}
    for child in plan.children:
        own[child.fieldname] = []
        fields.setdefault(child.doctype, []).append(child.fieldname)
    for fieldname, rows in load_rows(plan.meta.name, own["name"], fields).items():
        own[fieldname] = rows
        for row in rows:
            row.__dict__["_parent_doc"] = document


def load_rows(doctype: str, name: Any, fields: Mapping[str, list[str]]) -> dict[str, list[Any]]:
    """Read the rows of a document: per DocType of rows its table fields; one query each."""
    database = current().db
    found: dict[str, list[Any]] = {}
    for child_doctype, names in fields.items():
        plan = get_plan(child_doctype)
        if plan.meta.is_virtual:
            continue
        position = plan.columns.index("parentfield")
        for row in database.rows(plan.select_rows_sql, (name, doctype)):
            if row[position] in names:
                found.setdefault(row[position], []).append(from_row(plan, row))
    return found


def get_doc(*args: Any, **kwargs: Any) -> Any:
    """Give a document: stored (`doctype, name`; `doctype, filters`; `doctype` of a Single) or new (a dict, keywords).

    With `for_update=True` its row is locked until the transaction ends. Raises `DoesNotExistError`.
    """
    for_update = bool(kwargs.pop("for_update", None)) if args and isinstance(args[0], str) else None
    if args:
        first = args[0]
        if isinstance(first, BaseDocument):
            return first
        if isinstance(first, str):
            return _stored(first, args[1:], for_update=bool(for_update), **kwargs)
        if isinstance(first, Mapping):
            kwargs = {**first, **kwargs}
        else:
            raise ValueError("First non keyword argument must be a string or dict")
    doctype = kwargs.get("doctype")
    if not doctype:
        raise ValueError('"doctype" is a required key')
    if not isinstance(doctype, str):
        raise ValidationError(_("The DocType is a text"))
    if kwargs.get("for_update") is not None and len(kwargs) <= 3 and kwargs.get("name"):
        kwargs.pop("for_update")
    controller = _controller_or_import_error(doctype)
    document = controller(kwargs)
    return document


def _controller_or_import_error(doctype: str) -> type:
    try:
        return get_controller(doctype)
    except DoesNotExistError as error:
        raise ImportError(
            f"Module import failed for {doctype}, the DocType you're trying to open might be deleted. Error: {error}"
        ) from error


def _stored(doctype: str, rest: tuple[Any, ...], *, for_update: bool, **_kwargs: Any) -> Any:
    controller: Any = _controller_or_import_error(doctype)
    name: Any = rest[0] if rest else _kwargs.get("name", doctype)
    if isinstance(name, Mapping) or (isinstance(name, list) and name):
        name = _name_for(doctype, name)
    if name is None:
        throw(_("{0} {1} not found").format(_(doctype), name), _not_found(doctype, name))
    if controller.__init__ is Document.__init__ and controller.load_from_db is Document.load_from_db:
        return load(doctype, name, for_update=for_update)
    document = controller.__new__(controller)
    document.__init__(doctype, name, for_update=for_update)
    return document


def _name_for(doctype: str, filters: Any) -> Any:
    name = current().db.get_value(doctype, filters, "name")
    if name is None:
        throw(_("{0} {1} not found").format(_(doctype), filters), _not_found(doctype, filters))
    return name


def get_lazy_doc(doctype: str, name: Any, *, for_update: bool = False) -> Any:
    """Give a stored document (rows are read at once here)."""
    return get_doc(doctype, name, for_update=for_update)


def get_cached_doc(*args: Any, **kwargs: Any) -> Any:
    """Give a stored document from this request's cache; callers must not change it."""
    if len(args) == 2 and isinstance(args[1], str):
        doctype, name = args
    elif len(args) == 1 and isinstance(args[0], str):
        doctype = name = args[0]
    else:
        return get_doc(*args, **kwargs)
    known = current().__dict__.get("document_cache")
    if known is None:
        known = current().document_cache = {}
    document = known.get((doctype, name))
    if document is None:
        document = known[(doctype, name)] = _from_snapshot(doctype, name)
    return document


def _from_snapshot(doctype: str, name: str) -> Any:
    """Make a document from what this process remembers of the stored one."""
    snapshot = process_cache_of(current()).get_or_load(
        f"doc|{doctype}|{name}", lambda: _snapshot(get_doc(doctype, name))
    )
    document = snapshot[0].__new__(snapshot[0])
    own = document.__dict__
    own.update(snapshot[1])
    for fieldname, rows in snapshot[2].items():
        copies = []
        for controller, values in rows:
            row = controller.__new__(controller)
            row.__dict__.update(values)
            row.__dict__["_parent_doc"] = document
            copies.append(row)
        own[fieldname] = copies
    return document


def _snapshot(document: Any) -> tuple[Any, dict[str, Any], dict[str, list[tuple[Any, dict[str, Any]]]]]:
    tables = {child.fieldname for child in document.plan.children}
    own = {key: value for key, value in document.__dict__.items() if key not in tables and key != "flags"}
    rows = {
        name: [
            (type(row), {k: v for k, v in row.__dict__.items() if k != "_parent_doc"})
            for row in document.__dict__.get(name) or []
        ]
        for name in tables
    }
    return type(document), own, rows


def get_cached_value(doctype: str, name: Any, fieldname: Any = "name", as_dict: bool = False) -> Any:
    """Give values of a stored document from the cache; None when it is not there."""
    try:
        document = get_cached_doc(doctype, str(name)) if name else None
    except DoesNotExistError:
        from frappe_engine.context.messages import clear_last_message  # the miss is no message

        clear_last_message()
        return None
    if document is None:
        return None
    if isinstance(fieldname, str):
        if as_dict:
            return _dict({fieldname: document.get(fieldname)})
        return document.get(fieldname)
    values = [document.get(item) for item in fieldname]
    return _dict(zip(fieldname, values, strict=True)) if as_dict else values


def get_single(doctype: str) -> Any:
    """Give the document of a Single."""
    return get_doc(doctype, doctype)


def get_last_doc(
    doctype: str, filters: Any = None, order_by: str = "creation desc", *, for_update: bool = False
) -> Any:
    """Give the newest document that fits. Raises `DoesNotExistError`."""
    database = current().db
    rows = database.run(
        database.compile(doctype, fields=["name"], filters=filters, order_by=order_by, limit=1, fold=True)
    )
    if not rows:
        throw(_("No documents found for {0}").format(_(doctype)), DoesNotExistError)
    return get_doc(doctype, rows[0][0], for_update=for_update)


def new_doc(
    doctype: str, *, parent_doc: Any = None, parentfield: str | None = None, as_dict: bool = False, **kwargs: Any
) -> Any:
    """Give a new document with its defaults and the given values (as a dict when `as_dict`)."""
    from frappe_engine.documents.defaults import new_values  # beside the other defaults

    controller = _controller_or_import_error(doctype)
    document = controller({**new_values(doctype, parent_doc), "doctype": doctype, "__islocal": 1})
    document.__dict__["__islocal"] = 1
    document.__dict__["owner"] = session_user()
    if parent_doc is not None:
        document.__dict__.update(parent=parent_doc.get("name"), parenttype=parent_doc.doctype, parentfield=parentfield)
    if kwargs:
        document.update(kwargs)
    return document.as_dict() if as_dict else document


@contextmanager
def read_only_document(context: str | None = None) -> Iterator[None]:
    """Forbid saving documents inside the block (rendering prints, evaluating notifications)."""
    flags = current().flags
    before = flags.get("read_only_depth") or 0
    flags.read_only_depth = before + 1
    try:
        yield
    finally:
        flags.read_only_depth = before


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


SINGLE_CASTS = {**{kind: cast for kind, cast in NUMBER_CASTS.items() if kind != "Duration"}, **TIME_CASTS}

providers.register("documents_changed", forget_documents)
providers.register("get_doc", get_doc)
providers.register("single_casts", lambda: SINGLE_CASTS)

__all__ = [
    "Document",
    "bulk_insert",
    "get_cached_doc",
    "get_cached_value",
    "get_doc",
    "get_last_doc",
    "get_meta",
    "get_single",
    "new_doc",
]


def _same_row(row: Any, stored: Any) -> bool:
    """Tell whether two rows hold the same values."""
    ignored = ("modified", "modified_by", "creation", "owner")
    names = [name for name in row.get_valid_dict() if name not in ignored]
    return all(row.get(name) == stored.get(name) for name in names)
