"""Controller of the DocType ToDo.

Invariant: the column `_assign` of a document lists the users who have an open task about it.
"""

from __future__ import annotations

import json

import frappe
from frappe import _
from frappe.desk.form.document_follow import follow_by_itself
from frappe.model.document import Document
from frappe.utils import get_fullname, strip_html

OPEN = ("Closed", "Cancelled")


class ToDo(Document):
    """A task for somebody, often about a document."""

    def validate(self) -> None:
        """Note who gives the task, and what to say on the document's timeline."""
        if self.assigned_by:
            self.assigned_by_full_name = get_fullname(self.assigned_by)
        before = self.get_doc_before_save()
        self.flags.note = None
        if not (self.allocated_to and self.reference_type and self.reference_name):
            return
        if before is None:
            self.flags.note = ("Assigned", self._words_of_assigning())
        elif before.status not in OPEN and self.status in OPEN:
            self.flags.note = ("Assignment Completed", self._words_of_ending())

    def _words_of_assigning(self) -> str:
        giver, taker = get_fullname(self.assigned_by or frappe.session.user), get_fullname(self.allocated_to)
        words = strip_html(self.description or "").strip()
        if self.assigned_by == self.allocated_to:
            return _("{0} self assigned this task: {1}").format(giver, words)
        return _("{0} assigned {1}: {2}").format(giver, taker, words)

    def _words_of_ending(self) -> str:
        who, taker = get_fullname(frappe.session.user), get_fullname(self.allocated_to)
        if self.status == "Closed" and self.allocated_to == frappe.session.user:
            return _("{0} completed their task").format(who)
        return _("{0} removed {1}'s assignment").format(who, taker)

    def on_update(self) -> None:
        """Bring the document's list of assignees up to date, and its timeline."""
        if self.flags.note:
            kind, text = self.flags.note
            document = frappe.get_doc(self.reference_type, self.reference_name)
            document.add_comment(kind, frappe.utils.escape_html(text))
            if kind == "Assigned":
                follow_by_itself(document.doctype, document.name, self.allocated_to, kind)
        self.update_in_reference()

    def on_trash(self) -> None:
        """Take the assignment off the document."""
        self.update_in_reference(without=self.name)

    def update_in_reference(self, without: str | None = None) -> None:
        """Write the users with open tasks into the document the task is about."""
        doctype, name = self.reference_type, self.reference_name
        if not (doctype and name) or "_assign" not in frappe.get_meta(doctype).column_types:
            return
        if not frappe.db.exists(doctype, name):
            return
        filters = {
            "reference_type": doctype,
            "reference_name": name,
            "status": ["not in", OPEN],
            "allocated_to": ["is", "set"],
        }
        if without:
            filters["name"] = ["!=", without]
        users = list(dict.fromkeys(frappe.get_all("ToDo", filters, pluck="allocated_to", order_by="creation asc")))
        frappe.db.set_value(doctype, name, "_assign", json.dumps(users) if users else None, update_modified=False)


def get_permission_query_conditions(user: str | None = None) -> str | None:
    """Show users the tasks they have or gave, System Managers all."""
    who = user or frappe.session.user
    if who == "Administrator" or "System Manager" in frappe.get_roles(who):
        return None
    name = frappe.db.escape(who)
    return f"(`tabToDo`.`allocated_to` = {name} OR `tabToDo`.`assigned_by` = {name} OR `tabToDo`.`owner` = {name})"


def has_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool:
    """Tell whether a user may see a task: one they have, gave or wrote; System Managers all."""
    who = user or frappe.session.user
    if who == "Administrator" or "System Manager" in frappe.get_roles(who) or (doc.is_new() and ptype == "create"):
        return True
    return who in (doc.allocated_to, doc.assigned_by, doc.owner)


@frappe.whitelist()
def new_todo(description: str) -> None:
    """Make a task for oneself."""
    frappe.get_doc({"doctype": "ToDo", "description": description, "allocated_to": frappe.session.user}).insert()
