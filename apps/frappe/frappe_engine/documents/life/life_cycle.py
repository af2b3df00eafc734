"""Insert, save, submit, cancel, delete: the order in which a document is checked, written and its events run.

The order of events is the public one (observed and documented):
insert — links are checked, `before_insert`, naming, `before_validate`, `validate`, `before_save` (or `before_submit`),
checks of the DocType, rows are written, `after_insert`, `on_update`, (`on_submit`), `on_change`;
save — the stored copy is locked and compared, `before_validate` … `on_change`; submit and cancel likewise.

Invariant: a document is written with all its rows in the caller's transaction, or not at all.
"""

from __future__ import annotations

from typing import Any, Self

from frappe_engine.context.clock import now_datetime
from frappe_engine.context.errors import ValidationError
from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.documents.background import enqueue_action
from frappe_engine.documents.base import session_user
from frappe_engine.documents.defaults import set_defaults, set_defaults_of_new_rows
from frappe_engine.documents.deletion import delete_doc
from frappe_engine.documents.docstatus import CANCELLED, DRAFT, SUBMITTED
from frappe_engine.documents.events import run_event
from frappe_engine.documents.life.rows import name_row
from frappe_engine.documents.life.writing import Writing
from frappe_engine.documents.links import remember_new
from frappe_engine.documents.naming import give_name, validate_name
from frappe_engine.documents.plans import get_plan
from frappe_engine.documents.rename import rename_doc
from frappe_engine.documents.validation import GIVEN_TIMES, give_back_times
from frappe_engine.kit.attrdict import _dict

KEEPING_STAMPS = ("in_install", "in_patch", "in_migrate")  # flags of work in which stamps that were given are kept


