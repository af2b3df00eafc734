"""Controller of the DocType Assignment Rule: documents that become somebody's task by themselves.

A rule that works on this day looks at its documents whenever they are saved: it takes tasks back when it gave one of them,
gives one where there is none, and closes all there are while its document is done, also those given by hand; tasks of a
document that is not done (any more) are open again. So upstream does, too.

Invariant: a rule gives a document to somebody only while it has no task that was not taken back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from frappe_engine.automation.assignment import least_loaded, next_in_turn
from frappe_engine.documents.listeners import forget_listeners

import frappe
from frappe import _
from frappe.desk.form import assign_to
from frappe.model.document import Document
from frappe.utils import get_weekday

EVENTS = ("on_update", "on_update_after_submit", "on_cancel")


class AssignmentRule(Document):
    """Which documents, to whom in which order, and when the task is taken back or done."""

    def validate(self) -> None:
        """Refuse rules about tasks themselves, and two rules for one day.

        Whom a rule chooses among is asked for by its form; a rule of code may get its people later.
        """
        if self.document_type == "ToDo":
            frappe.throw(_("Assignment Rule is not allowed on document type {0}").format(_("ToDo")))
        twice = get_repeated([row.day for row in self.assignment_days])
        if twice:
            days = ", ".join(_(day) for day in twice)
            frappe.throw(_("The following Assignment Days have been repeated: {0}").format(days))

    def on_update(self) -> None:
        """Let the rule count at once, in every process."""
        forget_listeners(self.document_type)

    def on_trash(self) -> None:
        """Listen no longer."""
        forget_listeners(self.document_type)

    def holds(self, condition: str, doc: Any) -> bool:
        """Tell whether a condition holds for a document; one that fails to evaluate does not, and that is logged."""
        text = self.get(condition)
        try:
            return bool(text and frappe.safe_eval(text, None, doc.as_dict() | {"doc": doc}))
        except Exception:  # noqa: BLE001 - whatever an expression of an administrator raises
            frappe.log_error(
                f"Assignment Rule {self.name}: {condition}", reference_doctype=self.doctype, reference_name=self.name
            )
            return False

    def works_today(self) -> bool:
        """Tell whether the rule assigns on this day of the week; one that names no days does on all."""
        days = [row.day for row in self.assignment_days]
        return not days or get_weekday() in days

    def assign(self, doc: Any) -> bool:
        """Give a document to the next user; tell whether there was one."""
        user = self.get_user(doc)
        if not user:
            return False
        description = frappe.render_template(self.description, doc.as_dict() | {"doc": doc})
        task = {
            "assign_to": [user],
            "doctype": doc.doctype,
            "name": doc.name,
            "description": description,
            "assignment_rule": self.name,
            "date": doc.get(self.due_date_based_on) if self.due_date_based_on else None,
        }
        assign_to._add(task, ignore_permissions=True)
        frappe.db.set_value(self.doctype, self.name, "last_user", user, update_modified=False)
        frappe.clear_document_cache(self.doctype, self.name)
        return True

    def get_user(self, doc: Any) -> str | None:
        """Give who is next; None when nobody who could is enabled."""
        if self.rule == "Based on Field":
            user = doc.get(self.field) if self.field else None
            return str(user) if user and frappe.db.get_value("User", user, "enabled") else None
        names = [row.user for row in self.users]
        enabled = set(frappe.get_all("User", {"name": ["in", names], "enabled": 1}, pluck="name"))
        users = [name for name in names if name in enabled]
        if self.rule == "Load Balancing":
            return least_loaded(users, self._open_tasks(users))
        return next_in_turn(users, frappe.db.get_value(self.doctype, self.name, "last_user"))

    def _open_tasks(self, users: list[str]) -> dict[str, int]:
        filters = {"reference_type": self.document_type, "allocated_to": ["in", users or [""]], "status": "Open"}
        rows = frappe.get_all("ToDo", filters, ["allocated_to", "count(name) as open_tasks"], group_by="allocated_to")
        return {row.allocated_to: row.open_tasks for row in rows}


def listeners(doctype: str) -> dict[str, list[Callable[[Any, str], None]]]:
    """Give who listens to documents of a DocType: one function, where a rule is about them."""
    return {event: [apply] for event in EVENTS} if _rules(doctype) else {}


def _rules(doctype: str) -> list[str]:
    return frappe.get_all(
        "Assignment Rule",
        {"document_type": doctype, "disabled": 0},
        pluck="name",
        order_by="priority desc, creation asc",
    )


def apply(doc: Any = None, method: str | None = None, doctype: str | None = None, name: str | None = None) -> None:
    """Ask the rules about a document: take back, close, or give tasks, and keep their dates."""
    flags = frappe.flags
    if flags.in_patch or flags.in_install or flags.in_setup_wizard or flags.in_migrate:
        return
    document = doc or frappe.get_doc(doctype, name)
    rules = [frappe.get_cached_doc("Assignment Rule", rule) for rule in _rules(document.doctype)]
    todays = [rule for rule in rules if rule.works_today()]
    if todays:
        held = _take_back(document, todays, get_assignments(document))
        given = not held and any(_gives(rule, document) for rule in todays)
        if held or given:
            _close_or_reopen(document, todays)
    _keep_dates(document, rules)


def get_assignments(doc: Any) -> list[Any]:
    """Give the tasks about a document that were not taken back: `name`, `assignment_rule`, `allocated_to`, `status`."""
    filters = {"reference_type": doc.doctype, "reference_name": str(doc.name), "status": ["!=", "Cancelled"]}
    fields = ["name", "assignment_rule", "allocated_to", "status"]
    return frappe.get_all("ToDo", filters, fields, order_by="creation")


def _take_back(doc: Any, rules: list[Any], held: list[Any]) -> list[Any]:
    """Take all tasks back where a rule that gave one of them says so; give those that are left."""
    givers = {task.assignment_rule for task in held}
    if not any(rule.name in givers and rule.holds("unassign_condition", doc) for rule in rules):
        return held
    _set_status([task.name for task in held], "Cancelled")
    return []


def _gives(rule: Any, doc: Any) -> bool:
    return bool(rule.holds("assign_condition", doc) and rule.assign(doc))


def _close_or_reopen(doc: Any, rules: list[Any]) -> None:
    """Close all tasks of a document, by hand ones too, while a rule sees it as done; open them again when none does."""
    done = any(rule.holds("close_condition", doc) for rule in rules)
    before, after = ("Open", "Closed") if done else ("Closed", "Open")
    _set_status([task.name for task in get_assignments(doc) if task.status == before], after)


def _set_status(names: list[str], status: str) -> None:
    for name in names:
        task = frappe.get_doc("ToDo", name)
        task.status = status
        task.flags.ignore_links = True  # its document may just be cancelled, which is why the task ends
        task.save(ignore_permissions=True)


def _keep_dates(doc: Any, rules: list[Any]) -> None:
    """A task is due when its document says."""
    for rule in rules:
        if rule.due_date_based_on:
            filters = {"assignment_rule": rule.name, "reference_name": str(doc.name), "status": "Open"}
            frappe.db.set_value(
                "ToDo", {**filters, "reference_type": doc.doctype}, "date", doc.get(rule.due_date_based_on)
            )


@frappe.whitelist()
def bulk_apply(doctype: str, docnames: list[str]) -> None:
    """Ask the rules about several documents."""
    for name in frappe.parse_json(docnames):
        document = frappe.get_doc(doctype, name)
        document.check_permission("write")
        apply(document)


@frappe.whitelist()
def get_repeated(values: list[Any]) -> list[str]:
    """Give the values that stand more than once in a list, as texts."""
    given = frappe.parse_json(values)
    return [str(value) for value in dict.fromkeys(v for v in given if given.count(v) > 1)]
