"""Renaming documents: the new name reaches every link, row, file and setting; two can be merged into one.

Invariant: after a rename nothing points at the old name any more.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.access.decisions import has_permission
from frappe_engine.context.errors import DoesNotExistError, PermissionError, ValidationError
from frappe_engine.context.local import current
from frappe_engine.context.messages import msgprint, throw
from frappe_engine.context.translate import _
from frappe_engine.documents.base import session_user
from frappe_engine.documents.events import run_event
from frappe_engine.documents.life.forgetting import forget_document
from frappe_engine.documents.life.loading import get_doc
from frappe_engine.documents.links import dynamic_link_fields, link_fields_to
from frappe_engine.documents.metas import get_meta
from frappe_engine.documents.naming import validate_name
from frappe_engine.documents.passwords import rename_passwords
from frappe_engine.documents.plans import get_plan
from frappe_engine.kit.html import escape_html

REFERENCES = (
    ("File", "attached_to_doctype", "attached_to_name"),
    ("Version", "ref_doctype", "docname"),
    ("Comment", "reference_doctype", "reference_name"),
    ("DocShare", "share_doctype", "share_name"),
    ("User Permission", "allow", "for_value"),
    ("Tag Link", "document_type", "document_name"),
)


def rename_doc(
    doctype: str | None = None,
    old: Any = None,
    new: str | None = None,
    force: bool = False,
    merge: bool = False,
    ignore_permissions: bool = False,
    ignore_if_exists: bool = False,
    show_alert: bool = True,
    rebuild_search: bool = True,
    doc: Any = None,
    validate: bool = True,
    save_on_cancel: bool = False,
) -> str:
    """Rename a document and give its new name; with `merge` the old one becomes part of the existing `new` one.

    Raises `ValidationError` when the DocType does not allow it or the name is taken, `PermissionError`.
    """
    document = doc if doc is not None else get_doc(str(doctype), old)
    doctype, old = document.doctype, document.name
    meta = get_meta(doctype)
    if meta.issingle or meta.is_virtual:
        throw(_("{0} not allowed to be renamed").format(_(doctype)))
    wanted = str(new or "").strip()
    if validate:
        changed = run_event(document, "before_rename", old, wanted, merge)
        wanted = _asked_name(changed, wanted)
        wanted = check_rename(
            doctype,
            old,
            wanted,
            meta,
            merge=merge,
            force=force,
            ignore_permissions=ignore_permissions,
            ignore_if_exists=ignore_if_exists,
        )
    if not merge:
        _rename_row(doctype, old, wanted)
    _update_rows(doctype, old, wanted, merge=merge)
    _update_links(doctype, old, wanted)
    _update_dynamic_links(doctype, old, wanted)
    _update_references(doctype, old, wanted)
    if doctype == "User":
        _update_users(old, wanted)
    target = document if not merge else get_doc(doctype, wanted)
    document.__dict__["name"] = wanted
    if merge:
        document.__dict__["name"] = old
    run_event(target if not merge else document, "after_rename", old, wanted, merge)
    _after(document, doctype, old, wanted, merge=merge)
    if show_alert:
        words = _("Document renamed from {0} to {1}")
        names = (f"<strong>{escape_html(str(name))}</strong>" for name in (old, wanted))
        msgprint(words.format(*names), alert=True, indicator="green")
    return wanted


def _asked_name(changed: Any, wanted: str) -> str:
    if isinstance(changed, dict):
        return str(changed.get("new") or wanted)
    return str(changed or wanted)


def check_rename(
    doctype: str,
    old: Any,
    new: str,
    meta: Any,
    *,
    merge: bool,
    force: bool,
    ignore_permissions: bool,
    ignore_if_exists: bool,
) -> str:
    """Give the new name as it will be stored; raise when the rename is not allowed."""
    new = str(validate_name(doctype, new))
    existing = current().db.get_value_by_name(doctype, new, "name")
    if merge and existing is None:
        throw(_("{0} {1} does not exist, select a new target to merge").format(_(doctype), new), DoesNotExistError)
    if merge and str(existing) == str(old):
        throw(_("A document can't be merged with itself"))
    if not merge and existing is not None and str(existing) != new and str(existing).lower() == new.lower():
        existing = None
    if not merge and existing is not None and not ignore_if_exists:
        throw(_("Another {0} with name {1} exists, select another name").format(_(doctype), new))
    if not (ignore_permissions or has_permission(doctype, "write", get_doc(doctype, old), raise_exception=False)):
        throw(_("You need write permission to rename"), PermissionError)
    if not _may_be_renamed(meta, asked=not force and not ignore_permissions):
        throw(_("{0} not allowed to be renamed").format(_(doctype)), ValidationError)
    return new


def _may_be_renamed(meta: Any, *, asked: bool) -> bool:
    """Numbered documents keep their numbers, whoever asks: other tables hold them, and a counter gives the next."""
    return meta.autoname != "autoincrement" and bool(meta.allow_rename or not asked)


def _rename_row(doctype: str, old: Any, new: str) -> None:
    database = current().db
    database.write(f"UPDATE `tab{doctype}` SET `name` = ? WHERE `name` = ?", (new, old))
    autoname = str(get_meta(doctype).autoname or "")
    if autoname.startswith("field:"):
        database.write(f"UPDATE `tab{doctype}` SET `{autoname[6:].strip()}` = ? WHERE `name` = ?", (new, new))


def _update_rows(doctype: str, old: Any, new: str, *, merge: bool) -> None:
    database = current().db
    for child in get_plan(doctype).child_doctypes:
        if merge:
            database.write(f"DELETE FROM `tab{child}` WHERE `parent` = ? AND `parenttype` = ?", (old, doctype))
        else:
            database.write(
                f"UPDATE `tab{child}` SET `parent` = ? WHERE `parent` = ? AND `parenttype` = ?", (new, old, doctype)
            )


def _update_links(doctype: str, old: Any, new: str) -> None:
    database = current().db
    for link in link_fields_to(doctype):
        parent, fieldname = link["parent"], link["fieldname"]
        if link["issingle"]:
            database.write(
                "UPDATE `tabSingles` SET `value` = ? WHERE `doctype` = ? AND `field` = ? AND `value` = ?",
                (new, parent, fieldname, old),
            )
        elif database.table_exists(parent):
            database.write(f"UPDATE `tab{parent}` SET `{fieldname}` = ? WHERE `{fieldname}` = ?", (new, old))


def _update_dynamic_links(doctype: str, old: Any, new: str) -> None:
    database = current().db
    for link in dynamic_link_fields():
        if link["issingle"]:
            database.write(
                "UPDATE `tabSingles` SET `value` = ? WHERE `doctype` = ? AND `field` = ? AND `value` = ? AND EXISTS"
                " (SELECT 1 FROM (SELECT `value` FROM `tabSingles` WHERE `doctype` = ? AND `field` = ?) kind"
                " WHERE kind.`value` = ?)",
                (new, link["parent"], link["fieldname"], old, link["parent"], link["options"], doctype),
            )
            continue
        if not database.table_exists(link["parent"]):
            continue
        database.write(
            f"UPDATE `tab{link['parent']}` SET `{link['fieldname']}` = ? WHERE `{link['options']}` = ? AND `{link['fieldname']}` = ?",
            (new, doctype, old),
        )


def _update_references(doctype: str, old: Any, new: str) -> None:
    database = current().db
    for table, type_column, name_column in REFERENCES:
        if database.table_exists(table):
            database.write(
                f"UPDATE `tab{table}` SET `{name_column}` = ? WHERE `{type_column}` = ? AND `{name_column}` = ?",
                (new, doctype, str(old)),
            )
    database.write(
        "UPDATE `tabDefaultValue` SET `defvalue` = ? WHERE `defkey` = ? AND `defvalue` = ?",
        (new, doctype.lower().replace(" ", "_"), str(old)),
    )


def _update_users(old: str, new: str) -> None:
    """A user's name stands in every document they made or changed."""
    database = current().db
    for (doctype,) in database.rows(
        "SELECT `name` FROM `tabDocType` WHERE `issingle` = 0 AND IFNULL(`is_virtual`, 0) = 0"
    ):
        if database.table_exists(doctype):
            database.write(f"UPDATE `tab{doctype}` SET `owner` = ? WHERE `owner` = ?", (new, old))
            database.write(f"UPDATE `tab{doctype}` SET `modified_by` = ? WHERE `modified_by` = ?", (new, old))


def _after(document: Any, doctype: str, old: Any, new: str, *, merge: bool) -> None:
    if merge:
        from frappe_engine.documents.deletion import delete_doc  # deletion knows documents as renaming does

        document.__dict__["name"] = old
        delete_doc(doctype, old, force=True, ignore_permissions=True)
        document.__dict__["name"] = new
    else:
        rename_passwords(doctype, str(old), new)
    for name in (old, new):
        forget_document(doctype, name)
    _comment(doctype, old, new, merge=merge)


def _comment(doctype: str, old: Any, new: str, *, merge: bool) -> None:
    text = _("merged {0} into {1}").format(old, new) if merge else _("renamed from {0} to {1}").format(old, new)
    comment = get_doc(
        {
            "doctype": "Comment",
            "comment_type": "Edit",
            "comment_email": session_user(),
            "reference_doctype": doctype,
            "reference_name": new,
            "content": text,
        }
    )
    comment.flags.ignore_links = True
    comment.insert(ignore_permissions=True)