class LifeCycle(Writing):
    """A document that can be stored, submitted, cancelled, renamed and deleted."""

    # insert and save

    def insert(
        self,
        ignore_permissions: bool | None = None,
        ignore_links: bool | None = None,
        ignore_if_duplicate: bool = False,
        ignore_mandatory: bool | None = None,
        set_name: str | None = None,
        set_child_names: bool = True,
    ) -> Self:
        """Store a new document with its rows and give it. Raises what its checks raise, `DuplicateEntryError`."""
        flags = self.flags
        if flags.get("in_print"):
            return self
        flags["notifications_executed"] = []
        if not (ignore_permissions is None and ignore_links is None and ignore_mandatory is None):
            _set_flags(
                flags,
                ignore_permissions=ignore_permissions,
                ignore_links=ignore_links,
                ignore_mandatory=ignore_mandatory,
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
        is_new_name = self._set_name(set_name, set_child_names)
        self._reset_unwritable_fields()
        flags["in_insert"] = True
        self.run_before_save_methods()
        self._validate()
        self.set_docstatus()
        flags["in_insert"] = False
        self._write_new(ignore_if_duplicate)
        if GIVEN_TIMES in own:
            give_back_times(self)
        own["__islocal"] = False
        own.pop("__unsaved", None)
        self.run_method("after_insert")
        flags["in_insert"] = True
        if is_new_name and not ignore_if_duplicate:
            own["_made_now"] = True
        self.run_post_save_methods()
        flags["in_insert"] = False
        if not ignore_if_duplicate:
            remember_new(self)
        return self

    def _write_new(self, ignore_if_duplicate: bool) -> None:
        plan = get_plan(self.doctype)
        if plan.meta.issingle:
            self.update_single(self.get_valid_dict(ignore_virtual=True))
        else:
            self.db_insert(ignore_if_duplicate=ignore_if_duplicate)
        if plan.children:
            self._insert_rows()
            for row in self.get_all_children():
                row.__dict__["__islocal"] = False

    def save(self, *args: Any, **kwargs: Any) -> Self:
        """Store the document; a new one is inserted."""
        return self._save(*args, **kwargs)

    def _save(self, ignore_permissions: bool | None = None, ignore_version: bool | None = None) -> Self:
        flags = self.flags
        if flags.get("in_print"):
            return self
        flags["notifications_executed"] = []
        _set_flags(flags, ignore_permissions=ignore_permissions, ignore_version=ignore_version)
        if self.__dict__.get("__islocal") or not self.__dict__.get("name"):
            return self.insert()
        self.__dict__.pop("_made_now", None)  # what runs after an insert may have failed
        self.check_if_locked()
        self._check_save_permission()
        set_defaults_of_new_rows(self)
        self.set_user_and_timestamp()
        self.set_docstatus()
        self.check_if_latest()
        self.set_parent_in_children()
        self.set_name_in_children()
        self._reset_unwritable_fields()
        self._keep_naming_field()
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
        if GIVEN_TIMES in self.__dict__:
            give_back_times(self)
        self.__dict__.pop("__unsaved", None)
        self.run_post_save_methods()
        return self

    def _check_save_permission(self) -> None:
        flags = self.__dict__.get("flags") or {}
        if flags.get("ignore_permissions"):
            return
        right = {"cancel": "cancel", "submit": "submit"}.get(str(self.__dict__.get("_action") or ""), "write")
        self.check_permission(right if right != "submit" else "submit")

    def run_before_save_methods(self) -> None:
        """Run the events before the document is stored, by what this save does."""
        action = self.__dict__.get("_action")
        if action in ("save", "submit"):
            self.run_method("before_validate")
        if self.flags.get("ignore_validate"):
            return
        if action in ("save", "submit"):
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

    # what is set on the way

    def _set_name(self, set_name: str | None, set_child_names: bool) -> bool:
        """Name the document and its rows; tell whether no document ever had its name."""
        is_new = False
        if set_name or self.flags.get("name_set"):
            self.name = set_name or self.name
            self.flags.name_set = True
            self.__dict__["name"] = validate_name(self.doctype, self.name)
        else:
            is_new = give_name(self)
            self.flags["name_set"] = True
        if get_plan(self.doctype).children:
            self.set_parent_in_children()
            for row in self.get_all_children() if set_child_names else ():
                name_row(row)
        return is_new

    def set_new_name(self, force: bool = False, set_name: str | None = None, set_child_names: bool = True) -> None:
        """Name the document unless it was named before (or `force`)."""
        if self.flags.get("name_set") and not force:
            return
        self._set_name(set_name, set_child_names)

    def _keep_naming_field(self) -> None:
        """Give the field that names the document its name again: only renaming changes both."""
        rule = str(self.meta.autoname or "")
        if rule[:6].lower() == "field:":
            self.__dict__[rule[6:].strip()] = self.name

    def set_name_in_children(self) -> None:
        """Name the rows that have no name yet."""
        for row in self.get_all_children():
            if not row.__dict__.get("name"):
                name_row(row)

    def set_user_and_timestamp(self) -> None:
        """Stamp the document and its rows with now and the user."""
        own = self.__dict__
        context = current().__dict__
        flags = context.setdefault("flags", _dict())
        own["_original_modified"] = own.get("modified")
        moment, user = now_datetime(), session_user()
        own["modified"], own["modified_by"] = moment, user
        if own.get("__islocal") and not any(map(flags.get, KEEPING_STAMPS)):
            own["creation"], own["owner"] = moment, user
        else:
            own["creation"] = own.get("creation") or moment
            own["owner"] = own.get("owner") or user
        for row in self.get_all_children() if get_plan(self.doctype).children else ():
            state = row.__dict__
            state["modified"], state["modified_by"] = moment, user
            state["creation"] = state.get("creation") or moment
            state["owner"] = state.get("owner") or user
        flags["currently_saving"] = [*(flags.get("currently_saving") or ())[-20:], (self.doctype, own.get("name"))]

    def set_docstatus(self) -> None:
        """Give the rows the docstatus of the document."""
        own = self.__dict__
        status = own.get("docstatus")
        if not isinstance(status, int):
            status = own["docstatus"] = _docstatus_of(status)
        if get_plan(self.doctype).children:
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

    def set_title_field(self) -> None:
        """Fill the title field from its default, a template like `{customer_name}`."""
        meta = get_plan(self.doctype).meta
        field = meta.by_name.get("title") if meta.by_name and meta.get_title_field() == "title" else None
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

    # submit, cancel, rename, delete

    def submit(self) -> Self:
        """Submit the document: it is stored with docstatus 1."""
        return self._submit()

    def _submit(self) -> Self:
        self.docstatus = SUBMITTED
        return self.save()

    def cancel(self) -> Self:
        """Cancel the submitted document: it is stored with docstatus 2."""
        return self._cancel()

    def _cancel(self) -> Self:
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

    def queue_action(self, action: str, **kwargs: Any) -> Any:
        """Run a method of this document in the background; the document is locked until then."""
        if hasattr(self, f"_{action}"):
            action = f"_{action}"
        self.lock()
        return enqueue_action(self, action, kwargs)

    def rename(self, name: str, merge: bool = False, force: bool = False, validate_rename: bool = True) -> Self:
        """Rename the document and what points at it; give it."""
        self.name = rename_doc(doc=self, new=name, merge=merge, force=force, validate=validate_rename)
        return self.reload()

    def delete(
        self,
        ignore_permissions: bool = False,
        force: bool = False,
        *,
        delete_permanently: bool = False,
    ) -> None:
        """Delete the document."""
        delete_doc(
            self.doctype,
            self.name,
            ignore_permissions=ignore_permissions,
            flags=self.flags,
            force=force,
            delete_permanently=delete_permanently,
        )


class _Blank(dict[str, Any]):
    """A dict for templates: what is missing is empty."""

    def __missing__(self, key: str) -> str:
        return ""


def _set_flags(flags: Any, **given: Any) -> None:
    for name, value in given.items():
        if value is not None:
            flags[name] = value


def _docstatus_of(value: Any) -> int:
    if value in (None, ""):
        return DRAFT
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        throw(_("Invalid docstatus"))
