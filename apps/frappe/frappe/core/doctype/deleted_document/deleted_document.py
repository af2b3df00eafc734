"""Controller of the DocType Deleted Document, and bringing documents back.

Invariant: a document is brought back once, with the checks of any new document; one that was submitted comes back as a draft.
"""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document


class DeletedDocument(Document):
    """A deleted document that can be restored."""

    no_feed_on_delete = True


@frappe.whitelist()
def restore(name: str, alert: bool = True) -> None:
    """Bring a document back, under its old name where that is free. Raises what its checks raise."""
    kept = frappe.get_doc("Deleted Document", name)
    kept.check_permission("read")
    if kept.restored:
        frappe.throw(_("Document {0} Already Restored").format(name), exc=frappe.ValidationError)
    values = {key: value for key, value in json.loads(kept.data).items() if key not in ("docstatus", "modified")}
    document = frappe.get_doc(values)
    document.docstatus = 0
    free = not frappe.db.exists(kept.deleted_doctype, kept.deleted_name)
    document.flags.name_set = free
    document.insert(set_name=kept.deleted_name if free else None)
    document.add_comment("Edit", _("restored {0} as {1}").format(kept.deleted_name, document.name))
    kept.db_set({"new_name": document.name, "restored": 1})
    if alert:
        frappe.msgprint(_("Document Restored"))


@frappe.whitelist()
def bulk_restore(docnames: Any) -> dict[str, list[str]]:
    """Bring several documents back; give `restored`, `invalid` (they failed) and `failed` (were back already)."""
    outcome: dict[str, list[str]] = {"restored": [], "invalid": [], "failed": []}
    for name in frappe.parse_json(docnames):
        if frappe.db.get_value("Deleted Document", name, "restored"):
            outcome["failed"].append(name)
            continue
        frappe.db.savepoint("restoring")
        try:
            restore(name, alert=False)
            frappe.db.release_savepoint("restoring")
            outcome["restored"].append(name)
        except frappe.ValidationError:
            frappe.db.rollback(save_point="restoring")
            frappe.clear_last_message()
            outcome["invalid"].append(name)
    return outcome
