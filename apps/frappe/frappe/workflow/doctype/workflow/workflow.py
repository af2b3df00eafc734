"""Controller of the DocType Workflow.

Invariant: a DocType has one active workflow, and a field for the state of its documents.
"""

from __future__ import annotations

import json
from typing import Any

from frappe_engine.automation.workflow import impossible_steps

import frappe
from frappe import _
from frappe.custom.doctype.custom_field.custom_field import create_custom_field
from frappe.model.document import Document
from frappe.model.workflow import forget_workflow
from frappe.utils import cint


class Workflow(Document):
    """The states of documents, and the steps between them."""

    def validate(self) -> None:
        """Refuse steps that no document could take."""
        names = [row.state for row in self.states]
        for step in self.transitions:
            for name in (step.state, step.next_state):
                if name not in names:
                    frappe.throw(_("{0} is no state of this workflow").format(frappe.bold(_(name))))
        for number, state, following, before, after in impossible_steps(self.states, self.transitions):
            words = _("Row {0}: {1} to {2} would take the document from docstatus {3} to {4}")
            frappe.throw(words.format(number, _(state), _(following), before, after))
        submittable = frappe.get_meta(self.document_type).is_submittable
        if not submittable and any(cint(row.doc_status) for row in self.states):
            frappe.throw(
                _("Documents of {0} are not submitted, so its states have docstatus 0").format(_(self.document_type))
            )

    def on_update(self) -> None:
        """Let it count at once: the only active one, with a field for the state, and states for documents that have none."""
        if self.is_active:
            others = {"document_type": self.document_type, "is_active": 1, "name": ["!=", self.name]}
            for name in frappe.get_all("Workflow", others, pluck="name"):
                frappe.db.set_value("Workflow", name, "is_active", 0)
            self.create_custom_field_for_workflow_state()
            self.update_default_workflow_status()
        self._forget()

    def _forget(self) -> None:
        before = self.get_doc_before_save()
        for doctype in {self.document_type, before.document_type if before else self.document_type}:
            forget_workflow(doctype)
            frappe.clear_cache(doctype=doctype)

    def on_trash(self) -> None:
        """Count no longer."""
        frappe.db.delete("Workflow Action", {"reference_doctype": self.document_type})
        self.flags.was_for = self.document_type

    def after_delete(self) -> None:
        """Let every process know that it is gone."""
        self._forget()

    def create_custom_field_for_workflow_state(self) -> None:
        """Add the field for the state, unless the DocType has it."""
        meta = frappe.get_meta(self.document_type)
        if meta.get_field(self.workflow_state_field):
            return
        field = {
            "fieldname": self.workflow_state_field,
            "label": self.workflow_state_field.replace("_", " ").title(),
            "fieldtype": "Link",
            "options": "Workflow State",
            "hidden": 1,
            "allow_on_submit": 1,
            "no_copy": 1,
            "owner": "Administrator",
        }
        create_custom_field(self.document_type, field)
        frappe.msgprint(_("Created Custom Field {0} in {1}").format(self.workflow_state_field, _(self.document_type)))

    def update_default_workflow_status(self) -> None:
        """Give documents without a state the first one for their docstatus."""
        field = self.workflow_state_field
        seen: set[int] = set()
        for row in self.states:
            docstatus = cint(row.doc_status)
            if docstatus not in seen:
                seen.add(docstatus)
                without = {field: ["is", "not set"], "docstatus": docstatus}
                frappe.db.set_value(self.document_type, without, field, row.state, update_modified=False)


@frappe.whitelist()
def get_workflow_state_count(doctype: str, workflow_state_field: str, states: Any) -> list[Any]:
    """Give how many documents are in states that are none of a workflow's: `count`, by state."""
    names = json.loads(states) if isinstance(states, str) else list(states)
    frappe.has_permission("Workflow", "write", throw=True)
    meta = frappe.get_meta(doctype)
    if not meta.has_field(workflow_state_field):
        return []
    return frappe.get_all(
        doctype,
        fields=[workflow_state_field, "count(name) as count"],
        filters={workflow_state_field: ["not in", [name for name in names if name] or [""]]},
        group_by=workflow_state_field,
    )
