"""Controller of the DocType Bulk Update, and the calls that change many documents of a list."""

from __future__ import annotations

from typing import Any

from frappe_engine.desk.bulk import submit_cancel_or_update_docs
from frappe_engine.desk.bulk_tasks import get_bulk_task, start_bulk_task, stop_bulk_task
from frappe_engine.documents.incoming import check_doctype

import frappe
from frappe import _
from frappe.model.document import Document

__all__ = [
    "BulkUpdate",
    "get_bulk_task",
    "start_bulk_task",
    "stop_bulk_task",
    "submit_cancel_or_update_docs",
]


class BulkUpdate(Document):
    """Sets one field to one value in many documents."""

    @frappe.whitelist()
    def bulk_update(self) -> list[Any]:
        """Change the documents that fit the condition, at most `limit` of them; give those that failed."""
        self.check_permission("write")
        meta = check_doctype(self.document_type)
        if not meta.has_field(self.field):
            frappe.throw(_("{0} has no field {1}").format(_(meta.name), self.field), frappe.DataError)
        filters = frappe.parse_json(self.condition) if self.condition else {}
        names = frappe.get_list(meta.name, filters=filters, pluck="name", limit=min(int(self.limit or 500), 500))
        return submit_cancel_or_update_docs(meta.name, names, "update", {self.field: self.update_value})
