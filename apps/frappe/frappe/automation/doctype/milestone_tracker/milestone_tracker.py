"""Controller of the DocType Milestone Tracker: when documents took which value of a field.

Invariant: a milestone is kept for each change of the field, in the transaction of the change.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from frappe_engine.documents.listeners import forget_listeners

import frappe
from frappe import _
from frappe.model.document import Document

EVENTS = ("after_insert", "on_update", "on_update_after_submit", "on_cancel")


class MilestoneTracker(Document):
    """A field whose changes are kept as milestones."""

    def validate(self) -> None:
        """Refuse fields that the DocType does not have."""
        if not frappe.get_meta(self.document_type).has_field(self.track_field):
            frappe.throw(_("{0} has no field {1}").format(_(self.document_type), self.track_field))

    def on_update(self) -> None:
        """Listen at once, in every process."""
        forget_listeners(self.document_type)

    def on_trash(self) -> None:
        """Listen no longer."""
        forget_listeners(self.document_type)

    def apply(self, doc: Any) -> None:
        """Keep a milestone when this save changed the field."""
        before = doc.get_doc_before_save()
        value = doc.get(self.track_field)
        if before is not None and before.get(self.track_field) == value:
            return
        if before is None and value in (None, ""):
            return
        milestone = {
            "doctype": "Milestone",
            "reference_type": doc.doctype,
            "reference_name": doc.name,
            "track_field": self.track_field,
            "value": value,
            "milestone_tracker": self.name,
        }
        frappe.get_doc(milestone).insert(ignore_permissions=True, ignore_links=True)


def listeners(doctype: str) -> dict[str, list[Callable[[Any, str], None]]]:
    """Give who listens to documents of a DocType: one function, where a tracker is about them."""
    return {event: [evaluate_milestone] for event in EVENTS} if _trackers(doctype) else {}


def _trackers(doctype: str) -> list[str]:
    return frappe.get_all("Milestone Tracker", {"document_type": doctype, "disabled": 0}, pluck="name")


def evaluate_milestone(doc: Any, event: str) -> None:
    """Ask the trackers about a document."""
    flags = frappe.flags
    if flags.in_patch or flags.in_install or flags.in_setup_wizard or flags.in_migrate:
        return
    if event == "on_update" and doc.get_doc_before_save() is None:
        return  # kept by `after_insert`
    for name in _trackers(doc.doctype):
        frappe.get_cached_doc("Milestone Tracker", name).apply(doc)
