"""Deleting documents: what has to be checked, what goes with them, what is kept.

Invariant: a document that others point at, or that was submitted, is not deleted unless forced; what was deleted can be
restored from `Deleted Document`.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.context.errors import DoesNotExistError, PermissionError, ValidationError
from frappe_engine.context.hooks import get_hooks
from frappe_engine.context.local import current, providers
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.database.database import process_cache_of
from frappe_engine.documents.base import session_user
from frappe_engine.documents.events import run_event
from frappe_engine.documents.life.forgetting import forget_document
from frappe_engine.documents.life.loading import get_doc, load
from frappe_engine.documents.links import check_no_links
from frappe_engine.documents.metas import forget_meta, get_meta
from frappe_engine.documents.naming import revert_name
from frappe_engine.documents.passwords import delete_all_passwords_for
from frappe_engine.documents.plans import get_plan

NOT_KEPT = frozenset(
    {"Version", "Activity Log", "Error Log", "View Log", "Route History", "Deleted Document", "Scheduled Job Log"}
)
GO_WITH_THE_DOCUMENT = (
    ("ToDo", "reference_type", "reference_name"),
    ("Comment", "reference_doctype", "reference_name"),
    ("Version", "ref_doctype", "docname"),
    ("View Log", "reference_doctype", "reference_name"),
    ("DocShare", "share_doctype", "share_name"),
    ("Document Follow", "ref_doctype", "ref_docname"),
    ("Tag Link", "document_type", "document_name"),
    ("Notification Log", "document_type", "document_name"),
    ("Workflow Action", "reference_doctype", "reference_name"),
)


def delete_doc(
    doctype: str | None = None,
    name: Any = None,
    force: Any = 0,
    ignore_doctypes: list[str] | None = None,
    for_reload: bool = False,
    ignore_permissions: bool = False,
    flags: Any = None,
    ignore_on_trash: bool = False,
    ignore_missing: bool = True,
    delete_permanently: bool = False,
) -> Any:
    """Delete one document or several (`name` may be a list).

    `force` skips the link check. Raises `DoesNotExistError` unless `ignore_missing`, `LinkExistsError`,
    `PermissionError`, `ValidationError` for a submitted document. Gives False when there was nothing to delete.
    """
    target = str(doctype)
    names = name if isinstance(name, list) else [name if name is not None else target]
    for item in names:
        if not _exists(target, item):
            if not ignore_missing:
                throw(_("{0} {1} not found").format(_(target), item), DoesNotExistError)
            return False
        _delete_one(
            target,
            item,
            force=bool(force),
            for_reload=for_reload,
            ignore_permissions=ignore_permissions,
            flags=flags,
            ignore_on_trash=ignore_on_trash,
            delete_permanently=delete_permanently,
            ignore_doctypes=ignore_doctypes or [],
        )
    return None


def _exists(doctype: str, name: Any) -> bool:
    if get_meta(doctype).is_virtual:
        return True
    return bool(current().db.exists(doctype, name))


def _delete_one(
    doctype: str,
    name: Any,
    *,
    force: bool,
    for_reload: bool,
    ignore_permissions: bool,
    flags: Any,
    ignore_on_trash: bool,
    delete_permanently: bool,
    ignore_doctypes: list[str],
) -> None:
    meta = get_meta(doctype)
    if meta.is_virtual:
        get_doc(doctype, name).delete()
        return
    document = load(doctype, name, for_update=not meta.issingle)
    name = document.name
    if flags:
        document.flags.update(flags)
    if not for_reload:
        _check_may_delete(document, ignore_permissions=ignore_permissions, force=force)
        document.flags.in_delete = True
        document.flags.force_delete = force
        if not ignore_on_trash:
            run_event(document, "on_trash")
            run_event(document, "on_change")
        if not force:
            document.__dict__["ignore_linked_doctypes"] = [
                *(document.__dict__.get("ignore_linked_doctypes") or ()),
                *ignore_doctypes,
            ]
            check_no_links(document)
        if not (current().get("flags") or {}).get("in_test_keep_series"):
            revert_name(document)
    _delete_rows(document)
    if doctype == "DocType":
        _delete_definition(document)
    if not for_reload:
        run_event(document, "after_delete")
        _delete_what_belongs(document)
        if not delete_permanently and doctype not in NOT_KEPT:
            _keep_deleted(document)
        document.notify_update()
    forget_document(doctype, name)
    if doctype in ("DocType", "Custom Field", "Property Setter"):
        forget_meta(document.get("dt") or document.get("doc_type") or name)


def _check_may_delete(document: Any, *, ignore_permissions: bool, force: bool) -> None:
    if (
        not ignore_permissions
        and not document.flags.get("ignore_permissions")
        and not document.has_permission("delete")
    ):
        throw(_("User not allowed to delete {0}: {1}").format(_(document.doctype), document.name), PermissionError)
    if int(document.get("docstatus") or 0) == 1 and not (force and (current().get("flags") or {}).get("in_uninstall")):
        throw(
            _("{0} {1}: Submitted Record cannot be deleted. You must Cancel it first.").format(
                _(document.doctype), document.name
            )
        )
    if document.get("docstatus") not in (0, 1, 2, None):
        raise ValidationError(_("Invalid docstatus"))


def _delete_rows(document: Any) -> None:
    database = current().db
    meta = document.meta
    if meta.issingle:
        database.write("DELETE FROM `tabSingles` WHERE `doctype` = ?", (meta.name,))
    else:
        database.write(f"DELETE FROM `tab{meta.name}` WHERE `name` = ?", (document.name,))
    for doctype in get_plan(meta.name).child_doctypes:
        if not get_meta(doctype).is_virtual:
            database.write(
                f"DELETE FROM `tab{doctype}` WHERE `parent` = ? AND `parenttype` = ?", (document.name, meta.name)
            )


def _delete_definition(document: Any) -> None:
    """A DocType takes its customisations, permissions, settings and table with it."""
    database = current().db
    name = document.name
    for table in ("DocType Action", "DocType Link", "DocType State"):
        database.write(f"DELETE FROM `tab{table}` WHERE `parent` = ? AND `parenttype` = 'Customize Form'", (name,))
    for doctype, column in (
        ("Custom Field", "dt"),
        ("Client Script", "dt"),
        ("Property Setter", "doc_type"),
        ("Report", "ref_doctype"),
        ("Custom DocPerm", "parent"),
    ):
        database.write(f"DELETE FROM `tab{doctype}` WHERE `{column}` = ?", (name,))
    database.write("DELETE FROM `tabSingles` WHERE `doctype` = ?", (name,))
    if not document.issingle and not document.is_virtual and database.table_exists(name, cached=False):
        if database.is_sqlite:
            database.define([f"DROP TABLE `tab{name}`"])
        else:
            database.after_commit.add(lambda: database.define([f"DROP TABLE IF EXISTS `tab{name}`"]))
        database.forget_structure()
    forget_meta(name)
    process_cache_of(current()).forget_kind("linked_from")
    process_cache_of(current()).forget("dynamic_links|")


def _delete_what_belongs(document: Any) -> None:
    if document.doctype in NOT_KEPT:
        return
    delete_all_passwords_for(document.doctype, str(document.name))
    providers("attachments_of_deleted", document)
    database = current().db
    for doctype, type_column, name_column in GO_WITH_THE_DOCUMENT:
        if doctype != document.doctype and database.table_exists(doctype):
            database.write(
                f"DELETE FROM `tab{doctype}` WHERE `{type_column}` = ? AND `{name_column}` = ?",
                (document.doctype, str(document.name)),
            )


def _keep_deleted(document: Any) -> None:
    deleted = get_doc(
        {
            "doctype": "Deleted Document",
            "deleted_doctype": document.doctype,
            "deleted_name": str(document.name),
            "data": document.as_json(),
            "owner": session_user(),
        }
    )
    deleted.set_user_and_timestamp()
    deleted.db_insert()


def log_excluded() -> list[str]:
    """Give the DocTypes whose deleted documents are not kept, with those apps name."""
    return [*NOT_KEPT, *get_hooks("deleted_document_exempted_doctypes")]
