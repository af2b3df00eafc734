"""Renaming documents."""

from __future__ import annotations

from typing import Any

from frappe_engine.documents.incoming import check_doctype, json_parameter, load_document
from frappe_engine.documents.links import link_fields_to
from frappe_engine.documents.rename import rename_doc

import frappe
from frappe import _
from frappe.utils import sbool

__all__ = ["bulk_rename", "get_link_fields", "rename_doc", "update_document_title"]
MOST_AT_ONCE = 500


def get_link_fields(doctype: str) -> list[Any]:
    """Give the fields that link to a DocType: `parent`, `fieldname`, `issingle`."""
    return [
        frappe._dict(parent=f["parent"], fieldname=f["fieldname"], issingle=f["issingle"])
        for f in link_fields_to(doctype)
    ]


@frappe.whitelist()
def update_document_title(
    doctype: str,
    docname: Any,
    title: str | None = None,
    name: str | None = None,
    merge: Any = False,
    enqueue: Any = False,
    **kwargs: Any,
) -> str:
    """Change the title of a document, its name, or both; give its name."""
    meta = check_doctype(doctype)
    document = load_document(doctype, docname)
    document.check_permission("write")
    title_field = meta.get_title_field()
    new_title = title or kwargs.get("updated_title")
    new_name = name or kwargs.get("updated_name")
    if new_title and title_field != "name" and document.get(title_field) != new_title:
        document.set(title_field, new_title)
        document.save()
    if not new_name or new_name == document.name:
        return str(document.name)
    return str(rename_doc(doctype, document.name, new_name, merge=bool(sbool(merge))))


@frappe.whitelist()
def bulk_rename(doctype: str, rows: Any = None, via_console: bool = False) -> list[str]:
    """Rename documents by rows of old name, new name and (optional) whether to merge; give what happened to each."""
    check_doctype(doctype)
    pairs = json_parameter({"rows": rows}, "rows", (list,)) or []
    if len(pairs) > MOST_AT_ONCE:
        frappe.throw(_("Maximum {0} rows allowed").format(MOST_AT_ONCE))
    return [_rename_one(doctype, row) for row in pairs if row and row[0] and len(row) > 1 and row[1]]


def _rename_one(doctype: str, row: list[Any]) -> str:
    merge = len(row) > 2 and bool(sbool(row[2]))
    try:
        with frappe.db.nested("rename_one"):
            made = rename_doc(doctype, row[0], row[1], merge=merge, show_alert=False)
    except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
        raise
    except (frappe.ValidationError, frappe.PermissionError, frappe.NameError) as error:
        return _("Ignored: {0} to {1}").format(row[0], row[1]) + f" ({error})"
    return _("Successful: {0} to {1}").format(row[0], made)
